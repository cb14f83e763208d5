/** The partner's links: the list, the one that is being shown, and what makes and ends them. */
import { computed, type ReadonlySignal, type Signal, signal } from "@preact/signals";
import type { PageSearch } from "../api/search.ts";
import type { LinkList, LinkRow } from "../api/wire.ts";
import type { Vault } from "../crypto/vaultApi.ts";
import { type LinkAlert, LinkAlerts } from "./LinkAlerts.ts";
import { type LinkDraft, LinkMaker, type MadeAddress, type MakerParts, NeedsAsking } from "./LinkMaker.ts";
import { type LinkState, stateAt } from "./lifetime.ts";
import { linkSearch } from "./linkSearch.ts";
import { OpenedLinks } from "./OpenedLinks.ts";

/** The list of links. A further page may be on its way while the earlier ones are read. */
export type LinkRows =
  | { readonly kind: "loading" }
  | { readonly kind: "failed"; readonly fault: unknown }
  | {
      readonly kind: "ready";
      readonly rows: readonly LinkRow[];
      readonly next: string | null;
      readonly more: "idle" | "loading" | "failed";
    };

/** The link on show. */
export interface ShownLink extends MadeAddress {
  readonly copied: "not_asked" | "pending" | "yes" | "no";
}

export type Shown =
  | { readonly kind: "none" }
  | { readonly kind: "making" }
  | { readonly kind: "asking"; readonly draft: LinkDraft }
  | { readonly kind: "failed"; readonly fault: unknown; readonly draft: LinkDraft }
  | { readonly kind: "shown"; readonly link: ShownLink };

export interface LinksParts extends MakerParts {
  readonly vault: Pick<Vault, "makeLink" | "openLinks">;
  /** What the world calls this server: `https://chat.example.org`. */
  readonly origin: string;
  /** The partner's name, as customers see it. */
  readonly partnerName: string;
  /** The names of chats that a link may be made to. */
  readonly chats: ReadonlySignal<readonly string[]>;
  /** Says that somebody tried a used link. */
  readonly alerted: (alert: LinkAlert) => void;
  /** Unix milliseconds. */
  readonly now: () => number;
  readonly wait: (pause: number) => Promise<void>;
  /** Whether a chat is known to have ended: no new link opens it. */
  readonly ended: (chatRef: string) => boolean;
  /** Writes a text that is still being made to the clipboard. */
  readonly copy: (text: Promise<string>) => Promise<boolean>;
}

