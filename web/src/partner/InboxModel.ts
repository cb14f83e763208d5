/** The partner's chats, the most recently active first, and how many messages wait. */
import { computed, type Signal, signal } from "@preact/signals";
import { Problem } from "../api/problem.ts";
import type { ChatRow } from "../api/wire.ts";
import type { Caller } from "./caller.ts";

export type Inbox =
  | { readonly kind: "loading" }
  | { readonly kind: "failed"; readonly fault: unknown }
  | {
      readonly kind: "ready";
      readonly next: string | null;
      readonly more: "idle" | "loading" | "failed";
    };

/** One chat that was asked for by its address. */
export type ChatLookup =
  | { readonly kind: "found" | "missing" }
  | { readonly kind: "failed"; readonly fault: unknown };

export class InboxModel {
  readonly inbox: Signal<Inbox> = signal({ kind: "loading" });
  readonly #known: Signal<ReadonlyMap<string, ChatRow>> = signal(new Map());
  /** Every chat that was read so far. */
  readonly chats = computed(() => [...this.#known.value.values()].sort(latestFirst));
  /** How many messages nobody has seen. */
  readonly unread = computed(() => this.chats.value.reduce((sum, chat) => sum + chat.unread, 0));

  constructor(private readonly api: Caller) {}

  /** Reads the first page; what is in sight stays. */
  async load(): Promise<void> {
    if (this.inbox.value.kind === "failed") this.inbox.value = { kind: "loading" };
    try {
      const page = await this.api.call("GET /api/chats");
      const before = this.inbox.value;
      this.#merge(page.chats);
      const kept = before.kind === "ready" && this.#known.value.size > page.chats.length;
      this.inbox.value = { kind: "ready", next: (kept ? before.next : page.next) ?? null, more: "idle" };
    } catch (fault) {
      if (this.inbox.value.kind !== "ready") this.inbox.value = { kind: "failed", fault };
    }
  }

  /** Reads the next page. */
  async more(): Promise<void> {
    const inbox = this.inbox.value;
    if (inbox.kind !== "ready" || inbox.next === null || inbox.more === "loading") return;
    this.inbox.value = { ...inbox, more: "loading" };
    try {
      const page = await this.api.call("GET /api/chats", { query: { after: inbox.next } });
      this.#merge(page.chats);
      this.inbox.value = { kind: "ready", next: page.next ?? null, more: "idle" };
    } catch {
      this.inbox.value = { ...inbox, more: "failed" };
    }
  }

  /** The chat of an address, which may be further down than what was read. */
  async find(chatRef: string): Promise<ChatLookup> {
    if (this.#known.value.has(chatRef)) return { kind: "found" };
    try {
      this.#merge([await this.api.call("GET /api/chats/{chatRef}", { path: { chatRef } })]);
      return { kind: "found" };
    } catch (fault) {
      return Problem.of(fault).code === "not_found" ? { kind: "missing" } : { kind: "failed", fault };
    }
  }

  /** A chat that was read already. */
  chat(chatRef: string): ChatRow | null {
    return this.#known.value.get(chatRef) ?? null;
  }

  /** The server says how a chat stands now. */
  changed(row: ChatRow): void {
    this.#merge([row]);
  }

  /** A customer came or went. */
  presence(chatRef: string, online: boolean): void {
    const chat = this.#known.value.get(chatRef);
    if (chat && chat.online !== online) this.#merge([{ ...chat, online }]);
  }

  /** Ends a chat for both sides. */
  async end(chatRef: string): Promise<void> {
    await this.api.call("POST /api/chats/{chatRef}/end", { path: { chatRef } });
    this.#merge([await this.api.call("GET /api/chats/{chatRef}", { path: { chatRef } })]);
  }

  #merge(rows: readonly ChatRow[]): void {
    this.#known.value = new Map([...this.#known.value, ...rows.map((row) => [row.chatRef, row] as const)]);
  }
}

function latestFirst(one: ChatRow, other: ChatRow): number {
  return Date.parse(other.activeAt) - Date.parse(one.activeAt) || (one.chatRef < other.chatRef ? -1 : 1);
}
