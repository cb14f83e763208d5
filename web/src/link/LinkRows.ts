/** The list of links as far as it was read, under a filter. */
import { computed, type ReadonlySignal, signal } from "@preact/signals";
import type { Api } from "../api/api.ts";
import type { Problem } from "../api/problem.ts";
import type { LinkList, LinkRow } from "../api/wire.ts";
import { type ListState, type Page, PagedList } from "../list/PagedList.ts";
import type { LinkState } from "./lifetime.ts";
import type { OpenedLinks } from "./OpenedLinks.ts";

/** How many rows a page has when nothing else is asked for, and at most. */
const PAGE = 50;
export const LONGEST = 200;

/** How far the list was read, and the rows, newest first. */
export type ReadRows =
  | Exclude<ListState, { readonly kind: "ready" }>
  | (Extract<ListState, { readonly kind: "ready" }> & { readonly rows: readonly LinkRow[] });

/** What came of a reading. */
export interface Reading {
  readonly rows: readonly LinkRow[];
  /** Those that somebody else has tried since the list was read before. */
  readonly tried: readonly LinkRow[];
  readonly fault: Problem | null;
}

export class LinkRows {
  readonly state: ReadonlySignal<ReadRows> = computed(() => {
    const list = this.#list.state.value;
    return list.kind === "ready" ? { ...list, rows: this.#rows.value } : list;
  });
  readonly filter = signal<LinkState | null>(null);
  readonly #rows = signal<readonly LinkRow[]>([]);
  readonly #list: PagedList<LinkRow>;

  constructor(
    private readonly api: Pick<Api, "call">,
    opened: Pick<OpenedLinks, "open">,
  ) {
    this.#list = new PagedList({
      page: (after, limit) => this.#page(after, limit),
      store: {
        rows: () => this.#rows.peek(),
        take: (...taken) => this.#take(...taken),
      },
      nameOf: ({ ref }) => ref,
      compare: newestFirst,
      // A row that only the line told of may stand beyond a gap.
      joins: (_row, _before, wasRead) => wasRead,
      taken: (rows) => opened.open(rows),
    });
  }

  /** Reads the newest rows again, as many as were read and one page can hold, or with `whole` every one. */
  async load(whole = false): Promise<Reading> {
    const before = this.#rows.value;
    const isTried = this.#triedSince(before);
    const limit = before.length > PAGE ? Math.min(before.length, LONGEST) : undefined;
    const { rows, fault } = await this.#list.load({ limit, whole });
    return { rows, tried: rows.filter(isTried), fault };
  }

  /** Reads the next page. */
  async more(): Promise<void> {
    await this.#list.more();
  }

  /** Holds only links in one state from now on, or all; none before they are read. */
  choose(filter: LinkState | null): void {
    this.filter.value = filter;
    this.#rows.value = [];
    this.#list.reset();
  }

  /** A row in sight. */
  find(ref: string): LinkRow | null {
    return this.#rows.value.find((row) => row.ref === ref) ?? null;
  }

  /** A link stands like this now. A row in sight stays in sight, whatever the filter. */
  changed(row: LinkRow): void {
    const isThere = this.find(row.ref) !== null;
    if (isThere || this.filter.value === null || this.filter.value === row.state) this.insert(row);
  }

  /** Puts a row in its place, once the list is there. */
  insert(row: LinkRow): void {
    if (this.#list.state.value.kind === "ready") this.#take([row], () => true, "first");
  }

  #take(rows: readonly LinkRow[], isKept: (row: LinkRow) => boolean, equals: "first" | "last"): void {
    const taken = new Map(rows.map((row) => [row.ref, row]));
    const stay: LinkRow[] = [];
    for (const known of this.#rows.peek()) {
      const row = taken.get(known.ref);
      if (row) stay.push(later(known, row));
      else if (isKept(known)) stay.push(known);
      taken.delete(known.ref);
    }
    const fresh = [...taken.values()];
    this.#rows.value = (equals === "first" ? [...fresh, ...stay] : [...stay, ...fresh]).sort(newestFirst);
  }

  /** Tells whom somebody else has tried since these were read. Of an older link nobody knows how long ago it was. */
  #triedSince(rows: readonly LinkRow[]): (row: LinkRow) => boolean {
    const before = new Map(rows.map((row) => [row.ref, row]));
    const [newest] = rows;
    const wasRead = this.#list.state.value.kind === "ready";
    const isNew = (row: LinkRow) => wasRead && (!newest || newestFirst(row, newest) < 0);
    return (row) => {
      const unknown = isNew(row) ? 0 : Number.POSITIVE_INFINITY;
      return row.laterAttempts > (before.get(row.ref)?.laterAttempts ?? unknown);
    };
  }

  async #page(after: string | null, limit?: number): Promise<Page<LinkRow>> {
    const state = this.filter.value ?? undefined;
    const query = { state, after: after ?? undefined, limit };
    // Without `fields` the rows are whole.
    const { links, next } = (await this.api.call("GET /api/links", { query })) as LinkList;
    return { rows: links, next: next ?? null };
  }
}

/**
 * Of what is known of a link and what comes, that which is further on, for what is read and what the line tells
 * overtake each other: a link that is no longer valid never is again, and nobody's attempt is undone.
 */
export function later(known: LinkRow | null, row: LinkRow): LinkRow {
  if (known === null) return row;
  const back = row.state === "valid" && known.state !== "valid";
  return back || row.laterAttempts < known.laterAttempts ? known : row;
}

function newestFirst(one: LinkRow, other: LinkRow): number {
  return Date.parse(other.createdAt) - Date.parse(one.createdAt);
}
