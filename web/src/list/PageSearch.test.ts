import { beforeEach, expect, test } from "vitest";
import { Problem } from "../api/problem.ts";
import { ENOUGH, PageSearch, type Search } from "./PageSearch.ts";

interface Row {
  readonly name: string;
  readonly label: string;
  readonly at: number;
}

/** Rows in the list, newest first, and what a page holds. */
let stored: Row[];
let asked: (string | null)[];
/** What stands in the way of the next pages. */
let faults: Problem[];
/** Called before a page is answered. */
let before: (after: string | null) => void;
let search: PageSearch<Row>;
const SIZE = 10;

beforeEach(() => {
  stored = rows(35, (number) => `Table ${number}`);
  [asked, faults, before] = [[], [], () => {}];
  search = new PageSearch({
    page: async (after) => {
      asked.push(after);
      before(after);
      const fault = faults.shift();
      if (fault) throw fault;
      const begin = after === null ? 0 : stored.findIndex(({ name }) => name === after) + 1;
      const page = stored.slice(begin, begin + SIZE);
      return { rows: page, next: begin + SIZE < stored.length ? (page.at(-1)?.name ?? null) : null };
    },
    open: async (page) => page,
    nameOf: ({ name }) => name,
    textsOf: ({ label, name }) => [label, name],
    timeOf: ({ at }) => at,
    wait: async () => {},
  });
});

function rows(count: number, label: (number: number) => string): Row[] {
  return Array.from({ length: count }, (_, place) => {
    const number = count - place;
    return { name: `row-${number}`, label: label(number), at: number * 1000 };
  });
}

function found(): Extract<Search<Row>, { kind: "on" }> {
  const state = search.state.value;
  if (state.kind === "off") throw new Error("no search");
  return state;
}

test("a search reads every page, and finds rows that hold all words, whatever their accents and case", async () => {
  stored[33] = { name: "row-2", label: "Crème BRÛLÉE, table 7", at: 2000 };
  await search.find("  brulee  Crème ");
  expect(found()).toMatchObject({ state: "done", searched: 35, backTo: 1000, hits: [{ name: "row-2" }] });
  expect(asked).toHaveLength(4);
});

test("pages that were read stay for the next search", async () => {
  await search.find("table 1");
  const reads = asked.length;
  await search.find("table 35");
  expect(found()).toMatchObject({ state: "done", searched: 35, hits: [{ name: "row-35" }] });
  expect(asked).toHaveLength(reads);
  await search.find(" ");
  expect(search.state.value.kind).toBe("off");
});

test("a later search takes the place of one that is not done", async () => {
  let second: Promise<void> | undefined;
  before = () => {
    second ??= search.find("row-2");
  };
  await search.find("row-1");
  await second;
  const wanted = stored.filter(({ name }) => name.includes("row-2"));
  expect(found()).toMatchObject({ state: "done", searched: 35, hits: wanted });
});

test("a search stops when told, tells how far it came, and goes on", async () => {
  before = (after) => {
    if (after === "row-16") search.stop();
  };
  await search.find("table");
  expect(found()).toMatchObject({ state: "stopped", searched: 20, backTo: 16_000 });
  before = () => {};
  await search.further();
  expect(found()).toMatchObject({ state: "done", searched: 35 });
  expect(found().hits).toHaveLength(35);
});

test("a search ends at enough rows until more are wanted", async () => {
  stored = rows(120, () => "same");
  await search.find("same");
  expect(found()).toMatchObject({ state: "full", searched: ENOUGH });
  await search.further();
  expect(found()).toMatchObject({ state: "full", searched: 2 * ENOUGH });
  await search.further();
  expect(found()).toMatchObject({ state: "done", searched: 120 });
  expect(new Set(found().hits.map(({ name }) => name)).size).toBe(120);
});

test("a page that can't be had just now is asked for again, and one that can't be had at all fails the search", async () => {
  faults = [new Problem(null, 0), new Problem(null, 0)];
  await search.find("table 3");
  expect(found().state).toBe("done");
  search.forget();
  faults = Array.from({ length: 5 }, () => new Problem(null, 0));
  await search.find("row-9");
  expect(found().state).toBe("failed");
  await search.further();
  expect(found()).toMatchObject({ state: "done", hits: [{ name: "row-9" }] });
});

test("a search that is stopped before anything was read shows nothing of the search before", async () => {
  await search.find("table 1");
  const looking = search.find("row-35");
  search.stop();
  await looking;
  expect(found()).toMatchObject({ state: "stopped", searched: 0, hits: [] });
  await search.further();
  expect(found()).toMatchObject({ state: "done", searched: 35, hits: [{ name: "row-35" }] });
});

test("a search whose list is read again keeps its hits in sight until it knows better", async () => {
  await search.find("row-3");
  const hits = found().hits;
  expect(hits).toHaveLength(7);
  stored = stored.filter(({ name }) => name !== "row-3");
  const seen: number[] = [];
  before = () => void seen.push(found().hits.length);
  const done = new Promise<void>((resolve) => {
    const stop = search.state.subscribe((state) => {
      if (state.kind === "on" && state.state === "done" && state.searched === 34) {
        resolve();
        queueMicrotask(() => stop());
      }
    });
  });
  search.forget();
  expect(found()).toMatchObject({ state: "searching", hits });
  await done;
  expect(new Set(seen)).toEqual(new Set([7]));
  expect(found().hits).toHaveLength(6);
  expect(search.query.value).toBe("row-3");
});

test("a search that was left at its hits stays there when the list is read again", async () => {
  stored = rows(120, () => "same");
  await search.find("same");
  const reads = asked.length;
  search.forget();
  expect(found()).toMatchObject({ state: "full", searched: ENOUGH });
  expect([found().hits.length, asked.length]).toEqual([ENOUGH, reads]);
  await search.further();
  expect(found()).toMatchObject({ state: "full", searched: 2 * ENOUGH });
  expect(new Set(found().hits.map(({ name }) => name)).size).toBe(2 * ENOUGH);
});

test("rows that come or change meanwhile are found as they are", async () => {
  await search.find("table 3");
  search.changed({ name: "row-36", label: "Table 36", at: 36_000 });
  search.changed({ name: "row-3", label: "Table 3, moved", at: 3000 });
  expect(found()).toMatchObject({ state: "done", searched: 36 });
  expect(found().hits.map(({ label }) => label)).toEqual(
    expect.arrayContaining(["Table 36", "Table 3, moved"]),
  );
  await search.find("36");
  expect(found()).toMatchObject({ searched: 36, hits: [{ name: "row-36" }] });
});
