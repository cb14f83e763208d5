/** The transcript as one side knows it, page by page. */
import { expect, test } from "vitest";
import { type Bytes, fromUuid } from "./bytes.ts";
import { uuidV7 } from "./cid.ts";
import { History } from "./history.ts";
import { type TranscriptStep, transcriptNext, transcriptStart } from "./transcript.ts";

const chatRef: Bytes = new Uint8Array(16).fill(7);

async function chain(count: number) {
  const start = await transcriptStart(chatRef, 1, new Uint8Array(1120));
  const steps: TranscriptStep[] = Array.from({ length: count }, (_, index) => ({
    n: index + 1,
    role: index % 2 === 0 ? "customer" : "partner",
    cid: fromUuid(uuidV7(index, new Uint8Array(10))),
    body: new Uint8Array(156).fill(index),
  }));
  const after = [start];
  for (const step of steps) after.push(await transcriptNext(after[after.length - 1] ?? start, step));
  const at = (n: number) => after[n] ?? start;
  return { steps, at, history: new History({ n: 0, transcript: start }) };
}

test("a history names the newest message before a gap", async () => {
  const { steps, at, history } = await chain(5);
  expect(history.newest()).toEqual({ n: 0, transcript: at(0) });
  await history.take(null, steps.slice(0, 2));
  await history.take(null, steps.slice(3));
  expect(history.newest()).toEqual({ n: 2, transcript: at(2) });
  await history.take(null, steps.slice(2));
  expect(history.newest()).toEqual({ n: 5, transcript: at(5) });
});

test("a check is settled when the message that it names is loaded", async () => {
  const { steps, at, history } = await chain(6);
  await history.take(at(3), steps.slice(3));
  expect(history.check(5, { n: 4, transcript: at(4) })).toBe("agrees");
  expect(history.check(4, { n: 2, transcript: at(2) })).toBe("unknown");
  expect(history.check(6, { n: 1, transcript: at(2) })).toBe("unknown");
  await history.take(null, steps.slice(0, 3));
  expect(history.settle()).toEqual([
    { seq: 4, history: "agrees" },
    { seq: 6, history: "differs" },
  ]);
  expect(history.settle()).toEqual([]);
});

test("a history finds that the server's transcript was wrong", async () => {
  const { steps, at, history } = await chain(4);
  await history.take(at(1), steps.slice(3));
  await history.take(null, steps.slice(0, 3));
  expect(history.check(3, { n: 2, transcript: at(2) })).toBe("differs");
});

test("a message cannot have seen itself, a later one, or one before its seat", async () => {
  const { steps, at, history } = await chain(4);
  await history.take(null, steps);
  for (const n of [2, 3]) expect(history.check(2, { n, transcript: at(n) })).toBe("differs");
  const later = new History({ n: 2, transcript: at(0) });
  expect(later.check(4, { n: 1, transcript: at(1) })).toBe("differs");
});

test("a message that comes twice changes nothing, and another one under its number differs", async () => {
  const { steps, at, history } = await chain(3);
  await history.take(null, steps);
  await history.take(null, steps);
  expect(history.check(3, { n: 2, transcript: at(2) })).toBe("agrees");
  const [first] = steps;
  if (!first) throw new Error("there is a first");
  await history.take(null, [{ ...first, body: new Uint8Array(156).fill(9) }]);
  expect(history.check(1, { n: 0, transcript: at(0) })).toBe("differs");
});
