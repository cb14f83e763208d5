/** What is loaded has no hole, whatever comes while a page is on its way. */
import { expect, test } from "vitest";
import type { Message } from "../api/wire.ts";
import { Log, type LogParts } from "./log.ts";
import { ownSeat } from "./seats.ts";

const message = (seq: number): Message => ({
  chat: "chat",
  seq,
  seat: 1,
  from: "partner",
  cid: `c${seq}`,
  body: "",
  at: new Date(seq * 1_000).toISOString(),
});

/** A log of a chat of so many messages; each page goes out when the test lets it. */
function logOf(count: number) {
  const state = { count, pages: [] as (() => void)[] };
  const call = (_: string, { query }: { query: { before?: number; limit: number } }) =>
    new Promise((resolve) => {
      const last = (query.before ?? state.count + 1) - 1;
      const first = Math.max(1, last - query.limit + 1);
      const messages = Array.from({ length: last - first + 1 }, (_, index) => message(first + index));
      state.pages.push(() => resolve({ messages, lastSeq: state.count }));
    });
  const reader = {
    side: "customer",
    chatRef: "chat",
    keyWorker: { readPage: async () => ({ messages: [], settled: [] }) },
    seats: ownSeat(1),
  };
  const nothing = () => {};
  const parts = { reader, api: { call }, firstSeq: 1, opened: nothing, came: nothing, gap: nothing };
  return { state, log: new Log(parts as unknown as LogParts) };
}

test("an earlier page that comes after a hole was found is dropped, and asked for again", async () => {
  const { state, log } = logOf(200);
  const loaded = log.loadNewest();
  state.pages.shift()?.();
  await loaded;
  const earlier = log.loadEarlier();
  const late = state.pages.shift();
  state.count = 600;
  const again = log.loadNewest();
  state.pages.shift()?.();
  await again;
  late?.();
  await earlier;
  const numbers = () => log.thread.value.map(({ seq }) => seq);
  expect([numbers().at(0), numbers().length, log.earlier.value]).toEqual([551, 50, "more"]);
  const filled = log.loadEarlier();
  state.pages.shift()?.();
  await filled;
  expect([numbers().at(0), numbers().length]).toEqual([451, 150]);
});
