/** The part of the thread that stands in the page: its end, or what is around the reader. Never more than a page bears. */
import { computed, type ReadonlySignal, signal } from "@preact/signals";
import type { Earlier, Log } from "./log.ts";
import { type ChatMessage, placeOf } from "./message.ts";

/** Messages that stand there while the reader is at the end. */
const AT_END = 100;
/** Messages that stand there at most. */
const MOST = 300;
/** Messages by which it moves. */
const STEP = 50;

/** Messages that follow each other, and whether the chat goes on beyond them. */
export interface Part {
  readonly messages: readonly ChatMessage[];
  readonly above: boolean;
  readonly below: boolean;
}

/** One thread's span. It follows the end until the reader leaves it. */
export class Span {
  readonly part: ReadonlySignal<Part>;
  /** What there is above it. */
  readonly earlier: ReadonlySignal<Earlier>;
  readonly #log: Pick<Log, "thread" | "earlier" | "loadEarlier">;
  /** The number of its first message; null while it follows the end. */
  readonly #first = signal<number | null>(null);
  readonly #from: ReadonlySignal<number>;
  #moving = false;

  constructor(log: Pick<Log, "thread" | "earlier" | "loadEarlier">) {
    const { thread } = log;
    this.#log = log;
    this.#from = computed(() => {
      const first = this.#first.value;
      if (first === null) return Math.max(0, thread.value.length - AT_END);
      return placeOf(thread.value, { seq: first, at: 0, cid: "" });
    });
    this.earlier = computed(() => (this.#from.value > 0 ? "more" : log.earlier.value));
    this.part = computed(() => {
      const [from, to] = [this.#from.value, this.#from.value + MOST];
      const [above, below] = [this.earlier.value !== "none", to < thread.value.length];
      return { messages: thread.value.slice(from, to), above, below };
    });
  }

  /** Changes with each move, and not with what comes at the end. */
  get first(): ReadonlySignal<number | null> {
    return this.#first;
  }

  /** The reader is at the end, or has left it. */
  follow(atEnd: boolean): void {
    if (atEnd) this.#first.value = null;
    else if (this.#first.peek() === null) this.#begin(this.#from.peek());
  }

  /** Shows more of what is above, and has the page before that ready. */
  async up(): Promise<void> {
    if (this.#moving) return;
    this.#moving = true;
    if (this.#from.value === 0) await this.#log.loadEarlier();
    // Meanwhile the reader may have gone to the end.
    if (this.#first.value !== null) this.#begin(Math.max(0, this.#from.value - STEP));
    this.#moving = false;
    if (this.#from.value < STEP) void this.#log.loadEarlier();
  }

  /** Shows the oldest messages that are loaded, to a reader who has left the end. */
  toTop(): void {
    if (this.#first.value !== null) this.#begin(0);
  }

  /** Shows more of what is below. */
  down(): void {
    if (this.part.value.below) this.#begin(this.#from.value + STEP);
  }

  // Where only unsent messages are, they stand at the end, and so does the span.
  #begin(from: number): void {
    this.#first.value = this.#log.thread.peek()[from]?.seq ?? null;
  }
}
