/** What the desk still has to send, over a real key worker: in every chat, once, and not beyond the session. */
import { beforeEach, expect, test } from "vitest";
import type { ChatLine } from "../../api/line.ts";
import { Problem } from "../../api/problem.ts";
import type { SendRequest } from "../../api/wire.ts";
import { freshId } from "../../crypto/cid.ts";
import { createKeyWorker } from "../../crypto/createKeyWorker.ts";
import type { KeyWorker } from "../../crypto/keyWorkerApi.ts";
import { memoryStore } from "../../crypto/memory.ts";
import { refusal } from "../testServer.ts";
import { Outboxes } from "./Outboxes.ts";

let keyWorker: KeyWorker;
let sent: string[];
let ended: number;
/** How the line answers; null takes the message. */
let answer: Problem | null;
/** Wakes whoever waits for another try. */
let again: () => void;

beforeEach(() => {
  keyWorker = createKeyWorker(memoryStore());
  [sent, ended, answer] = [[], 0, null];
});

const line: Pick<ChatLine, "send" | "retryTime"> = {
  send: async (chat: string, { body }: SendRequest) => {
    if (answer) throw answer;
    sent.push(`${chat} ${body}`);
    return { seq: sent.length, at: "2026-10-01T12:00:00Z" };
  },
  retryTime: () =>
    new Promise((resolve) => {
      again = resolve;
    }),
};

function outboxes(): Outboxes {
  return new Outboxes({
    keyWorker,
    line,
    ended: () => {
      ended += 1;
    },
  });
}

/** Stores a message as the thread does before it sends it. */
function wait(chatRef: string, body: string, at: number): Promise<void> {
  return keyWorker.putOutbox({ as: "partner", chatRef, seat: 1, cid: freshId(), body, at, state: "waiting" });
}

const left = async () =>
  (await keyWorker.outbox("partner", null)).map(({ body, state }) => `${body} ${state}`);

test("stored messages go out without any chat being open, in the order of each chat", async () => {
  await wait("anna", "one", 1);
  await wait("ben", "hello", 2);
  await wait("anna", "two", 3);
  await outboxes().resume();
  await expect.poll(left).toEqual([]);
  expect(sent.filter((message) => message.startsWith("anna"))).toEqual(["anna one", "anna two"]);
  expect(sent).toContain("ben hello");
});

test("a chat that is opened while its messages wait has one outbox, and they go out once", async () => {
  answer = new Problem(null, 0);
  await wait("anna", "one", 1);
  const all = outboxes();
  await all.resume();
  const opened = all.of("anna");
  await opened.restore();
  await all.resume();
  expect(all.of("anna")).toBe(opened);
  answer = null;
  again();
  await expect.poll(left).toEqual([]);
  expect(sent).toEqual(["anna one"]);
  expect(opened.busy).toBe(false);
});

test("a session that has ended sends nothing more, and what waits stays as it is", async () => {
  const { body, status } = refusal("unauthenticated", 401) ?? {};
  answer = new Problem(body as Problem["refusal"], status ?? 0);
  await wait("anna", "one", 1);
  const all = outboxes();
  await all.resume();
  await expect.poll(() => ended).toBe(1);
  all.stop();
  answer = null;
  again();
  await all.resume();
  expect([sent, await left()]).toEqual([[], ["one waiting"]]);
  await outboxes().resume();
  await expect.poll(left).toEqual([]);
});
