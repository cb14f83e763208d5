/** Days, groups, the unread line, dividers, and statuses that only move forward. */
import { describe, expect, test } from "vitest";
import { type ChatMessage, forward, furthest, merge, type Status, statusOf } from "./message.ts";
import { type RowsOf, rowsOf, sameRows } from "./rows.ts";

const NOON = Date.parse("2026-07-31T12:00:00Z");
const MINUTE = 60_000;

function message(seq: number | null, more: Partial<ChatMessage> = {}): ChatMessage {
  return {
    cid: `c${seq ?? more.at}`,
    from: "customer",
    seat: 1,
    seq,
    at: NOON + (seq ?? 0) * MINUTE,
    shown: { kind: "text", text: `message ${seq}` },
    delivery: seq === null ? "waiting" : "sent",
    fault: null,
    history: "unknown",
    ...more,
  };
}

const of: RowsOf = {
  own: "customer",
  status: (each) => statusOf(each, undefined),
  unread: null,
  seats: [],
  above: false,
  below: false,
  zone: "UTC",
};
const kinds = (thread: readonly ChatMessage[], more: Partial<RowsOf> = {}) =>
  rowsOf(thread, { ...of, ...more }).map((row) => (row.kind === "message" ? row.message.cid : row.key));

describe("rows of a thread", () => {
  test("show one time for three messages in three minutes", () => {
    const rows = rowsOf([message(1), message(2), message(3)], of);
    const shown = rows.flatMap((row) => (row.kind === "message" ? [[row.first, row.timed]] : []));
    expect(shown).toEqual([
      [true, false],
      [false, false],
      [false, true],
    ]);
  });

  test("begin a group after a pause, with another author and at midnight", () => {
    const thread = [
      message(1),
      message(2, { at: NOON + 20 * MINUTE }),
      message(3, { at: NOON + 21 * MINUTE, from: "partner" }),
      message(4, { at: NOON + 12 * 60 * MINUTE - 1, from: "partner" }),
      message(5, { at: NOON + 12 * 60 * MINUTE, from: "partner" }),
    ];
    const rows = rowsOf(thread, of).filter((row) => row.kind === "message");
    expect(rows.map((row) => row.first)).toEqual([true, true, true, true, true]);
    expect(kinds(thread).filter((key) => key.startsWith("day"))).toHaveLength(2);
  });

  test("have the unread line once, above the other side's first unread message", () => {
    const thread = [message(1), message(2), message(3, { from: "partner" }), message(4, { from: "partner" })];
    expect(kinds(thread, { unread: 2 })).toEqual(["day 20665", "c1", "c2", "unread", "c3", "c4"]);
  });

  test("have no unread line above messages that were read further up", () => {
    const thread = [message(30), message(31, { from: "partner" })];
    expect(kinds(thread, { unread: 20, above: true })).toEqual(["day 20665", "c30", "c31"]);
    expect(kinds(thread, { unread: 31, above: true })).toEqual(["day 20665", "c30", "unread", "c31"]);
    expect(kinds(thread, { unread: 20 })).toEqual(["day 20665", "c30", "unread", "c31"]);
  });

  test("have a divider in the middle of a chat only for customers who write there", () => {
    const thread = [message(1, { seat: 2 }), message(2, { seat: 3 })];
    const middle = { seats: [1, 2, 3, 4], above: true, below: true };
    expect(kinds(thread, middle)).toEqual(["seat 2", "day 20665", "c1", "seat 3", "c2"]);
  });

  test("stay the same objects while they show the same", () => {
    const thread = [message(1), message(2), message(3, { from: "partner" })];
    const before = rowsOf(thread, of);
    const after = sameRows(before, rowsOf([...thread, message(4, { from: "partner" })], of));
    expect(after.map((row, index) => row === before[index])).toEqual([true, true, true, false, false]);
  });

  test("have a divider above each customer's first message, and at the end for one who is silent", () => {
    const thread = [message(1), message(2, { seat: 2 })];
    expect(kinds(thread, { seats: [2, 1, 3] })).toEqual([
      "seat 1",
      "day 20665",
      "c1",
      "seat 2",
      "c2",
      "seat 3",
    ]);
  });

  test("show a status where the next one differs, and a refusal always", () => {
    const statuses: Record<string, Status> = { c1: "read", c2: "delivered", c3: "delivered", c4: "refused" };
    const rows = rowsOf([message(1), message(2), message(3), message(4), message(5)], {
      ...of,
      status: ({ cid }) => statuses[cid] ?? "refused",
    });
    expect(rows.flatMap((row) => (row.kind === "message" ? [row.status] : []))).toEqual([
      "read",
      null,
      "delivered",
      "refused",
      "refused",
    ]);
  });
});

describe("the status of a message", () => {
  test("moves forward only", () => {
    expect(forward("read", "delivered")).toBe("read");
    expect(forward("sent", "waiting")).toBe("sent");
    expect(forward("waiting", "refused")).toBe("refused");
    expect(forward("refused", "waiting")).toBe("waiting");
    expect(statusOf(message(5), { delivered: 5, read: 4 })).toBe("delivered");
    expect(statusOf(message(5), { delivered: 9, read: 5 })).toBe("read");
    expect(statusOf(message(null), { delivered: 9, read: 9 })).toBe("waiting");
    expect(furthest({ delivered: 5, read: 3 }, { delivered: 4, read: 4 })).toEqual({ delivered: 5, read: 4 });
  });

  test("never goes back to waiting once the server has the message", () => {
    const waiting = message(null, { cid: "c", at: NOON });
    const sent = message(7, { cid: "c" });
    for (const thread of [merge([waiting], [sent]), merge([sent], [waiting])]) {
      expect(thread).toEqual([sent]);
    }
  });
});

test("a message that waits stands last, and messages of two sides may have the same name", () => {
  const thread = merge(
    [message(null, { cid: "w", at: 1 })],
    [message(2), message(1, { cid: "c2", from: "partner" })],
  );
  expect(thread.map(({ seq }) => seq)).toEqual([1, 2, null]);
});
