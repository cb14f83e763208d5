/** One message as the page shows it, and the rules by which it changes: forward only. */

import type { Cursors, Side } from "../api/wire.ts";
import { compareIds } from "../crypto/cid.ts";
import type { HistoryCheck } from "../crypto/keyWorkerApi.ts";

/** How far an own message has come. */
export type Status = "waiting" | "sent" | "delivered" | "read" | "refused";

/** What a message says. */
export type Shown =
  | { readonly kind: "text"; readonly text: string }
  /** Written by a newer client. */
  | { readonly kind: "newer" }
  /** It does not open. */
  | { readonly kind: "unopened" };

/** A message of the thread. */
export interface ChatMessage {
  readonly cid: string;
  readonly from: Side;
  readonly seat: number;
  /** Its number; null until the server has it. */
  readonly seq: number | null;
  /** When it was stored, or written as long as it is not: Unix milliseconds. */
  readonly at: number;
  readonly shown: Shown;
  readonly delivery: "waiting" | "sent" | "refused";
  /** Why it was refused, as it was thrown; null where nobody said. */
  readonly fault: unknown;
  readonly history: HistoryCheck;
}

/** An own message that the server is not known to have. */
export function unsentMessage(
  written: Pick<ChatMessage, "cid" | "from" | "seat" | "at" | "shown" | "delivery">,
): ChatMessage {
  return { ...written, seq: null, fault: null, history: "unknown" };
}

const RANK = { waiting: 0, refused: 0, sent: 1, delivered: 2, read: 3 } as const;

/** The later of two statuses. Only between waiting and refused does the newer word count. */
export function forward(before: Status, after: Status): Status {
  return RANK[after] >= RANK[before] ? after : before;
}

/** An own message's status, given how far the other side has come. */
export function statusOf(message: ChatMessage, theirs: Cursors | undefined): Status {
  const { seq, delivery } = message;
  if (seq === null || !theirs) return delivery;
  const reached = theirs.read >= seq ? "read" : theirs.delivered >= seq ? "delivered" : "sent";
  return forward(delivery, reached);
}

/** The further of two positions. */
export function furthest(before: Cursors | undefined, after: Cursors): Cursors {
  return {
    delivered: Math.max(before?.delivered ?? 0, after.delivered, after.read),
    read: Math.max(before?.read ?? 0, after.read),
  };
}

/** The same message known twice: what the server said wins, what waits never comes back. */
function joined(before: ChatMessage, after: ChatMessage): ChatMessage {
  const stored = after.seq !== null ? after : before.seq !== null ? before : after;
  const keepsText = stored.shown.kind === "unopened" && before.shown.kind === "text";
  return keepsText ? { ...stored, shown: before.shown } : stored;
}

/** The thread with these messages in it: by number, and what has none yet at the end as it was written. */
export function merge(thread: readonly ChatMessage[], more: readonly ChatMessage[]): readonly ChatMessage[] {
  const merged = [...thread];
  for (const message of more) {
    const known = indexOf(merged, message);
    const [before] = known < 0 ? [] : merged.splice(known, 1);
    const kept = before ? joined(before, message) : message;
    merged.splice(placeOf(merged, kept), 0, kept);
  }
  return merged;
}

/** Where something with this number stands in a thread, or would stand. */
export function placeOf(thread: readonly ChatMessage[], wanted: Placed): number {
  let [low, high] = [0, thread.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    const message = thread[middle];
    if (message && byNumber(message, wanted) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** A message's name: a `cid` is its sender's word, so it counts only together with the side. */
export function nameOf(message: Pick<ChatMessage, "from" | "cid">): string {
  return `${message.from} ${message.cid}`;
}

/** What the order goes by. */
type Placed = Pick<ChatMessage, "seq" | "at" | "cid">;

// A number is one message's alone. A name is looked for from the end, where what waits stands: no page of a long
// thread is searched for what has a number.
function indexOf(thread: readonly ChatMessage[], message: ChatMessage): number {
  const place = placeOf(thread, message);
  if (message.seq !== null && thread[place]?.seq === message.seq) return place;
  for (let index = thread.length - 1; index >= 0; index -= 1) {
    const other = thread[index];
    if (!other || (other.seq !== null && message.seq !== null)) break;
    if (nameOf(other) === nameOf(message)) return index;
  }
  return -1;
}

function byNumber(left: Placed, right: Placed): number {
  const [first, second] = [left.seq ?? Number.POSITIVE_INFINITY, right.seq ?? Number.POSITIVE_INFINITY];
  if (first !== second) return first - second;
  return left.seq === null ? left.at - right.at || compareIds(left.cid, right.cid) : 0;
}
