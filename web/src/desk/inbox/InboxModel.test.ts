/** The inbox over a real wire. */
import { afterEach, beforeEach, expect, test } from "vitest";
import type { ChatRow, SealedLabel, SeatRow } from "../../api/wire.ts";
import { refusal, TestServer } from "../testServer.ts";
import { chatStatusText, durationText } from "./chatStatus.ts";
import { InboxLabels } from "./InboxLabels.ts";
import { InboxModel } from "./InboxModel.ts";

let server: TestServer;
let inbox: InboxModel;

beforeEach(async () => {
  server = new TestServer();
  opened = [];
  news = [];
  const arrived = (came: ReadonlyMap<string, number>) => {
    for (const [chatRef, count] of came) news.push(`${chatRef.replace(/A+$/, "")} ${count}`);
  };
  inbox = new InboxModel(await server.start(), { openLabels }, arrived, async () => {});
});

afterEach(() => server.stop());

/** Chats with how many messages were told of as news. */
let news: string[] = [];

/** Labels that were opened, one call after another; here a vault is its label, and "-" does not hold. */
let opened: string[][] = [];

async function openLabels(rows: readonly SealedLabel[]) {
  opened.push(rows.map(({ vault }) => vault));
  return rows.map(({ vault }) => (vault === "-" ? null : vault));
}

const labelled = (row: ChatRow, label: string): ChatRow => ({
  ...row,
  label: { linkHash: `hash of ${label}`, vault: label },
});

function chat(name: string, minute: number, unread = 0): ChatRow {
  const at = new Date(Date.UTC(2030, 0, 1, 12, minute)).toISOString();
  const chatRef = name.padEnd(22, "A");
  const partner = { delivered: 0, read: 0 };
  return {
    chatRef,
    chatId: name,
    createdAt: at,
    activeAt: at,
    lastSeq: 0,
    seats: 1,
    unread,
    partner,
    online: false,
    rev: minute,
  };
}

const names = () => inbox.chats.value.map(({ chatId }) => chatId);

test("the most recently active chat stands first, and unread messages are counted", async () => {
  server.routes.set("GET /api/chats", () => ({ body: { chats: [chat("b", 2, 1), chat("a", 1)] } }));
  await inbox.load();
  expect([names(), inbox.unread.value]).toEqual([["b", "a"], 1]);
  inbox.changed(chat("a", 3, 2));
  expect([names(), inbox.unread.value]).toEqual([["a", "b"], 3]);
  inbox.presence(chat("a", 3).chatRef, true);
  expect(inbox.chat(chat("a", 3).chatRef)).toMatchObject({ online: true, unread: 2 });
});

test("whoever came or went while nobody listened is put right by one list of those who are there", async () => {
  const [a, b, c] = ["a", "b", "c"].map((name, at) => ({ ...chat(name, at), online: name !== "c" }));
  server.routes.set("GET /api/chats", () => ({ body: { chats: [c, b, a] } }));
  await inbox.load();
  inbox.present([b?.chatRef ?? "", c?.chatRef ?? "", "a chat that was not read"]);
  expect(inbox.chats.value.map(({ chatId, online }) => [chatId, online])).toEqual([
    ["c", true],
    ["b", true],
    ["a", false],
  ]);
});

test("pages follow each other, and reading the first one again keeps the rest", async () => {
  server.routes.set("GET /api/chats", (_, url) =>
    url.searchParams.has("after")
      ? { body: { chats: [chat("old", 0)] } }
      : { body: { chats: [chat("new", 9)], next: "cursor" } },
  );
  await inbox.load();
  await inbox.more();
  expect([names(), inbox.inbox.value]).toEqual([["new", "old"], { kind: "ready", next: null, more: "idle" }]);
  await inbox.load();
  expect([names(), inbox.inbox.value]).toMatchObject([["new", "old"], { next: null }]);
});

