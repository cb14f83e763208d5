/** What was said, as far as it is loaded: pages from the store, and messages as they come, opened in their order. */
import { signal } from "@preact/signals";
import type { Api } from "../api/api.ts";
import type { Message, MessageList } from "../api/wire.ts";
import { type ChatMessage, merge } from "./message.ts";
import { openMessages, type Reader } from "./reading.ts";

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

const PAGE = 50;

/** One chat's log. */
export class Log {
  readonly thread = signal<readonly ChatMessage[]>([]);
  readonly earlier = signal<Earlier>("none");
  readonly #parts: LogParts;
  #newest = 0;
  #arriving: Message[] = [];
  #work: Promise<void> = Promise.resolve();

  constructor(parts: LogParts) {
    this.#parts = parts;
  }

  /** The number of the newest message that was opened, 0 before the first. */
  get newest(): number {
    return this.#newest;
  }

  /** Adds or updates messages. */
  put(messages: readonly ChatMessage[]): void {
    if (messages.length > 0) this.thread.value = merge(this.thread.value, messages);
  }

  /** Loads the newest page. Throws a `Problem`. */
  async loadNewest(): Promise<void> {
    const list = await this.#page({ limit: PAGE });
    await this.#inTurn(async () => {
      const [first] = list.messages;
      // A hole larger than a page: what is above it is loaded again when somebody asks for it.
      if (first && this.#newest > 0 && first.seq > this.#newest + 1) {
        this.thread.value = this.thread.value.filter(({ seq }) => seq === null);
      }
      await this.#take(list.messages, list.transcript ?? null);
      this.#newest = Math.max(this.#newest, list.messages.at(-1)?.seq ?? 0);
    });
    this.#countEarlier(list);
  }

  /** Loads the page before the oldest message. */
  async loadEarlier(): Promise<void> {
    const oldest = this.thread.value[0]?.seq ?? null;
    if (this.earlier.value === "loading" || this.earlier.value === "none" || oldest === null) return;
    this.earlier.value = "loading";
    try {
      const list = await this.#page({ before: oldest, limit: PAGE });
      await this.#inTurn(() => this.#take(list.messages, list.transcript ?? null));
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
    const arrived = this.#arriving.filter(({ seq }) => seq > this.#newest);
    this.#arriving = [];
    const [first] = arrived;
    if (!first) return;
    if (this.#newest > 0 && first.seq > this.#newest + 1) {
      this.#parts.gap();
      return;
    }
    const messages = await this.#take(arrived, null);
    this.#newest = arrived.at(-1)?.seq ?? this.#newest;
    this.#parts.came(messages);
  }

  async #take(list: readonly Message[], transcript: string | null): Promise<readonly ChatMessage[]> {
    const { messages, settled } = await openMessages(this.#parts.reader, list, transcript);
    if (settled.size > 0) {
      this.thread.value = this.thread.value.map((message) => {
        const history = message.seq === null ? undefined : settled.get(message.seq);
        return history ? { ...message, history } : message;
      });
    }
    this.put(messages);
    this.#parts.opened(messages);
    return messages;
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
