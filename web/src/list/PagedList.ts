/** A list of the server's that is read page by page, and read again while it changes under its reader. */
import { batch, type Signal, signal } from "@preact/signals";
import { Problem } from "../api/problem.ts";

/** A part of the list, and the cursor of the next part; null after the last. */
export interface Page<Row> {
  readonly rows: readonly Row[];
  readonly next: string | null;
}

/** How far the list was read. */
export type ListState =
  | { readonly kind: "loading" }
  | { readonly kind: "failed"; readonly fault: unknown }
  | {
      readonly kind: "ready";
      readonly next: string | null;
      /** A further page may be on its way while the earlier ones are read again. */
      readonly more: "idle" | "loading" | "failed";
    };

/** Where the rows are: each once, in the order of the list. */
export interface RowStore<Row> {
  readonly rows: () => readonly Row[];
  /**
   * Takes rows up, each in place of what was known of it unless that was newer, and drops every other one that is not
   * kept. Among equals these stand first or last.
   */
  readonly take: (rows: readonly Row[], isKept: (row: Row) => boolean, equals: "first" | "last") => void;
}

/** What tells one list from another. */
export interface PagedListParts<Row> {
  /** Asks for the page after a cursor; for the first one after null. */
  readonly page: (after: string | null, limit?: number) => Promise<Page<Row>>;
  readonly store: RowStore<Row>;
  /** What no other row has. */
  readonly nameOf: (row: Row) => string;
  /** Negative where one row stands before another, and 0 among rows of which only the server knows the order. */
  readonly compare: (one: Row, other: Row) => number;
  /**
   * Whether a row of a page that was read again shows that nothing lies between it and what was there: by how it was
   * when the page was asked for, and by whether it had come with a page.
   */
  readonly joins: (row: Row, before: Row | undefined, wasRead: boolean) => boolean;
  /** Whether a row stays where everything else is dropped. */
  readonly isPinned?: (row: Row) => boolean;
  /** Rows were taken up. */
  readonly taken?: (rows: readonly Row[]) => Promise<void>;
  /** There are pages again that were not read. */
  readonly reopened?: () => void;
}

/** How the list is read again. */
export interface ReadOptions<Row> {
  /** How many rows a page has, where that is not left to the server. */
  readonly limit?: number | undefined;
  /** Every page that was read, and not the first one alone. */
  readonly whole?: boolean;
  /** Hears of a page's rows just before they are taken up; gives what is done just after. */
  readonly taking?: (rows: readonly Row[]) => () => void;
}

/** What came of a reading. */
export interface Reading<Row> {
  readonly rows: readonly Row[];
  readonly fault: Problem | null;
}

/** One list as far as it was read. What the line tells of its rows goes to the store as well. */
export class PagedList<Row> {
  readonly state: Signal<ListState> = signal({ kind: "loading" });
  /** The rows that came with a page: between two of them none is missing. */
  readonly #read = new Set<string>();
  /** Moves when what was read is dropped: a page that is still on its way has no place then. */
  #era = 0;
  /** Moves when the list becomes another one: no page of the old one has a place then. */
  #resets = 0;
  /** The newest reading of the first page, and the newest one that has come. */
  #asked = 0;
  #answered = 0;
  #further: { readonly era: number; readonly page: Promise<Problem | null> } | null = null;

  constructor(private readonly parts: PagedListParts<Row>) {}

