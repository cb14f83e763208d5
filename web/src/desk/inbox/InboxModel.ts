/** The partner's chats, the most recently active first, and how many messages wait. */
import { computed, type ReadonlySignal, signal } from "@preact/signals";
import { newer } from "../../api/newer.ts";
import { Problem } from "../../api/problem.ts";
import { pause } from "../../api/retry.ts";
import type { ChatRow, SeatRow } from "../../api/wire.ts";
import type { KeyWorker } from "../../crypto/keyWorkerApi.ts";
import { type ListState, type Page, PagedList } from "../../list/PagedList.ts";
import type { DeskApi } from "../shell/deskApi.ts";
import { InboxLabels } from "./InboxLabels.ts";
import { InboxOrder, mostRecentFirst } from "./InboxOrder.ts";
import { InboxSearch } from "./InboxSearch.ts";

/** One chat that was asked for by its address. */
export type ChatLookup =
  | { readonly kind: "found" | "missing" }
  | { readonly kind: "failed"; readonly fault: unknown };

export class InboxModel {
  readonly labels: InboxLabels;
  readonly search: InboxSearch;
  readonly #order = new InboxOrder();
  readonly #version = signal(0);
  /** Every chat that was read so far. */
  readonly chats = computed(() => {
    this.#version.value;
    return this.#order.rows();
  });
  /** How many messages nobody has seen. */
  readonly unread = computed(() => {
    this.#version.value;
    return this.#order.unread;
  });
  readonly #list: PagedList<ChatRow>;
  /** Chats that only a frame told of, which does not say what they are called. */
  readonly #unnamed = new Set<string>();
  #naming = false;
  /** The chat that was asked for by its address last: it stays, wherever it stands. */
  #wanted = "";

