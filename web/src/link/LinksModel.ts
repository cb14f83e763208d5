/** The partner's links: the list, the one that is being shown, and what makes and ends them. */
import { computed, type Signal, signal } from "@preact/signals";
import type { LinkList, LinkRow } from "../api/wire.ts";
import type { OpenedLink, Vault } from "../crypto/vaultApi.ts";
import { type LinkDraft, LinkMaker, type MadeAddress, type MakerParts, NeedsAsking } from "./LinkMaker.ts";
import type { LinkState } from "./lifetime.ts";

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
  /** Whether a chat is known to have ended: no new link opens it. */
  readonly ended: (chatRef: string) => boolean;
  /** Writes a text that is still being made to the clipboard. */
  readonly copy: (text: Promise<string>) => Promise<boolean>;
}

export class LinksModel {
  readonly list: Signal<LinkRows> = signal({ kind: "loading" });
  readonly filter = signal<LinkState | null>(null);
  readonly shown: Signal<Shown> = signal({ kind: "none" });
  /** What is known of a row's sealed part, by its hash. */
  readonly opened = signal<ReadonlyMap<string, OpenedLink>>(new Map());
  /** The row of the link on show, once the list has it. */
  readonly shownRow = computed(() => {
    const { shown, list } = { shown: this.shown.value, list: this.list.value };
    if (shown.kind !== "shown" || list.kind !== "ready") return null;
    return list.rows.find((row) => row.ref === shown.link.ref) ?? null;
  });
  readonly #maker: LinkMaker;
  #asked = 0;

  constructor(private readonly parts: LinksParts) {
    this.#maker = new LinkMaker(parts);
  }

  /** Reads the first page. Rows that are there already stay in sight until the answer is here. */
  async load(): Promise<void> {
    const asked = ++this.#asked;
    if (this.list.value.kind === "failed") this.list.value = { kind: "loading" };
    try {
      const page = await this.#page(null);
      if (asked !== this.#asked) return;
      this.list.value = afresh(this.list.value, page);
      await this.#open(page.links);
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
      const rows = [...now.rows, ...page.links.filter((row) => !known.has(row.ref))];
      this.list.value = { kind: "ready", rows, next: page.next ?? null, more: "idle" };
      await this.#open(page.links);
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
    const list = this.list.value;
    if (list.kind !== "ready") return;
    if (list.rows.some((known) => known.ref === row.ref)) {
      this.list.value = { ...list, rows: list.rows.map((known) => (known.ref === row.ref ? row : known)) };
    } else if (this.filter.value === null || this.filter.value === row.state) {
      this.list.value = { ...list, rows: [row, ...list.rows].sort(newestFirst) };
    }
    void this.#open([row]);
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
    const opened = this.opened.value.get(row.idHash);
    if (opened?.kind !== "shown") return;
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
    const opened = this.opened.value.get(row.idHash);
    return opened && "label" in opened ? opened.label : "";
  }

  #copied(ref: string, done: boolean): void {
    const shown = this.shown.value;
    if (shown.kind !== "shown" || shown.link.ref !== ref) return;
    this.shown.value = { kind: "shown", link: { ...shown.link, copied: done ? "yes" : "no" } };
  }

  async #open(rows: readonly LinkRow[]): Promise<void> {
    const fresh = rows.filter((row) => !this.opened.value.has(row.idHash));
    if (fresh.length === 0) return;
    const opened = await this.parts.vault.openLinks(fresh);
    this.opened.value = new Map([
      ...this.opened.value,
      ...opened.map((link) => [link.idHash, link] as const),
    ]);
  }

  #address(linkId: string, fragment: string): string {
    return `${this.parts.origin}/secure/chat/${linkId}#${fragment}`;
  }

  #page(after: string | null): Promise<LinkList> {
    const state = this.filter.value ?? undefined;
    return this.parts.api.call("GET /api/links", { query: { state, after: after ?? undefined } });
  }
}

/** The list with its first page read again: further pages that were read before stay. */
function afresh(list: LinkRows, page: LinkList): LinkRows {
  const oldest = page.links.at(-1);
  const kept =
    list.kind === "ready" && oldest && page.next
      ? list.rows.filter((row) => newestFirst(oldest, row) < 0)
      : [];
  const next = (kept.length > 0 && list.kind === "ready" ? list.next : page.next) ?? null;
  return { kind: "ready", rows: [...page.links, ...kept], next, more: "idle" };
}

function newestFirst(one: LinkRow, other: LinkRow): number {
  return Date.parse(other.createdAt) - Date.parse(one.createdAt);
}