test("when more than one page is new, reading goes on from the new one, and the open chat stays", async () => {
  let page = [chat("b", 2), chat("a", 1)];
  server.routes.set("GET /api/chats", (_, url) =>
    url.searchParams.get("after") === "new"
      ? { body: { chats: [chat("c", 3), chat("b", 2)], next: "old" } }
      : { body: { chats: page, next: page.length > 2 ? "new" : "old" } },
  );
  await inbox.load();
  await inbox.find(chat("a", 1).chatRef);
  page = [chat("f", 6), chat("e", 5), chat("d", 4)];
  await inbox.load();
  expect([names(), inbox.inbox.value]).toEqual([
    ["f", "e", "d", "a"],
    { kind: "ready", next: "new", more: "idle" },
  ]);
  await inbox.more();
  expect([names(), inbox.inbox.value]).toMatchObject([["f", "e", "d", "c", "b", "a"], { next: "old" }]);
});

test("a chat that has ended is ended here as well, whatever becomes of the reading after", async () => {
  inbox.changed(chat("a", 1));
  const { chatRef } = chat("a", 1);
  server.routes.set(`POST /api/chats/${chatRef}/end`, () => ({ body: {} }));
  await inbox.end(chatRef);
  expect(inbox.chat(chatRef)?.endedAt).toBeTruthy();
});

test("a label that could not be opened is opened when it is told of again", async () => {
  let works = false;
  const labels = new InboxLabels({
    openLabels: (rows) => (works ? openLabels(rows) : Promise.reject(new Error("no worker"))),
  });
  labels.learn("a", { linkHash: "hash", vault: "Zoë" });
  await labels.settled();
  expect(labels.of("a")).toBe("");
  works = true;
  labels.learn("a", { linkHash: "hash", vault: "Zoë" });
  await labels.settled();
  expect(labels.of("a")).toBe("Zoë");
});

test("a chat is found by its address, missing, or not to be read now", async () => {
  const { chatRef } = chat("deep", 1);
  expect(await inbox.find(chatRef)).toEqual({ kind: "missing" });
  server.routes.set(`GET /api/chats/${chatRef}`, () => refusal("unavailable", 503));
  expect(await inbox.find(chatRef)).toMatchObject({ kind: "failed" });
  server.routes.set(`GET /api/chats/${chatRef}`, () => ({ body: chat("deep", 1) }));
  expect(await inbox.find(chatRef)).toEqual({ kind: "found" });
});

test("a customer who asks for a new link is what an agent has to know first", () => {
  const row = { ...chat("a", 1), waitingSince: chat("a", 1).activeAt };
  const now = Date.UTC(2030, 0, 1, 13);
  expect(chatStatusText(row, now)).toBe("Waiting 59 min");
  expect(chatStatusText({ ...row, askedAt: row.activeAt }, now)).toBe("Asks for a new link");
  expect(chatStatusText({ ...row, askedAt: row.activeAt, endedAt: row.activeAt }, now)).toBe("Ended");
});

test("a list that is asked for over and over says that it fails, whichever answer comes last", async () => {
  await Promise.all([inbox.load(), inbox.load()]);
  expect(inbox.inbox.value.kind).toBe("failed");
  const again = inbox.again();
  const meanwhile = inbox.load();
  await Promise.all([again, meanwhile]);
  expect(inbox.inbox.value.kind).toBe("failed");
});

test("a list that could not be read says so, and one that was read stays", async () => {
  await inbox.load();
  expect(inbox.inbox.value.kind).toBe("failed");
  const further = inbox.load();
  expect(inbox.inbox.value.kind, "what nobody asked for changes nothing before it is here").toBe("failed");
  const again = inbox.again();
  await further;
  expect(inbox.inbox.value.kind, "an earlier failure says nothing of what is on its way").toBe("loading");
  await again;
  expect(inbox.inbox.value.kind).toBe("failed");
  server.routes.set("GET /api/chats", () => ({ body: { chats: [chat("a", 1)] } }));
  await inbox.load();
  server.routes.set("GET /api/chats", () => refusal("unavailable", 503));
  await inbox.load();
  expect([inbox.inbox.value.kind, names()]).toEqual(["ready", ["a"]]);
});

