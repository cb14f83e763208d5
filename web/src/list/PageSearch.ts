/**
 * Finds rows of a list that the server can't search, because what is looked for is sealed: the browser reads the list
 * page by page in the background. What was read stays for the next search.
 */
import { type Signal, signal } from "@preact/signals";
import { wordsOf } from "../text/fold.ts";
import { holdsAll, ListWalk, searchText, type WalkParts, type WalkState } from "./ListWalk.ts";

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
  readonly wait: WalkParts["wait"];
}

export type Search<Row> =
  | { readonly kind: "off" }
  | {
      readonly kind: "on";
      readonly state: WalkState;
      /** How many rows were looked at. */
      readonly searched: number;
      /** The instant of the oldest of them; null while there is none. */
      readonly backTo: number | null;
      readonly hits: readonly Row[];
    };

type On = Extract<Search<unknown>, { kind: "on" }>;

/** How many rows are found before the search asks whether to go on. */
export const ENOUGH = 50;

export class PageSearch<Row> {
  readonly state: Signal<Search<Row>> = signal({ kind: "off" });
  /** What was asked for, as it was typed. */
  readonly query = signal("");
  /** What was read, newest first, and the rows that came into being since. */
  #kept: Row[] = [];
  #newer: Row[] = [];
  readonly #places = new Map<string, number>();
  /** Where the next page begins: null at the very beginning, undefined after the end. */
  #next: string | null | undefined = null;
  readonly #walk: ListWalk;
  #wanted: readonly string[] = [];
  #place = 0;
  #enough = ENOUGH;
  /** What this walk has found, and what an earlier one had that is in sight until this one has come as far. */
  #found: readonly Row[] = [];
  #earlier: readonly Row[] = [];

  constructor(private readonly list: Searched<Row>) {
    this.#walk = new ListWalk({
      step: (run) => this.#step(run),
      ended: (state) => this.#end(state),
      wait: list.wait,
    });
  }

  /** Looks for rows that hold every one of these words; no word ends the search. */
  async find(query: string): Promise<void> {
    this.query.value = query;
    const wanted = wordsOf(query);
    if (wanted.length > 0 && wanted.join(" ") === this.#wanted.join(" ") && !this.#walk.isStopped) return;
    const run = this.#walk.begin();
    this.#wanted = wanted;
    const before = this.state.value;
    if (wanted.length === 0) {
      this.state.value = { kind: "off" };
      return;
    }
    const fitting = (rows: readonly Row[]) => rows.filter((row) => this.#fits(row));
    [this.#place, this.#enough] = [0, ENOUGH];
    this.#found = fitting(this.#newer);
    this.#earlier = before.kind === "on" ? fitting(before.hits) : [];
    this.#show("searching", this.#newer.length, null);
    await this.#walk.still();
    await this.#walk.go(run);
  }

  /** Leaves it at what was found. */
  stop(): void {
    const search = this.state.value;
    if (search.kind === "off" || search.state !== "searching") return;
    this.#walk.stop();
    this.#set("stopped");
  }

  /** Goes on after {@link stop}, after a fault, or when enough was found. */
  async further(): Promise<void> {
    const search = this.state.value;
    if (search.kind === "off" || search.state === "searching" || search.state === "done") return;
    this.#enough = search.hits.length + ENOUGH;
    this.#set("searching");
    await this.#walk.go(this.#walk.begin());
  }

  /** A row is new, or it changed. */
  changed(row: Row): void {
    const name = this.list.nameOf(row);
    const place = this.#places.get(name);
    const newer = this.#newer.findIndex((known) => this.list.nameOf(known) === name);
    const fresh = place === undefined && newer < 0 && this.#kept.length > 0;
    if (place !== undefined) this.#kept[place] = row;
    else if (newer >= 0) this.#newer[newer] = row;
    else if (fresh) this.#newer.unshift(row);
    const search = this.state.value;
    if (search.kind === "off") return;
    const renewed = (hit: Row) => (this.list.nameOf(hit) === name ? row : hit);
    const found = this.#found.map(renewed);
    this.#found = fresh && this.#fits(row) ? [row, ...found] : found;
    this.#earlier = this.#earlier.map(renewed);
    this.#show(search.state, search.searched + (fresh ? 1 : 0), search.backTo);
  }

  /**
   * What was read may no longer be true: reads it again where a search runs or is done. What was found stays in sight
   * meanwhile, and a search that was left at what it had stays there.
   */
  forget(): void {
    [this.#kept, this.#newer, this.#next, this.#place] = [[], [], null, 0];
    this.#places.clear();
    const search = this.state.value;
    if (search.kind === "off") return;
    [this.#found, this.#earlier] = [[], search.hits];
    if (search.state === "stopped" || search.state === "full") return;
    this.#show("searching", 0, null);
    void this.#walk.go(this.#walk.begin());
  }

  async #step(run: AbortSignal): Promise<"full" | "done" | null> {
    this.#lookAtKept();
    if (this.#found.length >= this.#enough) return "full";
    if (this.#next === undefined) return "done";
    await this.#read(this.#next, run);
    return null;
  }

  /** Looks at what was read and not looked at yet, up to the row that makes it enough. */
  #lookAtKept(): void {
    const search = this.state.value;
    if (search.kind === "off") return;
    const found = [...this.#found];
    for (; this.#place < this.#kept.length && found.length < this.#enough; this.#place += 1) {
      const row = this.#kept[this.#place];
      if (row !== undefined && this.#fits(row)) found.push(row);
    }
    this.#found = found;
    const last = this.#kept[this.#place - 1];
    const backTo = last === undefined ? search.backTo : this.list.timeOf(last);
    this.#show(search.state, this.#newer.length + this.#place, backTo);
  }

  async #read(after: string | null, run: AbortSignal): Promise<void> {
    const page = await this.#walk.read(run, () => this.list.page(after, run));
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

  #fits(row: Row): boolean {
    return holdsAll(searchText(this.list.textsOf(row)), this.#wanted);
  }

  #show(state: On["state"], searched: number, backTo: number | null): void {
    const known = new Set(this.#found.map((row) => this.list.nameOf(row)));
    const earlier = this.#earlier.filter((row) => !known.has(this.list.nameOf(row)));
    this.state.value = { kind: "on", state, searched, backTo, hits: [...this.#found, ...earlier] };
  }

  #set(state: On["state"]): void {
    const search = this.state.value;
    if (search.kind === "on") this.state.value = { ...search, state };
  }

  #end(state: "full" | "done" | "failed"): void {
    // What an earlier walk had and this one did not meet is no hit any more, once it has come to its end.
    if (state !== "failed") this.#earlier = [];
    const search = this.state.value;
    if (search.kind === "on") this.#show(state, search.searched, search.backTo);
  }
}
