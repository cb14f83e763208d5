/** The partner's links: the list, the one that is being shown, and what makes and ends them. */
import { computed, type ReadonlySignal, type Signal, signal } from "@preact/signals";
import { newer } from "../api/newer.ts";
import { Problem } from "../api/problem.ts";
import { retry, TRIES } from "../api/retry.ts";
import type { LinkRow } from "../api/wire.ts";
import type { KeyWorker } from "../crypto/keyWorkerApi.ts";
import type { PageSearch } from "../list/PageSearch.ts";
import { type LinkAlert, LinkAlerts } from "./LinkAlerts.ts";
import { type LinkDraft, LinkMaker, type MadeAddress, type MakerParts, NeedsAsking } from "./LinkMaker.ts";
import { LinkRows, LONGEST } from "./LinkRows.ts";
import { endedWith, type LinkState, stateAt } from "./lifetime.ts";
import { linkSearch } from "./linkSearch.ts";
import { OpenedLinks } from "./OpenedLinks.ts";

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
  readonly keyWorker: Pick<KeyWorker, "makeLink" | "openLinks">;
  /** What the world calls this server: `https://chat.example.org`. */
  readonly origin: string;
  /** The partner's name, as customers see it. */
  readonly partnerName: string;
  /** The names of chats that a link may be made to. */
  readonly chats: ReadonlySignal<readonly string[]>;
  /** Says that somebody tried a used link. */
  readonly alerted: (alert: LinkAlert) => void;
  readonly wait: (pause: number) => Promise<void>;
  /** When a chat ended, as far as this page knows: no new link opens it. */
  readonly endedAt: (chatRef: string) => string | null;
  /** Writes a text that is still being made to the clipboard. */
  readonly copy: (text: Promise<string>) => Promise<boolean>;
}

export class LinksModel {
  readonly rows: LinkRows;
  readonly shown: Signal<Shown> = signal({ kind: "none" });
  readonly opened: OpenedLinks;
  readonly search: PageSearch<LinkRow>;
  readonly alerts: LinkAlerts;
  /** The row that the person was led to: it takes the focus. */
  readonly pointed = signal<string | null>(null);
  /** The row of the link on show, as it stands now, whether the list has it or not. */
  readonly shownRow = computed(() => {
    const { value: shown } = this.shown;
    if (shown.kind !== "shown") return null;
    const heard = this.#heardOf(shown.link.ref);
    const row = this.rows.find(shown.link.ref);
    const known = row === null ? heard : newer(heard, row);
    return known && this.standing(known);
  });
  readonly #heard = signal<LinkRow | null>(null);
  readonly #maker: LinkMaker;

  constructor(private readonly parts: LinksParts) {
    this.#maker = new LinkMaker(parts);
    this.opened = new OpenedLinks(parts.keyWorker);
    this.rows = new LinkRows(parts.api, this.opened);
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

  /**
   * Reads everything anew: what was heard on the line may have gaps. A fault is worth some further tries: while the
   * line holds nobody else asks.
   */
  async refresh(): Promise<void> {
    this.search.forget();
    const read = async () => {
      const fault = await this.load(true);
      if (fault) throw fault;
    };
    // A list that can't be read shows it, and one that was read stays.
    await retry(read, { wait: this.parts.wait, tries: TRIES }).catch(() => {});
  }

  /** Reads the newest rows again, or with `whole` every one that was read. What is in sight stays meanwhile. */
  async load(whole = false): Promise<Problem | null> {
    const { rows, fault } = await this.rows.load(whole);
    // Further down the search may not have come, and would take them for new ones.
    const searched = this.rows.filter.value === null ? rows.slice(0, LONGEST) : [];
    for (const row of searched) this.search.changed(this.#newest(row));
    if (fault === null) await this.#askOfShown(rows);
    return fault;
  }

  /** Asks how the link on show stands, if the list did not say and somebody may have used it. */
  async #askOfShown(read: readonly LinkRow[]): Promise<void> {
    const { value } = this.shown;
    if (value.kind !== "shown" || read.some(({ ref }) => ref === value.link.ref)) return;
    if (this.shownRow.value !== null && this.shownRow.value.state !== "valid") return;
    const row = await this.#row(value.link.ref);
    if (row === null) return;
    this.#hear(row);
    if (this.rows.find(row.ref)) this.rows.changed(row);
  }

  /** How one link stands now; null where that can't be had. */
  #row(ref: string): Promise<LinkRow | null> {
    return this.parts.api.call("GET /api/links/{ref}", { path: { ref } }).catch(() => null);
  }