test("how long a customer waits is said in the largest unit that fits", () => {
  const row = { ...chat("a", 0), waitingSince: chat("a", 0).activeAt };
  const noon = Date.UTC(2030, 0, 1, 12);
  const minute = 60_000;
  const said = [0.9, 1, 59.9, 60, 47 * 60, 48 * 60].map((minutes) =>
    chatStatusText(row, noon + minutes * minute),
  );
  expect(said).toEqual([
    "Wrote just now",
    "Waiting 1 min",
    "Waiting 59 min",
    "Waiting 1 hr",
    "Waiting 47 hr",
    "Waiting 2 days",
  ]);
  const answered = [0.9, 2].map((minutes) => chatStatusText(chat("a", 0), noon + minutes * minute));
  expect(answered).toEqual(["Last active now", "Last active 2 minutes ago"]);
  expect(durationText(5 * minute)).toBe("5 min");
  const here = { ...chat("a", 0), online: true };
  expect(chatStatusText(here, noon), "that somebody is here says that they are active").toBe("");
  expect(chatStatusText({ ...row, online: true }, noon + 2 * minute)).toBe("Waiting 2 min");
});

test("a chat is called by its label; a frame without one leaves it, and a new seat brings its own", async () => {
  const page = [labelled(chat("a", 3), "Anna"), labelled(chat("b", 2), "-"), labelled(chat("c", 1), "")];
  server.routes.set("GET /api/chats", () => ({ body: { chats: page } }));
  await inbox.load();
  await inbox.labels.settled();
  const called = () => inbox.chats.value.map((row) => inbox.nameOf(row));
  expect(called()).toEqual(["Anna", "b", "c"]);
  inbox.changed(chat("a", 4));
  expect(called()).toEqual(["Anna", "b", "c"]);
  const seat = { chat: chat("b", 2).chatRef, linkHash: "other", vault: "Berta" } as SeatRow;
  inbox.seated(seat);
  await inbox.labels.settled();
  expect(called()).toEqual(["Anna", "Berta", "c"]);
  await inbox.load();
  await inbox.labels.settled();
  expect(opened).toEqual([["Anna", "-", ""], ["Berta"]]);
});

test("a chat that only a frame told of is asked what it is called, unless its seat or the list says so", async () => {
  const list = labelled(chat("listed", 3), "Anna");
  server.routes.set("GET /api/chats", () => ({ body: { chats: [list] } }));
  const asked = () => server.calls.filter((call) => call !== "GET /api/chats");
  inbox.changed(chat("listed", 3));
  inbox.changed(chat("early", 2));
  expect(asked()).toEqual([]);
  const { chatRef } = chat("early", 2);
  server.routes.set(`GET /api/chats/${chatRef}`, () => ({ body: labelled(chat("early", 2), "Berta") }));
  await inbox.load();
  await expect.poll(() => inbox.chats.value.map((row) => inbox.nameOf(row))).toEqual(["Anna", "Berta"]);

  inbox.seated({ chat: chat("sealed", 4).chatRef, number: 2, linkHash: "new", vault: "Carla" } as SeatRow);
  inbox.changed(chat("sealed", 4));
  inbox.seated({ chat: chat("plain", 5).chatRef, number: 1, linkHash: "" } as SeatRow);
  inbox.changed(chat("plain", 5));
  inbox.changed(chat("early", 6));
  inbox.changed(chat("lost", 0));
  inbox.changed(chat("lost", 1));
  const paths = [chatRef, chat("lost", 0).chatRef].map((ref) => `GET /api/chats/${ref}`);
  await expect.poll(asked).toEqual(paths);
  const called = () => inbox.chats.value.map((row) => inbox.nameOf(row));
  await expect.poll(called).toEqual(["Berta", "plain", "Carla", "Anna", "lost"]);
  expect(asked()).toEqual(paths);
});

