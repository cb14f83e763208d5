/** What stands in the page: never more than it bears, and always what is around the reader. */
import { signal } from "@preact/signals";
import { expect, test } from "vitest";
import type { Earlier } from "./log.ts";
import { type ChatMessage, merge } from "./message.ts";
import { Span } from "./span.ts";

function message(seq: number): ChatMessage {
  const shown = { kind: "text", text: `message ${seq}` } as const;
  const stored = { delivery: "sent", fault: null, history: "agrees" } as const;
  return { cid: `c${seq}`, from: "partner", seat: 1, seq, at: seq, shown, ...stored };
}

const messages = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, index) => message(from + index));

/** A chat of so many messages, of which the newest 50 are loaded; earlier ones come by the hundred. */
function chatOf(count: number) {
  const thread = signal<readonly ChatMessage[]>(messages(Math.max(1, count - 49), count));
  const earlier = signal<Earlier>(count > 50 ? "more" : "none");
  const log = {
    thread,
    earlier,
    loads: 0,
    async loadEarlier() {
      const oldest = thread.value[0]?.seq ?? 1;
      if (earlier.value !== "more") return;
      log.loads += 1;
      earlier.value = "loading";
      await Promise.resolve();
      thread.value = merge(thread.value, messages(Math.max(1, oldest - 100), oldest - 1));
      earlier.value = oldest - 100 > 1 ? "more" : "none";
    },
    arrive(number: number) {
      const newest = thread.value.at(-1)?.seq ?? 0;
      thread.value = merge(thread.value, messages(newest + 1, newest + number));
    },
  };
  return { log, span: new Span(log) };
}

/** The first and the last number that stand in the page. */
function shown({ part }: Span): readonly (number | null | undefined)[] {
  return [part.value.messages[0]?.seq, part.value.messages.at(-1)?.seq];
}

test("the part in the page follows the end with a hundred messages, however many come", () => {
  const { log, span } = chatOf(1_000);
  expect(shown(span)).toEqual([951, 1_000]);
  log.arrive(2_000);
  expect(shown(span)).toEqual([2_901, 3_000]);
  expect(span.part.value).toMatchObject({ above: true, below: false });
});

test("messages that come take nothing away from a reader who has left the end", () => {
  const { log, span } = chatOf(1_000);
  span.follow(false);
  log.arrive(100);
  expect(shown(span)).toEqual([951, 1_100]);
  log.arrive(400);
  expect(shown(span)).toEqual([951, 1_250]);
  expect(span.part.value.below).toBe(true);
  span.follow(true);
  expect(shown(span)).toEqual([1_401, 1_500]);
});

test("the part in the page stays bounded up to the beginning and down again, and each step overlaps the one before", async () => {
  const { span } = chatOf(1_000);
  span.follow(false);
  const seen: (readonly (number | null | undefined)[])[] = [];
  while (span.earlier.value !== "none") {
    await span.up();
    seen.push(shown(span));
    expect(span.part.value.messages.length).toBeLessThanOrEqual(300);
  }
  expect(seen.slice(0, 2)).toEqual([
    [901, 1_000],
    [851, 1_000],
  ]);
  expect(shown(span)).toEqual([1, 300]);
  while (span.part.value.below) span.down();
  expect(shown(span)).toEqual([701, 1_000]);
  span.down();
  expect(shown(span)).toEqual([701, 1_000]);
});

test("a page lies ready before it is asked for", async () => {
  const { log, span } = chatOf(1_000);
  span.follow(false);
  for (let step = 1; step <= 3; step += 1) await span.up();
  await expect.poll(() => log.earlier.value).toBe("more");
  expect(shown(span)[0]).toBe(801);
  expect(log.thread.value[0]?.seq).toBeLessThan(801);
});

test("steps that are asked for together are one step", async () => {
  const { log, span } = chatOf(1_000);
  span.follow(false);
  await Promise.all([span.up(), span.up(), span.up()]);
  expect(log.loads).toBe(1);
  expect(shown(span)).toEqual([901, 1_000]);
});

test("a reader who goes to the end while earlier messages load stays there", async () => {
  const { span } = chatOf(1_000);
  span.follow(false);
  const up = span.up();
  span.follow(true);
  await up;
  expect(shown(span)).toEqual([901, 1_000]);
  expect(span.part.value.below).toBe(false);
});

test("a burst of messages in a long thread costs by what comes", () => {
  let thread: readonly ChatMessage[] = messages(1, 20_000);
  const copied = thread;
  const start = performance.now();
  for (let seq = 20_001; seq <= 21_000; seq += 1) thread = merge(thread, [message(seq)]);
  expect(thread).toHaveLength(21_000);
  expect(copied).toHaveLength(20_000);
  // Sorting and naming 20 000 messages a thousand times takes half a minute; copying their list does not.
  expect(performance.now() - start).toBeLessThan(3_000);
});
