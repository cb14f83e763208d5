/** Calls, and what they leave behind. */
import { getEventListeners } from "node:events";
import { afterEach, expect, test } from "vitest";
import { Api } from "./api.ts";

const { fetch } = globalThis;

afterEach(() => {
  globalThis.fetch = fetch;
});

test("a signal that outlives its calls keeps no listener of them", async () => {
  globalThis.fetch = async () => Response.json({ done: true });
  const { signal } = new AbortController();
  await new Api().call("GET /api/setup", { signal });
  expect(getEventListeners(signal, "abort")).toEqual([]);
});

test("a timeout ends a call that nobody answers", async () => {
  globalThis.fetch = (_, options) =>
    new Promise((_, reject) => options?.signal?.addEventListener("abort", reject));
  const call = new Api().call("GET /api/setup", { timeout: 10 });
  await expect(call).rejects.toMatchObject({ code: "network" });
});

test("a signal ends a call that is under way", async () => {
  const asked: AbortSignal[] = [];
  globalThis.fetch = async (_, options) => {
    if (options?.signal) asked.push(options.signal);
    return new Promise((_, reject) => options?.signal?.addEventListener("abort", reject));
  };
  const leaving = new AbortController();
  const call = new Api().call("GET /api/setup", { signal: leaving.signal });
  leaving.abort();
  await expect(call).rejects.toMatchObject({ code: "network" });
  expect(asked.map(({ aborted }) => aborted)).toEqual([true]);
});
