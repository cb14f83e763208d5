/** Finds chats by what agents called them. The server cannot read labels, so this reads every page here, one by one. */
import { computed, type Signal, signal } from "@preact/signals";
import { retry, TRIES } from "../../api/retry.ts";
import type { ChatRow } from "../../api/wire.ts";
import type { ListState } from "../../list/PagedList.ts";
import { folded, wordsOf } from "../../text/fold.ts";
import type { InboxModel } from "./InboxModel.ts";

/** How far the reading of all chats has come. */
export type Reading = "idle" | "reading" | "stopped" | "failed" | "done";

/** Milliseconds without a key before pages are read. */
const PAUSE = 250;

export class InboxSearch {
  /** What is looked for; empty shows every chat. */
  readonly query = signal("");
  /** Whether only chats are shown whose customer waits for an answer. */
  readonly waiting = signal(false);
  readonly reading: Signal<Reading> = signal("idle");
  readonly active = computed(() => this.waiting.value || wordsOf(this.query.value).length > 0);
  /** The chats to show. */
  readonly hits = computed(() => {
    const { chats } = this.#inbox;
    if (!this.active.value) return chats.value;
    const wanted = wordsOf(this.query.value);
    return chats.value.filter((chat) => this.#fits(chat, wanted));
  });
  readonly #inbox: InboxModel;
  readonly #texts = new WeakMap<ChatRow, { readonly label: string; readonly text: string }>();
  #pause: ReturnType<typeof setTimeout> | undefined;
  #turn = 0;

  /** `wait` waits so many milliseconds. */
  constructor(
    inbox: InboxModel,
    private readonly wait: (pause: number) => Promise<void>,
  ) {
    this.#inbox = inbox;
  }

  /** Looks for words. What is known already is filtered at once. */
  find(query: string): void {
    this.query.value = query;
    this.#changed();
  }

  /** Shows only chats that wait for an answer, or all. */
  onlyWaiting(only: boolean): void {
    this.waiting.value = only;
    this.#changed();
  }

  /** Reads no further. */
  stop(): void {
    if (this.reading.value === "reading") this.#end("stopped");
  }

  /** Reads on after a stop or a failure. */
  async readOn(): Promise<void> {
    this.#turn += 1;
    const turn = this.#turn;
    const { labels, inbox } = this.#inbox;
    this.reading.value = "reading";
    const isOver = () => turn !== this.#turn;
    try {
      while (!isOver()) {
        await labels.settled();
        if (isOver()) return;
        const end = endOf(inbox.value);
        if (end !== null) return this.#end(end);
        await retry(() => this.#readPage(), { wait: this.wait, tries: TRIES, isOver });
      }
    } catch {
      if (!isOver()) this.#end("failed");
    }
  }

  /** There are pages again that were not read: a search that was done reads them as well. */
  reopened(): void {
    if (this.reading.value === "done") void this.readOn();
  }

  async #readPage(): Promise<void> {
    const fault = await this.#inbox.more(200);
    if (fault) throw fault;
  }

  #changed(): void {
    clearTimeout(this.#pause);
    const { value } = this.reading;
    if (!this.active.value) this.#end("idle");
    else if (value !== "reading" && value !== "done")
      this.#pause = setTimeout(() => void this.readOn(), PAUSE);
  }

  #end(reading: Reading): void {
    this.#turn += 1;
    this.reading.value = reading;
  }

  #fits(chat: ChatRow, wanted: readonly string[]): boolean {
    if (this.waiting.value && !isWaiting(chat)) return false;
    if (wanted.length === 0) return true;
    const label = this.#inbox.labels.of(chat.chatRef);
    let known = this.#texts.get(chat);
    if (known?.label !== label) {
      known = { label, text: folded(`${label} ${chat.chatId}`) };
      this.#texts.set(chat, known);
    }
    const { text } = known;
    return wanted.every((needle) => text.includes(needle));
  }
}

function endOf(inbox: ListState): Reading | null {
  if (inbox.kind !== "ready") return "failed";
  return inbox.next === null ? "done" : null;
}

/** Whether somebody hopes for an answer in a chat. */
export function isWaiting(chat: ChatRow): boolean {
  return !chat.endedAt && Boolean(chat.waitingSince || chat.askedAt);
}
