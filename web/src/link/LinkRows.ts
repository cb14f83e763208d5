/** The list of links as far as it was read, under a filter. */
import { type Signal, signal } from "@preact/signals";
import type { Api } from "../api/api.ts";
import { Problem } from "../api/problem.ts";
import type { LinkList, LinkRow } from "../api/wire.ts";
import type { LinkState } from "./lifetime.ts";
import type { OpenedLinks } from "./OpenedLinks.ts";

/** How many rows a page has when nothing else is asked for, and at most. */
const PAGE = 50;
export const LONGEST = 200;

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

/** What came of a reading. */
export interface Reading {
  readonly rows: readonly LinkRow[];
  /** Those that somebody else has tried since the list was read before. */
  readonly tried: readonly LinkRow[];
  readonly fault: Problem | null;
}

export class LinkRows {
  readonly state: Signal<ReadRows> = signal({ kind: "loading" });
  readonly filter = signal<LinkState | null>(null);
  /** The rows that came with a page: between two of them none is missing. */
  readonly #read = new Set<string>();
  /** Moves when what was read is dropped: a page that is still on its way has no place then. */
  #era = 0;
  /** The newest reading of the first page, and the newest one that has come. */
  #asked = 0;
  #answered = 0;

  constructor(
    private readonly api: Pick<Api, "call">,
    private readonly opened: Pick<OpenedLinks, "open">,
  ) {}

  /**
   * Reads the newest rows again, as many as were read and one page can hold, or with `whole` every one. Rows that are
   * there already stay in sight until the answer is here, and without one.
   */
  async load(whole = false): Promise<Reading> {
    const [asked, filter] = [++this.#asked, this.filter.value];
    const before = new Map(this.#rows().map((row) => [row.ref, row]));
    const isTried = this.#triedSince(before);
    const limit = before.size > PAGE ? Math.min(before.size, LONGEST) : undefined;
    const rows: LinkRow[] = [];
    const reading = (fault: Problem | null): Reading => ({ rows, tried: rows.filter(isTried), fault });
    try {
      for (let after: string | null | undefined; after !== null; ) {
        const page: LinkList = await this.#page(after ?? null, limit);
        if (asked < this.#answered || filter !== this.filter.value) break;
        this.#answered = asked;
        const further: boolean = this.#renew(page, before, rows.at(-1));
        rows.push(...page.links);
        await this.opened.open(page.links);
        after = whole && further ? (page.next ?? null) : null;
      }
      return reading(null);
    } catch (fault) {
      if (asked === this.#asked && this.state.value.kind !== "ready") {
        this.state.value = { kind: "failed", fault };
      }
      return reading(Problem.of(fault));
    }
  }

  /** Reads the next page. */
  async more(): Promise<void> {
    const list = this.state.value;
    if (list.kind !== "ready" || list.next === null || list.more === "loading") return;
    const era = this.#era;
    this.state.value = { ...list, more: "loading" };
    try {
      const page = await this.#page(list.next);
      if (era !== this.#era) return;
      const known = new Set(this.#rows().map((row) => row.ref));
      const rows = [...this.#rows(), ...page.links.filter((row) => !known.has(row.ref))].sort(newestFirst);
      for (const { ref } of page.links) this.#read.add(ref);
      this.state.value = { kind: "ready", rows, next: page.next ?? null, more: "idle" };
      await this.opened.open(page.links);
    } catch {
      const now = this.state.value;
      if (era === this.#era && now.kind === "ready") this.state.value = { ...now, more: "failed" };
    }
  }

  /** Holds only links in one state from now on, or all; none before they are read. */
  choose(filter: LinkState | null): void {
    this.#drop();
    this.filter.value = filter;
    this.state.value = { kind: "loading" };
  }

  /** A row in sight. */
  find(ref: string): LinkRow | null {
    return this.#rows().find((row) => row.ref === ref) ?? null;
  }

  /** A link stands like this now. A row in sight stays in sight, whatever the filter. */
  changed(row: LinkRow): void {
    const list = this.state.value;
    if (list.kind === "ready" && this.find(row.ref)) {
      this.state.value = {
        ...list,
        rows: list.rows.map((known) => (known.ref === row.ref ? later(known, row) : known)),
      };
    } else if (this.filter.value === null || this.filter.value === row.state) this.insert(row);
  }

  /** Puts a row that is not in sight in its place. */
  insert(row: LinkRow): void {
    const list = this.state.value;
    if (list.kind === "ready") this.state.value = { ...list, rows: [row, ...list.rows].sort(newestFirst) };
  }

  /**
   * Takes a page that was read again: the first one, or the one that goes on `from` a row. Further rows that were
   * there `before` it was asked for stay, unless there may be rows in between: then reading goes on from this page.
   * What came meanwhile stays in any case. Gives whether there are further rows.
   */
  #renew(page: LinkList, before: ReadonlyMap<string, LinkRow>, from?: LinkRow): boolean {
    const [list, next] = [this.state.value, page.next ?? null];
    const joined = list.kind === "ready" && page.links.some(({ ref }) => this.#read.has(ref));
    if (!joined) this.#drop();
    const came = new Set(page.links.map(({ ref }) => ref));
    for (const ref of came) this.#read.add(ref);
    const oldest = page.links.at(-1);
    const isAbove = (row: LinkRow) => from !== undefined && newestFirst(row, from) <= 0;
    const isBelow = (row: LinkRow) => next !== null && oldest !== undefined && newestFirst(oldest, row) <= 0;
    const kept = this.#rows().filter((row) => {
      return !came.has(row.ref) && (!before.has(row.ref) || isAbove(row) || (joined && isBelow(row)));
    });
    const rows = [...page.links.map((row) => later(this.find(row.ref), row)), ...kept].sort(newestFirst);
    const further = joined && kept.some(isBelow);
    this.state.value = {
      kind: "ready",
      rows,
      next: further ? list.next : next,
      more: joined ? list.more : "idle",
    };
    return further;
  }

  /** Tells whom somebody else has tried since these were read. Of an older link nobody knows how long ago it was. */
  #triedSince(before: ReadonlyMap<string, LinkRow>): (row: LinkRow) => boolean {
    const [newest] = before.values();
    const wasRead = this.state.value.kind === "ready";
    const isNew = (row: LinkRow) => wasRead && (!newest || newestFirst(row, newest) < 0);
    return (row) => {
      const unknown = isNew(row) ? 0 : Number.POSITIVE_INFINITY;
      return row.laterAttempts > (before.get(row.ref)?.laterAttempts ?? unknown);
    };
  }

  #rows(): readonly LinkRow[] {
    const list = this.state.value;
    return list.kind === "ready" ? list.rows : [];
  }

  #drop(): void {
    this.#era += 1;
    this.#read.clear();
  }

  #page(after: string | null, limit?: number): Promise<LinkList> {
    const state = this.filter.value ?? undefined;
    const query = { state, after: after ?? undefined, limit };
    // Without `fields` the rows are whole.
    return this.api.call("GET /api/links", { query }) as Promise<LinkList>;
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
