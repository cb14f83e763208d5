/** The list of links as far as it was read, under a filter. */
import { type Signal, signal } from "@preact/signals";
import type { Api } from "../api/api.ts";
import type { LinkList, LinkRow } from "../api/wire.ts";
import type { LinkState } from "./lifetime.ts";
import type { OpenedLinks } from "./OpenedLinks.ts";

/** A further page may be on its way while the earlier ones are read. */
export type ReadRows =
  | { readonly kind: "loading" }
  | { readonly kind: "failed"; readonly fault: unknown }
  | {
      readonly kind: "ready";
      /** Newest first. */
      readonly rows: readonly LinkRow[];
      readonly next: string | null;
      readonly more: "idle" | "loading" | "failed";
    };

export class LinkRows {
  readonly state: Signal<ReadRows> = signal({ kind: "loading" });
  readonly filter = signal<LinkState | null>(null);
  #asked = 0;

  constructor(
    private readonly api: Pick<Api, "call">,
    private readonly opened: OpenedLinks,
  ) {}

  /** Reads the first page, and gives what came. Rows that are there already stay in sight until the answer is here. */
  async load(): Promise<readonly LinkRow[]> {
    const asked = ++this.#asked;
    if (this.state.value.kind === "failed") this.state.value = { kind: "loading" };
    const before = this.state.value;
    try {
      const page = await this.#page(null);
      if (asked !== this.#asked) return [];
      this.state.value = afresh(before, this.state.value, page);
      await this.opened.open(page.links);
      return page.links;
    } catch (fault) {
      if (asked === this.#asked) this.state.value = { kind: "failed", fault };
      return [];
    }
  }

  /** Reads the next page. */
  async more(): Promise<void> {
    const list = this.state.value;
    if (list.kind !== "ready" || list.next === null || list.more === "loading") return;
    const asked = this.#asked;
    this.state.value = { ...list, more: "loading" };
    try {
      const page = await this.#page(list.next);
      const now = this.state.value;
      if (asked !== this.#asked || now.kind !== "ready") return;
      const known = new Set(now.rows.map((row) => row.ref));
      const rows = [...now.rows, ...page.links.filter((row) => !known.has(row.ref))].sort(newestFirst);
      this.state.value = { kind: "ready", rows, next: page.next ?? null, more: "idle" };
      await this.opened.open(page.links);
    } catch {
      const now = this.state.value;
      if (asked === this.#asked && now.kind === "ready") this.state.value = { ...now, more: "failed" };
    }
  }

  /** Holds only links in one state from now on, or all; none before they are read. */
  choose(filter: LinkState | null): void {
    this.filter.value = filter;
    this.state.value = { kind: "loading" };
  }

  /** A row in sight. */
  find(ref: string): LinkRow | null {
    const list = this.state.value;
    return (list.kind === "ready" && list.rows.find((row) => row.ref === ref)) || null;
  }

  /** A link stands like this now. A row in sight stays in sight, whatever the filter. */
  changed(row: LinkRow): void {
    const list = this.state.value;
    if (list.kind === "ready" && this.find(row.ref)) {
      this.state.value = { ...list, rows: list.rows.map((known) => (known.ref === row.ref ? row : known)) };
    } else if (this.filter.value === null || this.filter.value === row.state) this.insert(row);
  }

  /** Puts a row that is not in sight in its place. */
  insert(row: LinkRow): void {
    const list = this.state.value;
    if (list.kind === "ready") this.state.value = { ...list, rows: [row, ...list.rows].sort(newestFirst) };
  }

  #page(after: string | null): Promise<LinkList> {
    const state = this.filter.value ?? undefined;
    return this.api.call("GET /api/links", { query: { state, after: after ?? undefined } });
  }
}

/**
 * The list with its first page read again. Further pages that were read `before` it was asked for stay, unless there
 * may be rows in between: then reading goes on from this page. What came meanwhile stays in any case.
 */
function afresh(before: ReadRows, list: ReadRows, page: LinkList): ReadRows {
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
