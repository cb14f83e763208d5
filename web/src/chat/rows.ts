/** The thread as rows: days, the unread line, a divider for each customer, and messages in groups. */
import { dayNumber } from "../say/when.ts";
import type { ChatMessage, Status } from "./message.ts";
import { nameOf } from "./message.ts";

/** One row of the thread. */
export type Row =
  | { readonly kind: "day"; readonly key: string; readonly at: number }
  | { readonly kind: "unread"; readonly key: string }
  | { readonly kind: "seat"; readonly key: string; readonly seat: number }
  | {
      readonly kind: "message";
      readonly key: string;
      readonly message: ChatMessage;
      /** Whether somebody begins to speak here. */
      readonly first: boolean;
      /** Whether the time stands under it. */
      readonly timed: boolean;
      /** The status to show; null where the next own message says the same. */
      readonly status: Status | null;
    };

/** What the rows depend on besides the messages. */
export interface RowsOf {
  readonly own: "customer" | "partner";
  readonly status: (message: ChatMessage) => Status;
  /** The first message that was not read when the page opened. */
  readonly unread: number | null;
  /** The customers that agents see as dividers; empty on the customer's own page. */
  readonly seats: readonly number[];
  readonly zone?: string;
}

/** Milliseconds within which messages of one side belong together. */
const TOGETHER = 3 * 60_000;

/** Lays the thread out. */
export function rowsOf(thread: readonly ChatMessage[], of: RowsOf): readonly Row[] {
  const rows: Row[] = [];
  const seats = [...of.seats].sort((left, right) => left - right);
  let day: number | null = null;
  let unread = of.unread;
  for (const [index, message] of thread.entries()) {
    const [before, after] = [thread[index - 1], thread[index + 1]];
    const divided = rows.length;
    while (seats[0] !== undefined && seats[0] <= message.seat) rows.push(seatRow(seats.shift() ?? 0));
    const today = dayNumber(message.at, of.zone);
    if (today !== day) rows.push({ kind: "day", key: `day ${today}`, at: message.at });
    day = today;
    if (unread !== null && message.from !== of.own && message.seq !== null && message.seq >= unread) {
      rows.push({ kind: "unread", key: "unread" });
      unread = null;
    }
    const first = rows.length > divided || !together(before, message, of);
    const last = !together(message, after, of);
    rows.push({
      kind: "message",
      key: nameOf(message),
      message,
      first,
      timed: last,
      status: statusRow(message, after, last, of),
    });
  }
  for (const seat of seats) rows.push(seatRow(seat));
  return rows;
}

function seatRow(seat: number): Row {
  return { kind: "seat", key: `seat ${seat}`, seat };
}

function statusRow(
  message: ChatMessage,
  after: ChatMessage | undefined,
  last: boolean,
  of: RowsOf,
): Status | null {
  if (message.from !== of.own) return null;
  const status = of.status(message);
  return last || status === "refused" || !after || of.status(after) !== status ? status : null;
}

function together(before: ChatMessage | undefined, after: ChatMessage | undefined, of: RowsOf): boolean {
  if (!before || !after) return false;
  const near = Math.abs(after.at - before.at) <= TOGETHER;
  const sameDay = dayNumber(before.at, of.zone) === dayNumber(after.at, of.zone);
  const unread = of.unread !== null && (before.seq ?? 0) < of.unread && (after.seq ?? 0) >= of.unread;
  return (
    near &&
    sameDay &&
    before.from === after.from &&
    before.seat === after.seat &&
    !(unread && after.from !== of.own)
  );
}