  /** Shows only links in one state, or all. */
  async choose(filter: LinkState | null): Promise<void> {
    this.rows.choose(filter);
    await this.load();
  }

  /** The server says how a link stands now. A row in sight stays in sight, whatever the filter. */
  async changed(row: LinkRow): Promise<void> {
    this.#hear(row);
    this.rows.changed(row);
    // A label that does not open just now must not keep anything from being told.
    await this.opened.open([row]).catch(() => undefined);
    this.search.changed(this.#newest(row));
  }

  /** The server says that somebody tried a used link, and when. */
  async tried(row: LinkRow, at: number): Promise<void> {
    await this.changed(row);
    this.alerts.tried(row, this.labelOf(row) || row.chatId, at);
  }

  /** A row as it stands with its chat: the end of a chat revokes its valid links, and nobody tells of each. */
  standing(row: LinkRow): LinkRow {
    const endedAt = this.parts.endedAt(row.chatRef);
    return endedAt === null ? row : endedWith(row, endedAt);
  }

  /** Leads to a row: nothing is left that hides it. */
  async reveal(row: LinkRow): Promise<void> {
    void this.search.find("");
    if (this.rows.filter.value !== null || this.rows.state.value.kind !== "ready") await this.choose(null);
    if (!this.rows.find(row.ref)) this.rows.insert(row);
    this.pointed.value = row.ref;
  }

  /** What was found, as far as the filter lets it through at an instant. */
  hitsAt(now: ReadonlySignal<number>): readonly LinkRow[] {
    const [search, filter] = [this.search.state.value, this.rows.filter.value];
    if (search.kind === "off") return [];
    return filter === null
      ? search.hits
      : search.hits.filter((row) => stateAt(this.standing(row), now.value) === filter);
  }

  #newest(row: LinkRow): LinkRow {
    return newer(this.rows.find(row.ref), row);
  }

  #hear(row: LinkRow): void {
    const { value } = this.shown;
    if (value.kind !== "shown" || value.link.ref !== row.ref) return;
    this.#heard.value = newer(this.#heardOf(row.ref), row);
  }

  #heardOf(ref: string): LinkRow | null {
    const heard = this.#heard.value;
    return heard?.ref === ref ? heard : null;
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
    const { chatId } = row;
    const { value } = this.shown;
    const draft = { chatId, label: this.labelOf(row), hours };
    // After a lost answer the same bytes are sent again, so that there is one link and not two.
    const again = value.kind === "failed" && isSame(value.draft, draft);
    return this.generate(again ? value.draft : draft);
  }

  /** Whether a new link to the chat of an old one can be made, as far as this page knows. */
  mayReissue(row: LinkRow): boolean {
    return this.parts.endedAt(row.chatRef) === null;
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
  async revoke({ ref }: LinkRow): Promise<void> {
    try {
      void this.changed(await this.parts.api.call("POST /api/links/{ref}/revoke", { path: { ref } }));
    } catch (fault) {
      const row = isOver(fault) ? await this.#row(ref) : null;
      if (row) void this.changed(row);
      throw fault;
    }
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
}

function isSame(one: LinkDraft, other: LinkDraft): boolean {
  return one.chatId === other.chatId && one.label === other.label && one.hours === other.hours;
}

/** Whether a link could not be revoked because it is no longer valid anyway. */
export function isOver(fault: unknown): boolean {
  return Problem.of(fault).code === "link_no_longer_valid";
}