export class LinksModel {
  readonly list: Signal<LinkRows> = signal({ kind: "loading" });
  readonly filter = signal<LinkState | null>(null);
  readonly shown: Signal<Shown> = signal({ kind: "none" });
  readonly opened: OpenedLinks;
  readonly search: PageSearch<LinkRow>;
  readonly alerts: LinkAlerts;
  /** The row that the person was led to: it takes the focus. */
  readonly pointed = signal<string | null>(null);
  /** The row of the link on show, as it stands now, whether the list has it or not. */
  readonly shownRow = computed(() => {
    const [shown, list, heard] = [this.shown.value, this.list.value, this.#heard.value];
    if (shown.kind !== "shown") return null;
    if (heard?.ref === shown.link.ref) return heard;
    return (list.kind === "ready" && list.rows.find((row) => row.ref === shown.link.ref)) || null;
  });
  readonly #heard = signal<LinkRow | null>(null);
  readonly #maker: LinkMaker;
  #asked = 0;

  constructor(private readonly parts: LinksParts) {
    this.#maker = new LinkMaker(parts);
    this.opened = new OpenedLinks(parts.vault);
    this.search = linkSearch(parts.api, this.opened, parts.wait);
    this.alerts = new LinkAlerts(parts.alerted);
  }

  /** The partner's name, as customers see it. */
  get partnerName(): string {
    return this.parts.partnerName;
  }

  /** The names of chats that a link may be made to, for suggestions. */
  get chats(): ReadonlySignal<readonly string[]> {
    return this.parts.chats;
  }

  /** Reads everything anew: what was heard on the line may have gaps. */
  refresh(): Promise<void> {
    this.search.forget();
    return this.load();
  }

  /** Reads the first page. Rows that are there already stay in sight until the answer is here. */
  async load(): Promise<void> {
    const asked = ++this.#asked;
    if (this.list.value.kind === "failed") this.list.value = { kind: "loading" };
    const before = this.list.value;
    try {
      const page = await this.#page(null);
      if (asked !== this.#asked) return;
      this.list.value = afresh(before, this.list.value, page);
      await this.opened.open(page.links);
      if (this.filter.value === null) for (const row of page.links) this.search.changed(row);
    } catch (fault) {
      if (asked === this.#asked) this.list.value = { kind: "failed", fault };
    }
  }

  /** Reads the next page. */
  async more(): Promise<void> {
    const list = this.list.value;
    if (list.kind !== "ready" || list.next === null || list.more === "loading") return;
    const asked = this.#asked;
    this.list.value = { ...list, more: "loading" };
    try {
      const page = await this.#page(list.next);
      const now = this.list.value;
      if (asked !== this.#asked || now.kind !== "ready") return;
      const known = new Set(now.rows.map((row) => row.ref));
      const rows = [...now.rows, ...page.links.filter((row) => !known.has(row.ref))].sort(newestFirst);
      this.list.value = { kind: "ready", rows, next: page.next ?? null, more: "idle" };
      await this.opened.open(page.links);
    } catch {
      const now = this.list.value;
      if (asked === this.#asked && now.kind === "ready") this.list.value = { ...now, more: "failed" };
    }
  }

  /** Shows only links in one state, or all. */
  choose(filter: LinkState | null): Promise<void> {
    this.filter.value = filter;
    this.list.value = { kind: "loading" };
    return this.load();
  }

  /** The server says how a link stands now. A row in sight stays in sight, whatever the filter. */
  changed(row: LinkRow): void {
    if (this.#isShown(row.ref)) this.#heard.value = row;
    const list = this.list.value;
    if (list.kind === "ready" && list.rows.some((known) => known.ref === row.ref)) {
      this.list.value = { ...list, rows: list.rows.map((known) => (known.ref === row.ref ? row : known)) };
    } else if (this.filter.value === null || this.filter.value === row.state) this.#insert(row);
    const tell = () => {
      this.search.changed(row);
      this.alerts.changed(row, this.labelOf(row) || row.chatId, this.parts.now());
    };
    // A label that does not open just now must not keep an alert from being told.
    this.opened.open([row]).then(tell, tell);
  }

  /** Leads to a row: nothing is left that hides it. */
  async reveal(row: LinkRow): Promise<void> {
    void this.search.look("");
    if (this.filter.value !== null || this.list.value.kind !== "ready") await this.choose(null);
    const list = this.list.value;
    if (list.kind === "ready" && !list.rows.some((known) => known.ref === row.ref)) this.#insert(row);
    this.pointed.value = row.ref;
  }

  /** What was found, as far as the filter lets it through at an instant. */
  hitsAt(now: ReadonlySignal<number>): readonly LinkRow[] {
    const [search, filter] = [this.search.state.value, this.filter.value];
    if (search.kind === "off") return [];
    return filter === null ? search.hits : search.hits.filter((row) => stateAt(row, now.value) === filter);
  }

  #insert(row: LinkRow): void {
    const list = this.list.value;
    if (list.kind === "ready") this.list.value = { ...list, rows: [row, ...list.rows].sort(newestFirst) };
  }

  #isShown(ref: string): boolean {
    const shown = this.shown.value;
    return shown.kind === "shown" && shown.link.ref === ref;
  }

  /**
   * Makes a link, copies and shows it. Call it inside the click, for the clipboard.
   * `agreed` says that another customer may take the place of the one that the chat had.
   */
  async generate(draft: LinkDraft, agreed = false): Promise<void> {
    if (this.shown.value.kind === "making") return;
    this.shown.value = { kind: "making" };
    const made = this.#maker.make(draft, agreed);
    const copying = this.parts.copy(made.then((link) => link.url));
    try {
      const link = await made;
      this.shown.value = { kind: "shown", link: { ...link, copied: "pending" } };
      this.#copied(link.ref, await copying);
    } catch (fault) {
      this.shown.value =
        fault instanceof NeedsAsking ? { kind: "asking", draft } : { kind: "failed", fault, draft };
    }
  }

  /** A new link to the chat of an old one, with its label, for as long as the old one was given. */
  reissue(row: LinkRow): Promise<void> {
    const hours = (Date.parse(row.expiresAt) - Date.parse(row.createdAt)) / 3_600_000;
    return this.generate({ chatId: row.chatId, label: this.labelOf(row), hours });
  }

  /** Whether a new link to the chat of an old one can be made, as far as this page knows. */
  mayReissue(row: LinkRow): boolean {
    return !this.parts.ended(row.chatRef);
  }

  /** Copies the link on show once more. Call it inside the click. */
  async copyAgain(): Promise<void> {
    const shown = this.shown.value;
    if (shown.kind !== "shown") return;
    this.#copied(shown.link.ref, await this.parts.copy(Promise.resolve(shown.link.url)));
  }

  /** Shows a valid link once more. */
  showAgain(row: LinkRow): void {
    const opened = this.opened.of(row);
    if (opened?.kind !== "shown") return;
    this.#heard.value = row;
    const url = this.#address(opened.linkId, opened.fragment);
    const { ref, chatId, expiresAt } = row;
    const link: ShownLink = { ref, url, chatId, label: opened.label, expiresAt, copied: "not_asked" };
    this.shown.value = { kind: "shown", link };
  }

  /** Puts the link on show away. */
  hide(): void {
    this.shown.value = { kind: "none" };
  }

  /** Ends a link that nobody has used. */
  async revoke(row: LinkRow): Promise<void> {
    this.changed(await this.parts.api.call("POST /api/links/{ref}/revoke", { path: { ref: row.ref } }));
  }

  /** A row's label, or nothing where it has none or does not open. */
  labelOf(row: LinkRow): string {
    return this.opened.labelOf(row);
  }

  #copied(ref: string, done: boolean): void {
    const shown = this.shown.value;
    if (shown.kind !== "shown" || shown.link.ref !== ref) return;
    this.shown.value = { kind: "shown", link: { ...shown.link, copied: done ? "yes" : "no" } };
  }

  #address(linkId: string, fragment: string): string {
    return `${this.parts.origin}/secure/chat/${linkId}#${fragment}`;
  }

  #page(after: string | null): Promise<LinkList> {
    const state = this.filter.value ?? undefined;
    return this.parts.api.call("GET /api/links", { query: { state, after: after ?? undefined } });
  }
}

/**
 * The list with its first page read again. Further pages that were read `before` it was asked for stay, unless there
 * may be rows in between: then reading goes on from this page. What came meanwhile stays in any case.
 */
function afresh(before: LinkRows, list: LinkRows, page: LinkList): LinkRows {
  const next = page.next ?? null;
  if (before.kind !== "ready" || list.kind !== "ready") {
    return { kind: "ready", rows: page.links, next, more: "idle" };
  }
  const known = new Set(before.rows.map((row) => row.ref));
  const read = new Set(page.links.map((row) => row.ref));
  const joined = next !== null && page.links.some((row) => known.has(row.ref));
  const oldest = page.links.at(-1);
  const kept = list.rows.filter((row) => {
    if (read.has(row.ref)) return false;
    return !known.has(row.ref) || (joined && oldest !== undefined && newestFirst(oldest, row) < 0);
  });
  const further = joined && kept.some((row) => known.has(row.ref));
  const rows = [...page.links, ...kept].sort(newestFirst);
  return { kind: "ready", rows, next: further ? list.next : next, more: "idle" };
}

function newestFirst(one: LinkRow, other: LinkRow): number {
  return Date.parse(other.createdAt) - Date.parse(one.createdAt);
}
