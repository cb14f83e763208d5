/** Finds chats by what agents called them. The server cannot read labels, so this reads every page here, one by one. */
import { computed, type Signal, signal } from "@preact/signals";
import type { ChatRow } from "../../api/wire.ts";
import { holdsAll, ListWalk, searchText, type WalkState } from "../../list/ListWalk.ts";
import { wordsOf } from "../../text/fold.ts";
import type { InboxModel } from "./InboxModel.ts";

/** The most chats that the server gives at a time. */
const PAGE = 200;

export class InboxSearch {
  /** What is looked for; empty shows every chat. */
  readonly query = signal("");
  /** Whether only chats are shown whose customer waits for an answer. */
  readonly waiting = signal(false);
  /** How far the reading of all chats has come. */
  readonly state: Signal<WalkState | "off"> = signal("off");
  readonly active = computed(() => this.waiting.value || wordsOf(this.query.value).length > 0);
  /** The chats to show. */
  readonly hits = computed(() => {
    const { chats } = this.#inbox;
    if (!this.active.value) return chats.value;
    const wanted = wordsOf(this.query.value);
    return chats.value.filter((chat) => this.#fits(chat, wanted));
  });
  readonly #inbox: InboxModel;
  readonly #walk: ListWalk;
  readonly #texts = new WeakMap<ChatRow, { readonly label: string; readonly text: string }>();

  /** `wait` waits so many milliseconds. */
  constructor(inbox: InboxModel, wait: (pause: number) => Promise<void>) {
    this.#inbox = inbox;
    this.#walk = new ListWalk({
      step: (run) => this.#step(run),
      ended: (state) => {
        this.state.value = state;
      },
      wait,
    });
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
    if (this.state.value === "searching") this.#leave("stopped");
  }

  /** Reads on after {@link stop} or a failure. */
  async further(): Promise<void> {
    await this.#read(this.#walk.begin());
  }

  /** There are pages again that were not read: a search that was done reads them as well. */
  reopened(): void {
    if (this.state.value === "done") void this.further();
  }

  #changed(): void {
    const { value } = this.state;
    if (!this.active.value) this.#leave("off");
    else if (value !== "searching" && value !== "done") void this.#readSoon(this.#walk.begin());
  }

  async #readSoon(run: AbortSignal): Promise<void> {
    await this.#walk.still();
    if (!run.aborted) await this.#read(run);
  }

  async #read(run: AbortSignal): Promise<void> {
    this.state.value = "searching";
    await this.#walk.go(run);
  }

  async #step(run: AbortSignal): Promise<"done" | null> {
    const { labels, inbox } = this.#inbox;
    await labels.settled();
    const list = inbox.value;
    if (list.kind !== "ready") throw new Error("there is no list to search");
    if (list.next === null) return "done";
    if (!run.aborted) await this.#walk.read(run, () => this.#readPage());
    return null;
  }

  async #readPage(): Promise<void> {
    const fault = await this.#inbox.more(PAGE);
    if (fault) throw fault;
  }

  #leave(state: "stopped" | "off"): void {
    this.#walk.stop();
    this.state.value = state;
  }

  #fits(chat: ChatRow, wanted: readonly string[]): boolean {
    if (this.waiting.value && !isWaiting(chat)) return false;
    if (wanted.length === 0) return true;
    const label = this.#inbox.labels.of(chat.chatRef);
    let known = this.#texts.get(chat);
    if (known?.label !== label) {
      known = { label, text: searchText([label, chat.chatId]) };
      this.#texts.set(chat, known);
    }
    return holdsAll(known.text, wanted);
  }
}

/** Whether somebody hopes for an answer in a chat. */
export function isWaiting(chat: ChatRow): boolean {
  return !chat.endedAt && Boolean(chat.waitingSince || chat.askedAt);
}