  constructor(
    private readonly api: DeskApi,
    keyWorker: Pick<KeyWorker, "openLabels">,
    /** Hears how many messages came, by chat, by the line or while it was down. */
    private readonly arrived: (news: ReadonlyMap<string, number>) => void,
    wait: (milliseconds: number) => Promise<void> = pause,
  ) {
    this.labels = new InboxLabels(keyWorker);
    this.#list = new PagedList({
      page: (after, limit) => this.#page(after, limit),
      store: {
        rows: () => this.chats.peek(),
        take: (rows, isKept) => this.#take(rows, isKept),
      },
      nameOf: ({ chatRef }) => chatRef,
      compare: mostRecentFirst,
      // What the line tells while the page is on its way says nothing of what lies between.
      joins: ({ activeAt }, before) => before?.activeAt === activeAt,
      isPinned: ({ chatRef }) => chatRef === this.#wanted,
      reopened: () => this.search.reopened(),
    });
    this.search = new InboxSearch(this, wait);
  }

  /** How far the list was read. */
  get inbox(): ReadonlySignal<ListState> {
    return this.#list.state;
  }

  /** Reads the first page; what is in sight stays, unless there may be something in between. */
  async load(): Promise<void> {
    await this.#list.load({ taking: (rows) => this.#taking(rows) });
    void this.#nameRest();
  }

  /** Somebody asks for the first page after a failure. */
  async again(): Promise<void> {
    await this.#list.again({ taking: (rows) => this.#taking(rows) });
    void this.#nameRest();
  }

  /** Reads the next page. A page that is on its way already is the next one. */
  more(limit = 50): Promise<Problem | null> {
    return this.#list.more(limit);
  }

  /** The chat of an address, which may be further down than what was read. */
  async find(chatRef: string): Promise<ChatLookup> {
    this.#wanted = chatRef;
    if (this.#order.get(chatRef)) return { kind: "found" };
    try {
      await this.#readOne(chatRef);
      return { kind: "found" };
    } catch (fault) {
      return Problem.of(fault).code === "not_found" ? { kind: "missing" } : { kind: "failed", fault };
    }
  }

  /** A chat that was read already. */
  chat(chatRef: string): ChatRow | null {
    this.#version.value;
    return this.#order.get(chatRef);
  }

  /** What a chat is called: by its label, or by its own name. */
  nameOf(chat: ChatRow): string {
    return this.labels.of(chat.chatRef) || chat.chatId;
  }

  /**
   * The next chat with something unread, going down or up from the open one and around. Chats that were not read yet
   * are read before it is said that there is none.
   */
  async findUnread(open: string | null, way: 1 | -1): Promise<string | null> {
    for (;;) {
      const found = this.nextUnread(open, way);
      const { value } = this.inbox;
      if (found !== null || value.kind !== "ready" || value.next === null) return found;
      if ((await this.more(200)) !== null) return null;
    }
  }

  /** The same among the chats that were read. */
  nextUnread(open: string | null, way: 1 | -1): string | null {
    const chats = this.chats.value;
    const from = chats.findIndex(({ chatRef }) => chatRef === open);
    for (let step = 1; step <= chats.length; step += 1) {
      const place = (from + way * step + chats.length * 2) % chats.length;
      const chat = chats[from < 0 && way > 0 ? step - 1 : place];
      if (chat && chat.unread > 0 && chat.chatRef !== open) return chat.chatRef;
    }
    return null;
  }

  /** The server says how a chat stands now. */
  changed(row: ChatRow): void {
    const news = this.#newsIn([row]);
    if (!this.#order.get(row.chatRef)) this.#unnamed.add(row.chatRef);
    this.#merge([row]);
    void this.#nameRest();
    this.#tell(news);
  }

  /** A customer came in: by a link that may have a label. */
  seated({ chat, number, linkHash, vault }: SeatRow): void {
    if (vault) this.labels.learn(chat, { linkHash, vault });
    else if (number === 1) this.labels.bare(chat);
  }

  /** A customer came or went. */
  presence(chatRef: string, online: boolean): void {
    const chat = this.#order.get(chatRef);
    if (chat && chat.online !== online) this.#merge([{ ...chat, online }]);
  }

  /** The customers of these chats are there now, and no other's. */
  present(chatRefs: readonly string[]): void {
    const here = new Set(chatRefs);
    for (const { chatRef } of this.chats.peek()) this.presence(chatRef, here.has(chatRef));
  }

  /** Ends a chat for both sides. */
  async end(chatRef: string): Promise<void> {
    await this.api.call("POST /api/chats/{chatRef}/end", { path: { chatRef } });
    const row = await this.api
      .call("GET /api/chats/{chatRef}", { path: { chatRef } })
      // The chat has ended all the same, and the server's own instant comes with the next reading.
      .catch(() => this.#endedNow(chatRef));
    if (row) this.#merge([row]);
  }

  async #readOne(chatRef: string): Promise<void> {
    this.#merge([await this.api.call("GET /api/chats/{chatRef}", { path: { chatRef } })]);
  }

  /** One after the other, and not before there is a list: it names most of them. */
  async #nameRest(): Promise<void> {
    if (this.#naming || this.inbox.peek().kind !== "ready") return;
    this.#naming = true;
    for (const chatRef of this.#unnamed) {
      if (!this.labels.knows(chatRef)) await this.#readOne(chatRef).catch(() => undefined);
      this.#unnamed.delete(chatRef);
    }
    this.#naming = false;
  }

  #endedNow(chatRef: string): ChatRow | null {
    const row = this.#order.get(chatRef);
    return row && { ...row, endedAt: row.endedAt ?? new Date().toISOString() };
  }

  async #page(after: string | null, limit?: number): Promise<Page<ChatRow>> {
    const query = { after: after ?? undefined, limit };
    const { chats, next } = await this.api.call("GET /api/chats", { query });
    return { rows: chats, next: next ?? null };
  }

  /** Finds what is news in a page, and tells of it once the page is there. */
  #taking(rows: readonly ChatRow[]): () => void {
    const news = this.#newsIn(rows);
    return () => this.#tell(news);
  }

  #tell(news: ReadonlyMap<string, number>): void {
    if (news.size > 0) this.arrived(news);
  }

  /**
   * How many messages are news in what the server says of chats. In one that was not read yet, what waits may have
   * waited for long: it is news if nothing that was read is as recent.
   */
  #newsIn(rows: readonly ChatRow[]): ReadonlyMap<string, number> {
    const { newest } = this.#order;
    const count = (row: ChatRow): number => {
      const { chatRef, unread, activeAt } = row;
      const before = this.#order.get(chatRef);
      if (before) return newer(before, row).unread - before.unread;
      const fresh = !newest || Date.parse(activeAt) > Date.parse(newest.activeAt);
      return fresh ? Math.min(unread, 1) : 0;
    };
    const counted =
      this.inbox.peek().kind === "ready" ? rows.map((row) => [row.chatRef, count(row)] as const) : [];
    return new Map(counted.filter(([, news]) => news > 0));
  }

  #take(rows: readonly ChatRow[], isKept: (row: ChatRow) => boolean): void {
    const came = new Set(rows.map(({ chatRef }) => chatRef));
    const gone = this.#order.rows().filter((row) => !came.has(row.chatRef) && !isKept(row));
    for (const { chatRef } of gone) this.#order.remove(chatRef);
    this.#merge(rows);
  }

  #merge(rows: readonly ChatRow[]): void {
    for (const row of rows) {
      this.#order.put(row);
      if (row.label) this.labels.learn(row.chatRef, row.label);
    }
    this.#version.value += 1;
  }
}
