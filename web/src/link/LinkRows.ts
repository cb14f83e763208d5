/** The list of links as far as it was read, under a filter. */
import { computed, type ReadonlySignal, signal } from "@preact/signals";
import type { Api } from "../api/api.ts";
import { newer } from "../api/newer.ts";
import type { LinkList, LinkRow } from "../api/wire.ts";
import { type ListState, type Page, PagedList, type Reading } from "../list/PagedList.ts";
import type { LinkState } from "./lifetime.ts";
import type { OpenedLinks } from "./OpenedLinks.ts";

/** How many rows a page has when nothing else is asked for, and at most. */
const PAGE = 50;
export const LONGEST = 200;

/** How far the list was read, and the rows, newest first. */
export type ReadRows =
  | Exclude<ListState, { readonly kind: "ready" }>
  | (Extract<ListState, { readonly kind: "ready" }> & { readonly rows: readonly LinkRow[] });

export class LinkRows {
  readonly state: ReadonlySignal<ReadRows> = computed(() => {
    const list = this.#list.state.value;
    return list.kind === "ready" ? { ...list, rows: this.#rows.value } : list;
  });
  readonly filter = signal<LinkState | null>(null);
  readonly #rows = signal<readonly LinkRow[]>([]);
  readonly #list: PagedList<LinkRow>;
  /** Rows that were told of before their page was read. */
  readonly #apart = new Map<string, LinkRow>();

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
      taken: (rows) => {
        this.#place();
        return opened.open(rows);
      },
    });
  }

  /** Reads the newest rows again, as many as were read and one page can hold, or with `whole` every one. */
  load(whole = false): Promise<Reading<LinkRow>> {
    const { length } = this.#rows.value;
    const limit = length > PAGE ? Math.min(length, LONGEST) : undefined;
    return this.#list.load({ limit, whole });
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
    if (!isThere && !this.#list.reaches(row)) this.#apart.set(row.ref, newer(this.#apart.get(row.ref), row));
    else if (isThere || this.filter.value === null || this.filter.value === row.state) this.insert(row);
  }

  /** Puts a row in its place, once the list is there. */
  insert(row: LinkRow): void {
    if (this.#list.state.value.kind === "ready") this.#take([row], () => true, "first");
  }

  /** A page came: what was told of its rows meanwhile counts. */
  #place(): void {
    const apart = [...this.#apart.values()];
    this.#apart.clear();
    for (const row of apart) this.changed(row);
  }

  #take(rows: readonly LinkRow[], isKept: (row: LinkRow) => boolean, equals: "first" | "last"): void {
    const taken = new Map(rows.map((row) => [row.ref, row]));
    const stay: LinkRow[] = [];
    for (const known of this.#rows.peek()) {
      const row = taken.get(known.ref);
      if (row) stay.push(newer(known, row));
      else if (isKept(known)) stay.push(known);
      taken.delete(known.ref);
    }
    const fresh = [...taken.values()];
    this.#rows.value = (equals === "first" ? [...fresh, ...stay] : [...stay, ...fresh]).sort(newestFirst);
  }

  async #page(after: string | null, limit?: number): Promise<Page<LinkRow>> {
    const state = this.filter.value ?? undefined;
    const query = { state, after: after ?? undefined, limit };
    // Without `fields` the rows are whole.
    const { links, next } = (await this.api.call("GET /api/links", { query })) as LinkList;
    return { rows: links, next: next ?? null };
  }
}

function newestFirst(one: LinkRow, other: LinkRow): number {
  return Date.parse(other.createdAt) - Date.parse(one.createdAt);
}
