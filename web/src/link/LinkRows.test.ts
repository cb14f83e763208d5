/** The list of links against answers that come when the test says so. */
import { beforeEach, expect, test } from "vitest";
import type { Api } from "../api/api.ts";
import { Problem } from "../api/problem.ts";
import type { LinkRow } from "../api/wire.ts";
import { LinkRows } from "./LinkRows.ts";

/** A page that was asked for and is on its way. */
interface Asked {
  readonly query: { readonly state?: string; readonly after?: string; readonly limit?: number };
  readonly answer: (page: { links: readonly LinkRow[]; next?: string }) => void;
  readonly fail: (fault: unknown) => void;
}

let asked: Asked[];
let rows: LinkRows;

beforeEach(() => {
  asked = [];
  const call = (_route: string, { query }: { query: Asked["query"] }) =>
    new Promise((answer, fail) => asked.push({ query, answer, fail }));
  rows = new LinkRows({ call } as unknown as Pick<Api, "call">, { open: async () => {} });
});

/** A row that was made in this minute. */
function made(minute: number, more: Partial<LinkRow> = {}): LinkRow {
  const createdAt = new Date(Date.UTC(2030, 0, 1, 12, minute)).toISOString();
  const row = { ref: `r${minute}`, state: "valid", createdAt, rev: more.state ? 2 : 1, ...more };
  return row as LinkRow;
}

/** The rows that were made from one minute down to another. */
function madeFrom(newest: number, oldest: number): LinkRow[] {
  return Array.from({ length: newest - oldest + 1 }, (_, index) => made(newest - index));
}

/** The page that was asked for last. */
function last(): Asked {
  const page = asked.at(-1);
  if (!page) throw new Error("nothing was asked for");
  return page;
}

function refs(): readonly string[] {
  const { value } = rows.state;
  return value.kind === "ready" ? value.rows.map(({ ref }) => ref) : [];
}

/** Lets what was answered be taken. */
function turn(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve));
}

/** Reads a first page. */
async function loaded(links: readonly LinkRow[], next?: string): Promise<void> {
  const loading = rows.load();
  last().answer(next === undefined ? { links } : { links, next });
  await loading;
}

const gone = new Problem(null, 0);

test("rows that were read stay when they can't be read again", async () => {
  await loaded([made(2), made(1)], "older");
  const [before, again] = [rows.state.value, rows.load()];
  last().fail(gone);
  expect((await again).fault).toBe(gone);
  expect(rows.state.value).toBe(before);
});

test("a list that failed says so until it is there, and not anew at each try in the background", async () => {
  const kinds: string[] = [];
  rows.state.subscribe(({ kind }) => kinds.push(kind));
  for (let tries = 0; tries < 3; tries += 1) {
    const loading = rows.load();
    last().fail(gone);
    await loading;
  }
  expect(new Set(kinds.slice(1))).toEqual(new Set(["failed"]));
  await loaded([made(1)]);
  expect(rows.state.value.kind).toBe("ready");
});

test("a slow answer counts, but not after a newer one", async () => {
  const [slow, fast] = [rows.load(), rows.load()];
  asked[1]?.answer({ links: [made(2)] });
  await fast;
  asked[0]?.answer({ links: [made(2), made(1)] });
  await slow;
  expect(refs()).toEqual(["r2"]);
});

test("a further page counts when the first page is read again meanwhile and nothing lies in between", async () => {
  await loaded([made(4), made(3)], "r3");
  const [loading, more] = [rows.load(), rows.more()];
  asked[1]?.answer({ links: [made(5), made(4)], next: "r4" });
  await loading;
  expect(rows.state.value).toMatchObject({ next: "r3", more: "loading" });
  asked[2]?.answer({ links: [made(2), made(1)] });
  await more;
  expect(refs()).toEqual(["r5", "r4", "r3", "r2", "r1"]);
  expect(rows.state.value).toMatchObject({ next: null, more: "idle" });
});

