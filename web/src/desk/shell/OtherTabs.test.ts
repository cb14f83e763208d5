/** What tabs tell each other, over real channels. */
import { afterEach, expect, test, vi } from "vitest";
import { OtherTabs } from "./OtherTabs.ts";

const NOW = 1_800_000_000_000;

afterEach(() => vi.unstubAllGlobals());

function listening(now: number): { readonly tabs: OtherTabs; readonly heard: string[] } {
  const tabs = new OtherTabs(() => now);
  const heard: string[] = [];
  tabs.listen((way, agentId) => heard.push(`${agentId} ${way}`));
  return { tabs, heard };
}

test("every other tab hears who signs in and out, and one that slept through it asks the server", async () => {
  const [here, there, slept] = [listening(NOW), listening(NOW + 100), listening(NOW + 60_000)];
  here.tabs.tell("out", "ada");
  await expect.poll(() => there.heard).toEqual(["ada out"]);
  there.tabs.tell("in", "ben");
  await expect.poll(() => here.heard).toEqual(["ben in"]);
  expect([there.heard, slept.heard]).toEqual([["ada out"], []]);
});

test("messages that make no sense are ignored", async () => {
  const { heard } = listening(NOW);
  const channel = new BroadcastChannel("wicketgate.session");
  for (const message of [
    null,
    "ada",
    {},
    { agentId: 1, at: NOW },
    { way: "out", agentId: "ada" },
    { way: "up", agentId: "ada", at: NOW },
  ])
    channel.postMessage(message);
  channel.postMessage({ way: "out", agentId: "ada", at: NOW });
  await expect.poll(() => heard).toEqual(["ada out"]);
  channel.close();
});

test("a browser without channels signs out all the same", () => {
  vi.stubGlobal("BroadcastChannel", undefined);
  const { tabs, heard } = listening(NOW);
  tabs.tell("out", "ada");
  expect(heard).toEqual([]);
});