  /**
   * Reads the first page again, or with `whole` every one that was read. What is there already stays in sight until
   * the answer is here, and without one.
   */
  async load({ limit, whole = false, taking }: ReadOptions<Row> = {}): Promise<Reading<Row>> {
    const { page, store, nameOf, taken } = this.parts;
    const [asked, resets] = [++this.#asked, this.#resets];
    const before = new Map(store.rows().map((row) => [nameOf(row), row]));
    const rows: Row[] = [];
    try {
      for (let after: string | null | undefined; after !== null; ) {
        const came: Page<Row> = await page(after ?? null, limit);
        if (asked < this.#answered || resets !== this.#resets) break;
        this.#answered = asked;
        const took = taking?.(came.rows);
        const further: boolean = this.#renew(came, before, rows.at(-1));
        took?.();
        rows.push(...came.rows);
        await taken?.(came.rows);
        after = whole && further ? came.next : null;
      }
      return { rows, fault: null };
    } catch (fault) {
      if (asked === this.#asked && this.state.value.kind !== "ready") {
        this.state.value = { kind: "failed", fault };
      }
      return { rows, fault: Problem.of(fault) };
    }
  }

  /** Reads the first page for somebody who asked again after a failure. */
  again(options?: ReadOptions<Row>): Promise<Reading<Row>> {
    this.state.value = { kind: "loading" };
    return this.load(options);
  }

  /** Reads the next page. A page that is on its way already is the next one. */
  more(limit?: number): Promise<Problem | null> {
    if (this.#further?.era !== this.#era) {
      const further = { era: this.#era, page: this.#readMore(limit) };
      this.#further = further;
      void further.page.then(() => {
        if (this.#further === further) this.#further = null;
      });
    }
    return this.#further.page;
  }

  /** Whether what was read goes as far as the place of a row. */
  reaches(row: Row): boolean {
    const { store, nameOf, compare } = this.parts;
    const list = this.state.value;
    if (list.kind !== "ready") return false;
    const last = store.rows().findLast((known) => this.#read.has(nameOf(known)));
    return list.next === null || last === undefined || compare(row, last) <= 0;
  }

  /** Becomes another list, which nothing was read of. */
  reset(): void {
    this.#drop();
    this.#resets += 1;
    this.state.value = { kind: "loading" };
  }

  async #readMore(limit?: number): Promise<Problem | null> {
    const { page, store, taken } = this.parts;
    const list = this.state.value;
    if (list.kind !== "ready" || list.next === null) return null;
    const era = this.#era;
    this.state.value = { ...list, more: "loading" };
    try {
      const { rows, next } = await page(list.next, limit);
      if (era !== this.#era) return null;
      this.#mark(rows);
      batch(() => {
        store.take(rows, () => true, "last");
        this.state.value = { kind: "ready", next, more: "idle" };
      });
      await taken?.(rows);
      return null;
    } catch (fault) {
      const now = this.state.value;
      if (era === this.#era && now.kind === "ready") this.state.value = { ...now, more: "failed" };
      return Problem.of(fault);
    }
  }

  /**
   * Takes a page that was read again: the first one, or the one that goes on `from` a row. Further rows that were
   * there `before` it was asked for stay, unless there may be rows in between: then reading goes on from this page.
   * What came or moved meanwhile stays in any case. Gives whether there are further rows.
   */
  #renew({ rows, next }: Page<Row>, before: ReadonlyMap<string, Row>, from?: Row): boolean {
    const { store, nameOf, compare, joins, isPinned, reopened } = this.parts;
    const list = this.state.value;
    const joined =
      list.kind === "ready" &&
      rows.some((row) => joins(row, before.get(nameOf(row)), this.#read.has(nameOf(row))));
    if (!joined) this.#drop();
    this.#mark(rows);
    const came = new Set(rows.map(nameOf));
    const oldest = rows.at(-1);
    const isAbove = (row: Row) => from !== undefined && compare(row, from) <= 0;
    const isBelow = (row: Row) => next !== null && oldest !== undefined && compare(oldest, row) <= 0;
    const hasMoved = (row: Row) => {
      const known = before.get(nameOf(row));
      return known === undefined || compare(known, row) !== 0;
    };
    const isKept = (row: Row) =>
      hasMoved(row) || isPinned?.(row) === true || isAbove(row) || (joined && isBelow(row));
    const further =
      joined && store.rows().some((row) => !came.has(nameOf(row)) && isKept(row) && isBelow(row));
    batch(() => {
      store.take(rows, isKept, "first");
      this.state.value = {
        kind: "ready",
        next: further ? list.next : next,
        more: joined ? list.more : "idle",
      };
    });
    if (!joined && next !== null) reopened?.();
    return further;
  }

  #mark(rows: readonly Row[]): void {
    for (const row of rows) this.#read.add(this.parts.nameOf(row));
  }

  #drop(): void {
    this.#era += 1;
    this.#read.clear();
  }
}
