/** What was said, as far as it is loaded: pages from the store, and messages as they come, opened in their order. */
import { signal } from "@preact/signals";
import type { Api } from "../api/api.ts";
import type { Message, MessageList } from "../api/wire.ts";
import { type ChatMessage, merge, placeOf } from "./message.ts";
import { type Opened, openMessages, type Reader } from "./reading.ts";

/** What there is above the oldest message that is loaded. */
export type Earlier = "none" | "more" | "loading" | "failed";

/** What a log is made of. */
export interface LogParts {
  readonly reader: Reader;
  readonly api: Pick<Api, "call">;
  /** The number of the first message that this side can read. */
  readonly firstSeq: number;
  /** Messages that the server has were opened. */
  readonly opened: (messages: readonly ChatMessage[]) => void;
  /** Messages came while the page was there. */
  readonly came: (messages: readonly ChatMessage[]) => void;
  /** Something is missing: load the newest page and open the chat anew. */
  readonly gap: () => void;
}

/** Messages of the newest page: a chat is open as soon as it is there. */
const NEWEST = 50;
/** Messages of a page before: a reader who scrolls back should not outrun it. */
const EARLIER = 100;

/**
 * One chat's log. What was loaded stays: a message takes a few hundred bytes, so somebody who scrolls back through
 * 10 000 of them spends some megabytes, and reads on without a network. It is the page that bears few: see `span.ts`.
 */
export class Log {
  readonly thread = signal<readonly ChatMessage[]>([]);
  readonly earlier = signal<Earlier>("none");
  /** The number of the newest message that was opened, 0 before the first. */
  readonly newest = signal(0);
  /** Whether any message's sender saw another history. */
  readonly differs = signal(false);
  readonly #parts: LogParts;
  #arriving: Message[] = [];
  #work: Promise<void> = Promise.resolve();

  constructor(parts: LogParts) {
    this.#parts = parts;
  }

  /** Adds or updates messages. */
  put(messages: readonly ChatMessage[]): void {
    if (messages.length > 0) this.thread.value = merge(this.thread.value, messages);
  }

  /** Takes out an own message that the server never had. */
  takeBack(cid: string): void {
    this.thread.value = this.thread.value.filter((message) => message.seq !== null || message.cid !== cid);
  }

  /** Loads the newest page, and gives what of it is new. Throws a `Problem`. */
  async loadNewest(): Promise<readonly ChatMessage[]> {
    const list = await this.#page({ limit: NEWEST });
    const messages = await this.#inTurn(async () => {
      const before = this.newest.value;
      const [first] = list.messages;
      // A hole larger than a page: what is above it is loaded again when somebody asks for it.
      if (first && before > 0 && first.seq > before + 1) {
        this.thread.value = this.thread.value.filter(({ seq }) => seq === null);
      }
      const taken = await this.#take(list.messages, list.transcript ?? null);
      this.newest.value = Math.max(before, list.messages.at(-1)?.seq ?? 0);
      return taken.filter(({ seq }) => seq !== null && seq > before);
    });
    this.#countEarlier(list);
    return messages;
  }

  /** Loads the page before the oldest message. */
  async loadEarlier(): Promise<void> {
    const oldest = this.thread.value[0]?.seq ?? null;
    if (this.earlier.value === "loading" || this.earlier.value === "none" || oldest === null) return;
    this.earlier.value = "loading";
    try {
      const list = await this.#page({ before: oldest, limit: EARLIER });
      await this.#inTurn(async () => {
        // A hole was found meanwhile: this page no longer joins what is loaded, and is asked for again in its turn.
        if (this.thread.value[0]?.seq === oldest) await this.#take(list.messages, list.transcript ?? null);
      });
      this.#countEarlier(list);
    } catch {
      this.earlier.value = "failed";
    }
  }

  /** A message came. Those of one burst are opened together. */
  arrive(message: Message): void {
    this.#arriving.push(message);
    if (this.#arriving.length === 1) void this.#inTurn(() => this.#takeArrived()).catch(this.#parts.gap);
  }

  async #takeArrived(): Promise<void> {
    const arrived = this.#arriving.filter(({ seq }) => seq > this.newest.value);
    this.#arriving = [];
    const [first] = arrived;
    if (!first) return;
    if (this.newest.value > 0 && first.seq > this.newest.value + 1) {
      this.#parts.gap();
      return;
    }
    const messages = await this.#take(arrived, null);
    this.newest.value = arrived.at(-1)?.seq ?? this.newest.value;
    this.#parts.came(messages);
  }

  async #take(list: readonly Message[], transcript: string | null): Promise<readonly ChatMessage[]> {
    const { messages, settled } = await openMessages(this.#parts.reader, list, transcript);
    this.put([...messages, ...this.#settled(settled)]);
    this.differs.value ||= [...messages, ...settled].some(({ history }) => history === "differs");
    this.#parts.opened(messages);
    return messages;
  }

  #settled(settled: Opened["settled"]): readonly ChatMessage[] {
    const thread = this.thread.value;
    return settled.flatMap(({ seq, history }) => {
      const message = thread[placeOf(thread, { seq, at: 0, cid: "" })];
      return message?.seq === seq ? [{ ...message, history }] : [];
    });
  }

  #countEarlier(list: MessageList): void {
    const oldest = this.thread.value[0]?.seq ?? null;
    const more = list.messages.length > 0 && oldest !== null && oldest > this.#parts.firstSeq;
    this.earlier.value = more ? "more" : "none";
  }

  #page(query: { before?: number; limit: number }): Promise<MessageList> {
    const { chatRef, side } = this.#parts.reader;
    const as = side === "customer" ? "customer" : "agent";
    const options = { path: { chatRef }, query: { ...query, as } };
    return this.#parts.api.call("GET /api/chats/{chatRef}/messages", options);
  }

  // One after the other: the history's chain needs the messages in their order.
  #inTurn<T>(task: () => Promise<T>): Promise<T> {
    const done = this.#work.then(task);
    this.#work = done.then(
      () => {},
      () => {},
    );
    return done;
  }
}