test("a search reads every page, and goes by label and name, whatever the accents", async () => {
  const pages = new Map([
    ["", { chats: [labelled(chat("order-1", 9), "Zoë Müller"), chat("order-2", 8)], next: "p2" }],
    ["p2", { chats: [labelled(chat("order-3", 7), "Zoe Maier")], next: "p3" }],
    ["p3", { chats: [labelled(chat("zoe", 6), "")] }],
  ]);
  server.routes.set("GET /api/chats", (_, url) => ({ body: pages.get(url.searchParams.get("after") ?? "") }));
  await inbox.load();
  const { search } = inbox;
  const hits = () => search.hits.value.map(({ chatId }) => chatId);
  await inbox.labels.settled();
  search.find("ZOE");
  expect(hits()).toEqual(["order-1"]);
  await search.further();
  expect([hits(), search.state.value]).toEqual([["order-1", "order-3", "zoe"], "done"]);
  search.find("muller order");
  expect(hits()).toEqual(["order-1"]);
  search.find("nobody");
  expect(hits()).toEqual([]);
  search.find("  ");
  expect([hits().length, search.state.value]).toEqual([4, "off"]);
});

test("a search can be stopped, and goes on where it was or after a failure", async () => {
  let broken = false;
  server.routes.set("GET /api/chats", (_, url) => {
    const page = Number(url.searchParams.get("after") ?? 0);
    return broken
      ? refusal("unavailable", 503)
      : { body: { chats: [chat(`c${page}`, page)], ...(page < 4 ? { next: String(page + 1) } : {}) } };
  });
  await inbox.load();
  const { search } = inbox;
  search.find("c");
  const reading = search.further();
  search.stop();
  await reading;
  expect(search.state.value).toBe("stopped");
  broken = true;
  server.calls.length = 0;
  await search.further();
  expect([search.state.value, server.calls.length]).toEqual(["failed", 5]);
  broken = false;
  await search.further();
  expect([search.state.value, search.hits.value.length]).toEqual(["done", 5]);
});

test("only chats that wait for an answer are shown on request", async () => {
  const waits = { ...chat("waits", 3), waitingSince: chat("waits", 3).activeAt };
  const asks = { ...chat("asks", 2), askedAt: chat("asks", 2).activeAt };
  server.routes.set("GET /api/chats", () => ({ body: { chats: [waits, asks, chat("calm", 1)] } }));
  await inbox.load();
  inbox.search.onlyWaiting(true);
  expect(inbox.search.hits.value.map(({ chatId }) => chatId)).toEqual(["waits", "asks"]);
  inbox.changed(chat("waits", 4));
  expect(inbox.search.hits.value.map(({ chatId }) => chatId)).toEqual(["asks"]);
});

test("the next unread chat is the next one down the list, which begins anew at its end", () => {
  for (const row of [chat("a", 5), chat("b", 4, 1), chat("c", 3), chat("d", 2, 2), chat("e", 1)])
    inbox.changed(row);
  const next = (from: string | null, way: 1 | -1) =>
    inbox.nextUnread(from && chat(from, 0).chatRef, way)?.charAt(0) ?? null;
  expect([next(null, 1), next("a", 1), next("b", 1), next("d", 1), next("e", 1)]).toEqual([
    "b",
    "b",
    "d",
    "b",
    "b",
  ]);
  expect([next(null, -1), next("e", -1), next("b", -1)]).toEqual(["d", "d", "d"]);
  inbox.changed(chat("b", 4));
  expect(next("d", 1)).toBeNull();
});

