/** The thread as rows: days, the unread line, a divider for each customer, and messages in groups. */
import { dayNumber } from "../i18n/when.ts";
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
  /** Whether the chat goes on above and below these messages. */
  readonly above: boolean;
  readonly below: boolean;
  readonly zone?: string;
}

/** Milliseconds within which messages of one side belong together. */
const TOGETHER = 3 * 60_000;

/** Lays messages out that follow each other. */
export function rowsOf(thread: readonly ChatMessage[], of: RowsOf): readonly Row[] {
  const rows: Row[] = [];
  const days = thread.map(({ at }) => dayNumber(at, of.zone));
  const joins = thread.map((message, index) => {
    return days[index - 1] === days[index] && together(thread[index - 1], message, of);
  });
  const seats = seatsIn(thread, of);
  let unread = unreadIn(thread, of);
  for (const [index, message] of thread.entries()) {
    const divided = rows.length;
    while (seats[0] !== undefined && seats[0] <= message.seat) rows.push(seatRow(seats.shift() ?? 0));
    const day = days[index];
    if (day !== days[index - 1]) rows.push({ kind: "day", key: `day ${day}`, at: message.at });
    if (unread !== null && message.from !== of.own && message.seq !== null && message.seq >= unread) {
      rows.push({ kind: "unread", key: "unread" });
      unread = null;
    }
    const last = !joins[index + 1];
    rows.push({
      kind: "message",
      key: nameOf(message),
      message,
      first: rows.length > divided || !joins[index],
      timed: last,
      status: statusRow(message, thread[index + 1], last, of),
    });
  }
  if (!of.below) for (const seat of seats) rows.push(seatRow(seat));
  return rows;
}

/** The rows anew, but those that say the same are the same: the page passes over them. */
export function sameRows(before: readonly Row[], after: readonly Row[]): readonly Row[] {
  const known = new Map(before.map((row) => [row.key, row]));
  return after.map((row) => {
    const old = known.get(row.key);
    return old && sameRow(old, row) ? old : row;
  });
}

function sameRow(before: Row, after: Row): boolean {
  if (before.kind === "day" && after.kind === "day") return before.at === after.at;
  if (before.kind !== "message" || after.kind !== "message") return true;
  const same = before.message === after.message && before.status === after.status;
  return same && before.first === after.first && before.timed === after.timed;
}

// In the middle of a chat the first divider says who speaks there.
function seatsIn(thread: readonly ChatMessage[], { seats, above }: RowsOf): number[] {
  const from = above ? (thread[0]?.seat ?? 0) : 0;
  return seats.filter((seat) => seat >= from).sort((left, right) => left - right);
}

// The line may stand further up, where nothing is loaded.
function unreadIn(thread: readonly ChatMessage[], { unread, above }: RowsOf): number | null {
  const first = thread[0]?.seq ?? null;
  return unread !== null && above && first !== null && first > unread ? null : unread;
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

function together(before: ChatMessage | undefined, after: ChatMessage, of: RowsOf): boolean {
  if (!before) return false;
  const near = Math.abs(after.at - before.at) <= TOGETHER;
  const unread = of.unread !== null && (before.seq ?? 0) < of.unread && (after.seq ?? 0) >= of.unread;
  return (
    near && before.from === after.from && before.seat === after.seat && !(unread && after.from !== of.own)
  );
}
