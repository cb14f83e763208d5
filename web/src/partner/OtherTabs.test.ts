/** What tabs tell each other, over real channels. */
import { afterEach, expect, test, vi } from "vitest";
import { OtherTabs } from "./OtherTabs.ts";

const NOW = 1_800_000_000_000;

afterEach(() => vi.unstubAllGlobals());

function listening(now: number): { readonly tabs: OtherTabs; readonly heard: string[] } {
  const tabs = new OtherTabs(() => now);
  const heard: string[] = [];
  tabs.listen((agentId) => heard.push(agentId));
  return { tabs, heard };
}

test("every other tab hears who signs out; one that slept through it is left to ask the server", async () => {
  const [here, there, slept] = [listening(NOW), listening(NOW + 100), listening(NOW + 60_000)];
  here.tabs.tell("ada");
  await expect.poll(() => there.heard).toEqual(["ada"]);
  there.tabs.tell("ben");
  await expect.poll(() => here.heard).toEqual(["ben"]);
  expect([there.heard, slept.heard]).toEqual([["ada"], []]);
});

test("words that make no sense are passed over", async () => {
  const { heard } = listening(NOW);
  const channel = new BroadcastChannel("wicketgate.signed_out");
  for (const word of [null, "ada", {}, { agentId: 1, at: NOW }, { agentId: "ada" }])
    channel.postMessage(word);
  channel.postMessage({ agentId: "ada", at: NOW });
  await expect.poll(() => heard).toEqual(["ada"]);
  channel.close();
});

test("a browser without channels signs out all the same", () => {
  vi.stubGlobal("BroadcastChannel", undefined);
  const { tabs, heard } = listening(NOW);
  tabs.tell("ada");
  expect(heard).toEqual([]);
});