test("the rest of the list is read before no chat counts as unread", async () => {
  server.routes.set("GET /api/chats", (_, url) =>
    url.searchParams.has("after")
      ? { body: { chats: [chat("old", 0, 1)] } }
      : { body: { chats: [chat("new", 9)], next: "cursor" } },
  );
  await inbox.load();
  expect(await inbox.findUnread(chat("new", 9).chatRef, 1)).toBe(chat("old", 0).chatRef);
  expect(await inbox.findUnread(chat("old", 0).chatRef, 1)).toBeNull();
});

test("ten thousand chats are kept in order change by change", () => {
  const refs = Array.from({ length: 10_000 }, (_, number) => `n${number}`);
  const at = (seconds: number) => new Date(Date.UTC(2030, 0, 1) + seconds * 1000).toISOString();
  for (const [number, name] of refs.entries())
    inbox.changed({ ...chat(name, 0), activeAt: at((number * 7919) % 10_000) });
  for (let step = 0; step < 1_000; step += 1)
    inbox.changed({ ...chat(`n${(step * 31) % 10_000}`, 0, 1), activeAt: at(10_000 + step) });
  const order = inbox.chats.value;
  const sorted = [...order].sort((one, other) => Date.parse(other.activeAt) - Date.parse(one.activeAt));
  expect([order.length, order[0]?.chatId, inbox.unread.value]).toEqual([10_000, "n969", 1_000]);
  expect(order.map(({ activeAt }) => activeAt)).toEqual(sorted.map(({ activeAt }) => activeAt));
});

test("messages that came since are news, and in a chat that was not read yet only what is more recent than all", async () => {
  const told = (row: ChatRow) => {
    inbox.changed(row);
    return news.splice(0);
  };
  expect(told(chat("a", 1, 2)), "before the list is there").toEqual([]);
  server.routes.set("GET /api/chats", () => ({ body: { chats: [chat("b", 2, 1), chat("a", 1)] } }));
  await inbox.load();
  expect(news).toEqual([]);
  expect(told(chat("b", 3, 3))).toEqual(["b 2"]);
  expect(told(chat("b", 3, 0))).toEqual([]);
  expect(told(chat("old", 0, 7)), "it has waited for long").toEqual([]);
  expect(told(chat("new", 4, 4)), "the newest of them just came").toEqual(["new 1"]);
  expect(told(chat("empty", 5))).toEqual([]);
});

test("a row that is older than what is known changes nothing, and what it hid is no news again", async () => {
  server.routes.set("GET /api/chats", () => ({ body: { chats: [] } }));
  await inbox.load();
  const known: ChatRow = { ...chat("a", 2, 2), lastSeq: 5, rev: 7 };
  inbox.changed(known);
  expect(news).toEqual(["a 1"]);
  // Whatever else it says: its count alone tells that it is older.
  inbox.changed({ ...known, rev: 6, lastSeq: 6, unread: 3 });
  expect([inbox.chat(known.chatRef), inbox.unread.value]).toEqual([known, 2]);
  inbox.changed(known);
  expect(news).toEqual(["a 1"]);
  inbox.changed({ ...known, rev: 8, unread: 0 });
  inbox.changed(known);
  expect([inbox.chat(known.chatRef)?.unread, news]).toEqual([0, ["a 1"]]);
});

test("of two rows with the same count the one that comes says who is there", () => {
  const row = chat("a", 1);
  inbox.changed({ ...row, online: true });
  inbox.changed(row);
  expect(inbox.chat(row.chatRef)?.online).toBe(false);
});

test("messages that came while the line was down are news when the list is read again", async () => {
  const list = (...chats: readonly ChatRow[]) =>
    server.routes.set("GET /api/chats", () => ({ body: { chats } }));
  list(chat("b", 2, 1), chat("a", 1));
  await inbox.load();
  expect(news).toEqual([]);
  list(chat("d", 5, 2), chat("c", 4), chat("a", 3, 2), chat("b", 2, 1));
  await inbox.load();
  expect(news).toEqual(["d 1", "a 2"]);
  await inbox.load();
  expect(news).toHaveLength(2);
});
