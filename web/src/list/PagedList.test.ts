/** A list that is read page by page, against pages that the test keeps. */
import { beforeEach, expect, test } from "vitest";
import { Problem } from "../api/problem.ts";
import { PagedList } from "./PagedList.ts";

interface Row {
  readonly name: string;
  readonly at: number;
}

/** The server's rows, in their order, and how many of them a page has. */
let stored: Row[];
const SIZE = 3;
let asked: (string | null)[];
let fault: Problem | null;
/** Holds the next page back until it is called. */
let held: Promise<void>;
let kept: Row[];
let reopened: number;
let list: PagedList<Row>;

const row = (name: string, at: number): Row => ({ name, at });
const latestFirst = (one: Row, other: Row) => other.at - one.at;
const names = () => kept.map(({ name }) => name).join("");

beforeEach(() => {
  stored = [row("f", 6), row("e", 5), row("d", 4), row("c", 3), row("b", 2), row("a", 1)];
  [asked, fault, held, kept, reopened] = [[], null, Promise.resolve(), [], 0];
  list = new PagedList<Row>({
    page: async (after) => {
      asked.push(after);
      const begin = after === null ? 0 : stored.findIndex(({ name }) => name === after) + 1;
      const rows = stored.slice(begin, begin + SIZE);
      const next = begin + SIZE < stored.length ? (rows.at(-1)?.name ?? null) : null;
      await held;
      if (fault) throw fault;
      return { rows, next };
    },
    store: {
      rows: () => kept,
      take: (rows, isKept) => {
        const came = new Set(rows.map(({ name }) => name));
        kept = [...rows, ...kept.filter((each) => !came.has(each.name) && isKept(each))].sort(latestFirst);
      },
    },
    nameOf: ({ name }) => name,
    compare: latestFirst,
    joins: ({ at }, before) => before?.at === at,
    isPinned: ({ name }) => name === "a",
    reopened: () => {
      reopened += 1;
    },
  });
});

test("pages follow each other to the end, and two who ask for the next one get the same", async () => {
  await list.load();
  expect([names(), list.state.value]).toEqual(["fed", { kind: "ready", next: "d", more: "idle" }]);
  await Promise.all([list.more(), list.more()]);
  expect([names(), list.state.value, asked]).toMatchObject(["fedcba", { next: null }, [null, "d"]]);
  expect(await list.more()).toBeNull();
  expect(asked).toHaveLength(2);
});

test("further pages stay when the first one is read again and joins them, and rows that are gone from it go", async () => {
  await list.load();
  await list.more();
  stored = [row("c", 7), row("f", 6), row("d", 4), row("b", 2), row("a", 1)];
  await list.load();
  expect([names(), list.state.value, reopened]).toMatchObject(["cfdba", { next: null }, 1]);
});

test("reading goes on from a page that is new as a whole, and only pinned rows stay", async () => {
  await list.load();
  await list.more();
  reopened = 0;
  stored = [row("i", 9), row("h", 8), row("g", 7), ...stored];
  await list.load();
  expect([names(), list.state.value, reopened]).toMatchObject(["ihga", { next: "g", more: "idle" }, 1]);
  await list.more();
  expect(names()).toBe("ihgfeda");
});

test("a row that moves while a page is on its way stays, though the page does not know of it", async () => {
  await list.load();
  await list.more();
  const loading = list.load();
  stored = stored.filter(({ name }) => name !== "b");
  kept = [row("b", 10), ...kept.filter(({ name }) => name !== "b")];
  await loading;
  expect(names()).toBe("bfedca");
});

test("every page that was read is read again on request", async () => {
  await list.load();
  await list.more();
  stored = stored.filter(({ name }) => name !== "b");
  asked = [];
  const { rows } = await list.load({ whole: true });
  expect([names(), asked, rows.length]).toEqual(["fedca", [null, "d"], 5]);
});

test("a reading hears of a page's rows before they are taken up, and acts after", async () => {
  const heard: string[] = [];
  const taking = () => {
    heard.push(names());
    return () => void heard.push(names());
  };
  await list.load({ taking });
  expect(heard).toEqual(["", "fed"]);
});

test("a page of a list that became another one has no place, whether it was the first or a further one", async () => {
  await list.load();
  let release = () => {};
  held = new Promise((resolve) => {
    release = resolve;
  });
  const pages = [list.load(), list.more()];
  kept = [];
  list.reset();
  release();
  await Promise.all(pages);
  expect([names(), list.state.value]).toEqual(["", { kind: "loading" }]);
});

test("what was read goes as far as its last page, whatever else was told of", async () => {
  expect(list.reaches(row("z", 9))).toBe(false);
  await list.load();
  kept = [...kept, row("a", 1)];
  expect([row("z", 9), row("d", 4), row("c", 3)].map((each) => list.reaches(each))).toEqual([
    true,
    true,
    false,
  ]);
  await list.more();
  expect(list.reaches(row("0", 0))).toBe(true);
});

test("a fault shows where nothing was read, and leaves what was", async () => {
  fault = new Problem(null, 0);
  expect(await list.load()).toEqual({ rows: [], fault });
  expect(list.state.value).toEqual({ kind: "failed", fault });
  const failed = fault;
  fault = null;
  await list.again();
  fault = failed;
  await list.load();
  expect(await list.more()).toBe(fault);
  expect([names(), list.state.value]).toEqual(["fed", { kind: "ready", next: "d", more: "failed" }]);
});
