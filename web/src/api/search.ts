/**
 * Finds rows of a list that the server can't search, because what is looked for is sealed: the browser reads the list
 * page by page in the background. What was read stays for the next search.
 */
import { type Signal, signal } from "@preact/signals";
import { Problem } from "./problem.ts";

/** The list that is searched. It runs from the newest row to the oldest. */
export interface Searched<Row> {
  /** The page after a cursor, as long as the server gives it. */
  readonly page: (
    after: string | null,
    signal: AbortSignal,
  ) => Promise<{ readonly rows: readonly Row[]; readonly next: string | null }>;
  /** Opens what is sealed in rows, and leaves out what need not be kept. */
  readonly open: (rows: readonly Row[]) => Promise<readonly Row[]>;
  /** What no other row has. */
  readonly nameOf: (row: Row) => string;
  /** The texts that are looked into. */
  readonly textsOf: (row: Row) => readonly string[];
  /** The row's instant in Unix milliseconds, to say how far back the search has come. */
  readonly timeOf: (row: Row) => number;
  /** Waits this many milliseconds. */
  readonly wait: (pause: number) => Promise<void>;
}

export type Search<Row> =
  | { readonly kind: "off" }
  | {
      readonly kind: "on";
      /** `full`: enough was found for now. `done`: everything was looked at. */
      readonly state: "searching" | "stopped" | "full" | "done" | "failed";
      /** How many rows were looked at. */
      readonly searched: number;
      /** The instant of the oldest of them; null while there is none. */
      readonly backTo: number | null;
      readonly hits: readonly Row[];
    };

/** How many rows are found before the search asks whether to go on. */
export const ENOUGH = 50;
/** Milliseconds without a key before a search begins. */
const STILL = 250;
/** How often in a row a page that can't be had just now is asked for. */
const PATIENCE = 5;

export class PageSearch<Row> {
  readonly state: Signal<Search<Row>> = signal({ kind: "off" });
  /** What was read, newest first, and the rows that came into being since. */
  #kept: Row[] = [];
  #newer: Row[] = [];
  readonly #places = new Map<string, number>();
  /** Where the next page begins: null at the very beginning, undefined after the end. */
  #next: string | null | undefined = null;
  /** The search that runs; another one in its place ends it. */
  #run = new AbortController();
  #wanted: readonly string[] = [];
  #place = 0;
  #enough = ENOUGH;

  constructor(private readonly list: Searched<Row>) {}

  /** Looks for rows that hold every one of these words; no word ends the search. */
  async look(words: string): Promise<void> {
    const wanted = wordsOf(words);
    if (wanted.length > 0 && wanted.join(" ") === this.#wanted.join(" ") && !this.#run.signal.aborted) return;
    const run = this.#begin();
    this.#wanted = wanted;
    if (wanted.length === 0) {
      this.state.value = { kind: "off" };
      return;
    }
    await this.list.wait(STILL);
    if (run.aborted) return;
    [this.#place, this.#enough] = [0, ENOUGH];
    const hits = this.#newer.filter((row) => this.#fits(row));
    this.state.value = { kind: "on", state: "searching", searched: this.#newer.length, backTo: null, hits };
    await this.#walk(run);
  }

  /** Leaves it at what was found. */
  stop(): void {
    this.#run.abort();
    this.#set({ state: "stopped" });
  }

  /** Goes on after {@link stop}, after a fault, or when enough was found. */
  async further(): Promise<void> {
    const search = this.state.value;
    if (search.kind === "off" || search.state === "searching" || search.state === "done") return;
    this.#enough = search.hits.length + ENOUGH;
    this.#set({ state: "searching" });
    await this.#walk(this.#begin());
  }

  /** A row is new, or it changed. */
  changed(row: Row): void {
    const name = this.list.nameOf(row);
    const place = this.#places.get(name);
    const newer = this.#newer.findIndex((known) => this.list.nameOf(known) === name);
    if (place !== undefined) this.#kept[place] = row;
    else if (newer >= 0) this.#newer[newer] = row;
    else if (this.#kept.length > 0) this.#newer.unshift(row);
    else return;
    const search = this.state.value;
    if (search.kind === "off") return;
    const fresh = place === undefined && newer < 0;
    const hits = search.hits.map((hit) => (this.list.nameOf(hit) === name ? row : hit));
    this.state.value = {
      ...search,
      searched: search.searched + (fresh ? 1 : 0),
      hits: fresh && this.#fits(row) ? [row, ...hits] : hits,
    };
  }

  /** What was read may no longer be true: forgets it, and begins anew where a search runs. */
  forget(): void {
    [this.#kept, this.#newer, this.#next] = [[], [], null];
    this.#places.clear();
    if (this.state.value.kind === "off") return;
    const words = this.#wanted.join(" ");
    this.#wanted = [];
    void this.look(words);
  }

  #begin(): AbortSignal {
    this.#run.abort();
    this.#run = new AbortController();
    return this.#run.signal;
  }

  async #walk(run: AbortSignal): Promise<void> {
    try {
      while (!run.aborted) {
        this.#lookAtKept();
        const search = this.state.value;
        if (search.kind === "off") return;
        if (search.hits.length >= this.#enough) return this.#set({ state: "full" });
        if (this.#next === undefined) return this.#set({ state: "done" });
        await this.#read(this.#next, run);
      }
    } catch {
      if (!run.aborted) this.#set({ state: "failed" });
    }
  }

  /** Looks at what was read and not looked at yet, up to the row that makes it enough. */
  #lookAtKept(): void {
    const search = this.state.value;
    if (search.kind === "off") return;
    const [hits, begin] = [[...search.hits], this.#place];
    for (; this.#place < this.#kept.length && hits.length < this.#enough; this.#place += 1) {
      const row = this.#kept[this.#place];
      if (row !== undefined && this.#fits(row)) hits.push(row);
    }
    const last = this.#kept[this.#place - 1];
    const backTo = last === undefined ? search.backTo : this.list.timeOf(last);
    this.state.value = { ...search, searched: search.searched + this.#place - begin, backTo, hits };
  }

  async #read(after: string | null, run: AbortSignal): Promise<void> {
    const page = await this.#page(after, run);
    const rows = await this.list.open(page.rows);
    // Another search may have read the same page meanwhile.
    if (run.aborted || this.#next !== after) return;
    for (const row of rows) {
      const name = this.list.nameOf(row);
      if (this.#places.has(name) || this.#newer.some((known) => this.list.nameOf(known) === name)) continue;
      this.#places.set(name, this.#kept.push(row) - 1);
    }
    this.#next = page.next ?? undefined;
  }

  async #page(after: string | null, run: AbortSignal) {
    for (let tries = 1; ; tries += 1) {
      try {
        return await this.list.page(after, run);
      } catch (fault) {
        const problem = Problem.of(fault);
        if (run.aborted || !problem.passing || tries >= PATIENCE) throw fault;
        await this.list.wait(Math.max(problem.patience, 500 * tries));
        if (run.aborted) throw fault;
      }
    }
  }

  #fits(row: Row): boolean {
    const texts = this.list.textsOf(row).map(plain).join("\n");
    return this.#wanted.every((word) => texts.includes(word));
  }

  #set(changed: { readonly state: "searching" | "stopped" | "full" | "done" | "failed" }): void {
    const search = this.state.value;
    if (search.kind === "on") this.state.value = { ...search, ...changed };
  }
}

/** The words of a search as they are compared. */
export function wordsOf(text: string): readonly string[] {
  return plain(text).split(/\s+/).filter(Boolean);
}

/** A text as it is compared: "Café" is found by "cafe". */
export function plain(text: string): string {
  return text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
}
