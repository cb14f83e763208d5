/** Chats in their order, the most recently active first. A change costs its own place, not a sort of all of them. */
import { newer } from "../../api/newer.ts";
import type { ChatRow } from "../../api/wire.ts";

interface Placed {
  readonly row: ChatRow;
  /** When it was last active, in Unix milliseconds. */
  readonly at: number;
}

export class InboxOrder {
  readonly #placed = new Map<string, Placed>();
  readonly #order: Placed[] = [];
  #unread = 0;

  get size(): number {
    return this.#order.length;
  }

  /** How many messages nobody has seen, in all chats. */
  get unread(): number {
    return this.#unread;
  }

  /** The chat that was active last. */
  get newest(): ChatRow | null {
    return this.#order[0]?.row ?? null;
  }

  get(chatRef: string): ChatRow | null {
    return this.#placed.get(chatRef)?.row ?? null;
  }

  /** Forgets a chat. */
  remove(chatRef: string): void {
    const placed = this.#placed.get(chatRef);
    if (!placed) return;
    this.#order.splice(this.#placeOf(placed), 1);
    this.#placed.delete(chatRef);
    this.#unread -= placed.row.unread;
  }

  /** Puts a chat where it belongs, in the place of what was known of it, unless that was newer. */
  put(row: ChatRow): void {
    const before = this.#placed.get(row.chatRef);
    if (newer(before?.row, row) !== row) return;
    const placed = { row, at: Date.parse(row.activeAt) };
    this.#placed.set(row.chatRef, placed);
    this.#unread += row.unread - (before?.row.unread ?? 0);
    if (before?.at === placed.at) {
      this.#order[this.#placeOf(before)] = placed;
      return;
    }
    if (before) this.#order.splice(this.#placeOf(before), 1);
    this.#order.splice(this.#placeOf(placed), 0, placed);
  }

  /** Every chat. */
  rows(): readonly ChatRow[] {
    return this.#order.map(({ row }) => row);
  }

  /** Where a chat stands, or would. */
  #placeOf(wanted: Placed): number {
    let low = 0;
    let high = this.#order.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const there = this.#order[middle];
      if (there && comparePlaces(there, wanted) < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

/** Negative where one chat was active after another. */
export function mostRecentFirst(one: ChatRow, other: ChatRow): number {
  return Date.parse(other.activeAt) - Date.parse(one.activeAt);
}

function comparePlaces(one: Placed, other: Placed): number {
  if (one.at !== other.at) return other.at - one.at;
  if (one.row.chatRef === other.row.chatRef) return 0;
  return one.row.chatRef < other.row.chatRef ? -1 : 1;
}
