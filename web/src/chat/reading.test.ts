/** What the key worker can't open at once. */
import { signal } from "@preact/signals";
import { expect, test } from "vitest";
import type { Message } from "../api/wire.ts";
import { CryptoFailure } from "../crypto/failure.ts";
import { openMessages, type Reader } from "./reading.ts";

const MESSAGE: Message = {
  chat: "chat",
  seq: 1,
  seat: 1,
  from: "customer",
  cid: "c1",
  body: "",
  at: new Date(0).toISOString(),
};

/** A desk's reader whose worker has the seat's key after so many refreshes. */
function deskReader(readable: boolean, needed: number) {
  const state = { refreshes: 0 };
  const reader = {
    side: "partner",
    chatRef: "chat",
    keyWorker: {
      readPage: async () => {
        if (state.refreshes < needed) throw new CryptoFailure("no_key");
        const content = { type: "text", text: "Hello" };
        return {
          messages: [{ seq: 1, from: "customer", cid: "c1", content, history: "agrees" }],
          settled: [],
        };
      },
    },
    seats: {
      ready: async () => {},
      shown: signal([{ number: 1, readable }]),
      refresh: async () => {
        state.refreshes += 1;
      },
    },
  } as unknown as Reader;
  return { state, reader };
}

test("a seat that was open in a worker that is gone is opened again", async () => {
  const { state, reader } = deskReader(true, 1);
  const { messages } = await openMessages(reader, [MESSAGE], null);
  expect(messages[0]?.shown).toEqual({ kind: "text", text: "Hello" });
  expect(state.refreshes).toBe(1);
});

test("a seat that never opened is not asked for again with each page", async () => {
  const { state, reader } = deskReader(false, 1);
  const { messages } = await openMessages(reader, [MESSAGE], null);
  expect([messages[0]?.shown.kind, state.refreshes]).toEqual(["unopened", 0]);
});
