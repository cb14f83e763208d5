/** How far each side has come, and telling the server about this one. Positions only move forward. */
import { signal } from "@preact/signals";
import type { ChatLine } from "../api/line.ts";
import type { Cursors, ServerFrame, Side } from "../api/wire.ts";
import { furthest } from "./message.ts";

/** The receipts of one chat. */
export class Receipts {
  /** How far the other side has come, by seat. */
  readonly theirs = signal<ReadonlyMap<number, Cursors>>(new Map());
  /** Whether the person looks at the thread's end right now: the page says so. */
  looking = false;
  readonly #line: Pick<ChatLine, "seen">;
  readonly #chatRef: string;
  #own: Cursors;

  constructor(
    line: Pick<ChatLine, "seen">,
    chatRef: string,
    read: number,
    theirs: ReadonlyMap<number, Cursors> | undefined,
  ) {
    this.#line = line;
    this.#chatRef = chatRef;
    this.#own = { delivered: read, read };
    if (theirs) this.theirs.value = theirs;
  }

  /** How far this side has read. */
  get read(): number {
    return this.#own.read;
  }

  /** Messages up to here are on this device. */
  got(newest: number): void {
    this.#move({ delivered: newest, read: this.looking ? newest : this.#own.read });
  }

  /** Messages up to here were seen by the person. */
  saw(newest: number): void {
    this.#move({ delivered: newest, read: newest });
  }

  opened(frame: ServerFrame & { type: "opened" }, side: Side, live: number | null): void {
    const [own, theirs] =
      side === "customer" ? [frame.customer, frame.partner] : [frame.partner, frame.customer];
    this.#own = furthest(own, this.#own);
    if (own.delivered < this.#own.delivered || own.read < this.#own.read) {
      this.#line.seen(this.#chatRef, this.#own);
    }
    if (live !== null) this.#raise(live, theirs);
  }

  heard(frame: ServerFrame & { type: "seen" }, side: Side, live: number | null): void {
    const cursors = { delivered: frame.delivered, read: frame.read };
    if (frame.by === side) {
      this.#own = furthest(this.#own, cursors);
      return;
    }
    const seat = side === "customer" ? live : (frame.seat ?? live);
    if (seat !== null) this.#raise(seat, cursors);
  }

  #move(position: Cursors): void {
    const moved = furthest(this.#own, position);
    if (moved.delivered === this.#own.delivered && moved.read === this.#own.read) return;
    this.#own = moved;
    this.#line.seen(this.#chatRef, moved);
  }

  #raise(seat: number, cursors: Cursors): void {
    const before = this.theirs.value.get(seat);
    const after = furthest(before, cursors);
    if (before && before.delivered === after.delivered && before.read === after.read) return;
    this.theirs.value = new Map([...this.theirs.value, [seat, after]]);
  }
}