test("a further page of what had to be dropped for a gap is dropped as well", async () => {
  await loaded([made(4), made(3)], "r3");
  const [loading, more] = [rows.load(), rows.more()];
  asked[1]?.answer({ links: [made(9), made(8)], next: "r8" });
  await loading;
  asked[2]?.answer({ links: [made(2), made(1)] });
  await more;
  expect(refs()).toEqual(["r9", "r8"]);
  expect(rows.state.value).toMatchObject({ next: "r8", more: "idle" });
});

test("a row that the line tells of while the list is read is not taken back by a page that was made before", async () => {
  await loaded([made(1)]);
  const loading = rows.load();
  rows.changed(made(1, { state: "used" }));
  last().answer({ links: [made(1)] });
  await loading;
  expect(rows.find("r1")?.state).toBe("used");
});

test("as many rows as were read are read again, and further ones stay", async () => {
  await loaded(madeFrom(300, 251), "r251");
  expect(last().query.limit).toBeUndefined();
  const more = rows.more();
  last().answer({ links: madeFrom(250, 181), next: "r181" });
  await more;
  const again = rows.load();
  expect(last().query.limit).toBe(120);
  last().answer({ links: [made(300), made(299, { state: "used" }), ...madeFrom(298, 182)], next: "r182" });
  await again;
  expect(rows.find("r299")?.state).toBe("used");
  expect([refs().length, refs().at(-1)]).toEqual([120, "r181"]);
  expect(rows.state.value).toMatchObject({ next: "r181" });
});

test("every row that was read is read again after a gap", async () => {
  await loaded(madeFrom(300, 251), "r251");
  const more = rows.more();
  last().answer({ links: madeFrom(250, 21), next: "r21" });
  await more;
  for (let times = 0; times < 2; times += 1) {
    const reading = rows.load(true);
    expect(last().query).toMatchObject({ limit: 200 });
    last().answer({ links: madeFrom(300, 101), next: "r101" });
    await turn();
    expect(last().query).toMatchObject({ after: "r101", limit: 200 });
    const tried = made(30, { state: "used", rev: 3 + times });
    // One is gone by now.
    last().answer({ links: [...madeFrom(100, 31), tried, ...madeFrom(29, 23)], next: "r23" });
    await turn();
    last().answer({ links: [made(21), ...madeFrom(20, 1)] });
    const { rows: came, fault } = await reading;
    expect([came.length, fault]).toEqual([299, null]);
    expect(rows.find("r30")).toEqual(tried);
    expect([refs().length, rows.find("r22"), rows.state.value]).toMatchObject([299, null, { next: null }]);
  }
});

test("what is told before the list is there counts when it comes", async () => {
  const loading = rows.load();
  rows.changed(made(2, { state: "used" }));
  rows.changed(made(3));
  last().answer({ links: [made(2), made(1)] });
  await loading;
  expect(refs()).toEqual(["r3", "r2", "r1"]);
  expect(rows.find("r2")?.state).toBe("used");
});

test("a row that is told of further down than was read comes with its page, as it was told last", async () => {
  await loaded([made(4), made(3)], "r3");
  rows.changed(made(1, { state: "used" }));
  rows.changed(made(1, { state: "used", rev: 3 }));
  expect(refs()).toEqual(["r4", "r3"]);
  const more = rows.more();
  last().answer({ links: [made(2), made(1)] });
  await more;
  expect(refs()).toEqual(["r4", "r3", "r2", "r1"]);
  expect(rows.find("r1")).toMatchObject({ state: "used", rev: 3 });
});

test("a row that is older than the one in sight changes nothing, whatever else it says", async () => {
  await loaded([made(1, { state: "revoked", rev: 5 })]);
  rows.changed(made(1, { state: "used", rev: 4 }));
  expect(rows.find("r1")?.state).toBe("revoked");
  rows.changed(made(1, { state: "expired", rev: 5 }));
  expect(rows.find("r1")?.state).toBe("expired");
});

test("a row that the line told of after a gap does not hide the gap", async () => {
  await loaded([made(2), made(1)], "r1");
  rows.changed(made(9));
  await loaded([made(9), made(8)], "r8");
  expect(refs()).toEqual(["r9", "r8"]);
  expect(rows.state.value).toMatchObject({ next: "r8" });
});
