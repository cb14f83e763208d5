/** Links over a real key worker and a real wire. */
import { effect, type Signal, signal } from "@preact/signals";
import { afterEach, beforeAll, beforeEach, expect, test, vi } from "vitest";
import type { Api } from "../api/api.ts";
import { Problem } from "../api/problem.ts";
import type { LinkRow, Schemas } from "../api/wire.ts";
import { toBase64Url } from "../crypto/bytes.ts";
import { freshId } from "../crypto/cid.ts";
import { createKeyWorker } from "../crypto/createKeyWorker.ts";
import { hash } from "../crypto/kdf.ts";
import type { KeyWorker } from "../crypto/keyWorkerApi.ts";
import { parseLinkId } from "../crypto/link.ts";
import { memoryStore } from "../crypto/memory.ts";
import { refusal, TestServer } from "../desk/testServer.ts";
import { LinksModel } from "./LinksModel.ts";

const ORIGIN = "https://chat.example.org";
let keyWorker: KeyWorker;
let server: TestServer;
let api: Api;
let links: LinksModel;
let stored: (LinkRow & { linkId: string })[];
let copied: string[];
/** Whether the clipboard takes what it is given. */
let clipboardWorks: boolean;
let renewals: number;
/** The chats that have ended, and when. */
let ended: Signal<ReadonlyMap<string, string>>;
/** The names of the links that somebody else was said to have tried. */
let alerted: string[];

beforeAll(async () => {
  keyWorker = createKeyWorker(memoryStore());
  const now = Math.floor(Date.now() / 1000);
  await keyWorker.createPartner({
    partnerId: freshId(),
    agentId: freshId(),
    password: "wide green doors",
    now,
  });
});

beforeEach(async () => {
  [stored, copied, clipboardWorks, renewals, ended, alerted] = [[], [], true, 0, signal(new Map()), []];
  server = new TestServer();
  server.routes.set("POST /api/links", (body) => ({ body: store(body) }));
  server.routes.set("GET /api/links", () => ({ body: { links: stored } }));
  server.routes.set("GET /api/chats", () => ({ body: { chats: [] } }));
  api = await server.start();
  links = new LinksModel({
    api,
    keyWorker,
    origin: ORIGIN,
    random: (length) => crypto.getRandomValues(new Uint8Array(length)),
    keysRenewed: async (fault) => Problem.of(fault).code === "unknown_epoch" && renewals++ === 0,
    partnerName: "Corner Bakery",
    chats: signal([]),
    alerted: ({ name }) => void alerted.push(name),
    wait: async () => {},
    endedAt: (chatRef) => ended.value.get(chatRef) ?? null,
    copy: async (text) => {
      const words = await text.catch(() => null);
      if (words !== null && clipboardWorks) copied.push(words);
      return words !== null && clipboardWorks;
    },
  });
});

afterEach(() => server.stop());

type SealedLinkRequest = Schemas["SealedLinkRequest"];

function store(body: Record<string, unknown>): unknown {
  const known = stored.find(({ linkId }) => linkId === body.linkId);
  const row = known ?? rowOf(body, `ref-${stored.length}`);
  if (!known) stored = [row, ...stored];
  const { linkId, chatId, chatRef, expiresAt, ref } = row;
  return {
    success: true,
    linkId,
    secureUrl: `${ORIGIN}/secure/chat/${linkId}`,
    expiresAt,
    ref,
    chatId,
    chatRef,
  };
}

function rowOf(body: Record<string, unknown>, ref: string): LinkRow & { linkId: string } {
  const { linkId, chatId, epoch, blob, vault: sealed } = body as unknown as SealedLinkRequest;
  const expiresAt = new Date(Date.now() + Number(body.expiryHours) * 3_600_000).toISOString();
  return {
    ref,
    linkId,
    idHash: "",
    state: "valid",
    kind: "sealed",
    chatId,
    chatRef: "",
    createdAt: new Date().toISOString(),
    expiresAt,
    isUsed: false,
    laterAttempts: 0,
    rev: 1,
    madeByKey: false,
    epoch,
    blob,
    vault: sealed,
  };
}

/** Gives the stored row what only a server computes. */
async function completed(index: number, chatRef: string): Promise<LinkRow> {
  const row = stored[index];
  if (!row) throw new Error("no such row");
  const idHash = toBase64Url(await hash(parseLinkId(row.linkId)));
  stored[index] = { ...row, idHash, chatRef };
  return stored[index];
}

/** A row as it is when somebody has come in by it. */
function usedRow(row: LinkRow): LinkRow {
  return { ...row, state: "used", isUsed: true, rev: row.rev + 1 };
}

const now = signal(Date.now());
const draft = { chatId: "", label: "Table 4", hours: 24 };

test("a link is made, copied and shown with its fragment, which the server never gets", async () => {
  await links.generate(draft);
  const shown = links.shown.value;
  if (shown.kind !== "shown") throw new Error(shown.kind);
  expect(shown.link.copied).toBe("yes");
  expect(shown.link.url).toMatch(/^https:\/\/chat\.example\.org\/secure\/chat\/[\w-]{22}#1\.[\w-]{43}$/);
  expect(copied).toEqual([shown.link.url]);
  expect(shown.link.chatId).toMatch(/^chat-[0-9A-Z]{5}-[0-9A-Z]{5}$/);
  expect(JSON.stringify(stored)).not.toContain(shown.link.url.split("#1.")[1]);
});

test("a link that was not copied does not count as copied", async () => {
  clipboardWorks = false;
  await links.generate(draft);
  expect(links.shown.value).toMatchObject({ kind: "shown", link: { copied: "no" } });
});

/** The next link is made, and nobody hears of it. */
function loseOneAnswer(): void {
  let lost = true;
  server.routes.set("POST /api/links", (body) => {
    const answer = store(body);
    if (!lost) return { body: answer };
    lost = false;
    return null;
  });
}

test("the same link is sent again after a lost answer", async () => {
  loseOneAnswer();
  await links.generate(draft);
  const failed = links.shown.value;
  if (failed.kind !== "failed") throw new Error(failed.kind);
  await links.generate(failed.draft);
  expect(links.shown.value.kind).toBe("shown");
  expect(stored).toHaveLength(1);
});

test("a new link to a chat is the same link when it is asked for again after a lost answer", async () => {
  await links.generate({ ...draft, chatId: "order 5" });
  const row = await completed(0, "the chat");
  loseOneAnswer();
  await links.reissue(row);
  expect(links.shown.value.kind).toBe("failed");
  await links.reissue(row);
  expect([links.shown.value.kind, stored.length]).toEqual(["shown", 2]);
});

test("a link to a chat that had a customer is made only after a question", async () => {
  const { chatRef } = await keyWorker.makeLink("order 7", "");
  const entered: string[] = [chatRef];
  server.routes.set("GET /api/chats", (_, url) => ({
    body: { chats: entered.includes(url.searchParams.get("chat") ?? "") ? [{ chatRef, seats: 1 }] : [] },
  }));
  const wanted = { ...draft, chatId: " order 7 " };
  await links.generate(wanted);
  expect([links.shown.value.kind, stored.length]).toEqual(["asking", 0]);
  await links.generate(wanted, true);
  expect(links.shown.value).toMatchObject({ kind: "shown", link: { chatId: "order 7" } });
  await links.generate({ ...draft, chatId: "order 8" });
  expect(links.shown.value.kind).toBe("shown");
});

test("no new link is offered to a chat that has ended", async () => {
  await links.generate(draft);
  const row = await completed(0, "the chat");
  expect(links.mayReissue(row)).toBe(true);
  ended.value = new Map([["the chat", new Date().toISOString()]]);
  expect(links.mayReissue(row)).toBe(false);
});

test("the valid links of a chat that ends are revoked with it, in the list, on show and in what was found", async () => {
  const seen = vi.fn();
  await links.generate({ ...draft, chatId: "order 9", label: "Garden" });
  const { chatRef } = await keyWorker.makeLink("order 9", "");
  const row = await completed(0, chatRef);
  await links.load();
  await links.changed(row);
  await links.search.find("garden");
  const watching = effect(() => seen(links.shownRow.value?.state));
  const endedAt = new Date(Date.now() + 1000).toISOString();
  ended.value = new Map([[chatRef, endedAt]]);
  expect(seen.mock.calls).toEqual([["valid"], ["revoked"]]);
  expect(links.standing(row)).toMatchObject({ state: "revoked", revokedAt: endedAt });
  links.rows.filter.value = "valid";
  expect(links.hitsAt(now)).toEqual([]);
  links.rows.filter.value = "revoked";
  expect(links.hitsAt(now)).toHaveLength(1);
  watching();
});

test("a chat that ends leaves a link as it is that nobody could use any more", () => {
  ended.value = new Map([["the chat", "2030-01-02T00:00:00Z"]]);
  const row = { chatRef: "the chat", state: "valid", expiresAt: "2030-01-01T00:00:00Z" } as LinkRow;
  expect(links.standing(row)).toBe(row);
  const used = { ...row, expiresAt: "2030-01-03T00:00:00Z", state: "used" } as LinkRow;
  expect(links.standing(used)).toBe(used);
  const other = { ...used, state: "valid", chatRef: "another" } as LinkRow;
  expect(links.standing(other)).toBe(other);
});

test("out-of-date keys are renewed once, and the link is made with the new ones", async () => {
  let first = true;
  server.routes.set("POST /api/links", (body) => {
    if (!first) return { body: store(body) };
    first = false;
    return refusal("unknown_epoch", 409);
  });
  await links.generate(draft);
  expect([links.shown.value.kind, renewals]).toEqual(["shown", 1]);
});

test("a valid link is shown again from its vault, with its label", async () => {
  await links.generate({ ...draft, chatId: "order 8" }, true);
  const made = links.shown.value;
  if (made.kind !== "shown") throw new Error(made.kind);
  const { chatRef } = await keyWorker.makeLink("order 8", "");
  const row = await completed(0, chatRef);
  links.hide();
  await links.load();
  expect(links.labelOf(row)).toBe("Table 4");
  links.showAgain(row);
  expect(links.shown.value).toMatchObject({
    kind: "shown",
    link: { url: made.link.url, copied: "not_asked" },
  });
});

test("rows change as the server tells, and stay in sight under a filter", async () => {
  await links.generate(draft);
  await links.choose("valid");
  const row = await completed(0, "other");
  links.changed(usedRow(row));
  expect(links.rows.state.value).toMatchObject({ kind: "ready", rows: [{ ref: row.ref, state: "used" }] });
  links.changed({ ...row, ref: "another", state: "expired" });
  expect(links.rows.state.value).toMatchObject({ rows: [{ ref: row.ref }] });
});

test("the next page is added once, and a list that fails says so", async () => {
  await links.generate(draft);
  const [first] = stored;
  server.routes.set("GET /api/links", (_, url) =>
    url.searchParams.has("after")
      ? { body: { links: [first, { ...first, ref: "older" }] } }
      : { body: { links: [first], next: "cursor" } },
  );
  await links.load();
  await links.rows.more();
  expect(links.rows.state.value).toMatchObject({ rows: [{ ref: first?.ref }, { ref: "older" }], next: null });
  server.routes.set("GET /api/links", () => refusal("unavailable", 503));
  await links.choose(null);
  expect(links.rows.state.value.kind).toBe("failed");
});

test("the list goes on from the new page when more than one page is new", async () => {
  await links.generate(draft);
  const at = (name: string, minute: number) => ({
    ...stored[0],
    ref: name,
    createdAt: new Date(Date.UTC(2030, 0, 1, 12, minute)).toISOString(),
  });
  let page = { links: [at("b", 2), at("a", 1)], next: "old" };
  server.routes.set("GET /api/links", () => ({ body: page }));
  await links.load();
  page = { links: [at("c", 3), at("b", 2)], next: "new" };
  await links.load();
  const refs = () =>
    links.rows.state.value.kind === "ready" ? links.rows.state.value.rows.map(({ ref }) => ref) : [];
  expect([refs(), links.rows.state.value]).toMatchObject([["c", "b", "a"], { next: "old" }]);
  page = { links: [at("f", 6), at("e", 5)], next: "newest" };
  await links.load();
  expect([refs(), links.rows.state.value]).toMatchObject([["f", "e"], { next: "newest" }]);
});

test("the list is asked for after a gap until it is there, but not for ever", async () => {
  await links.generate(draft);
  let broken = 2;
  server.routes.set("GET /api/links", () =>
    broken-- > 0 ? refusal("unavailable", 503) : { body: { links: stored } },
  );
  await links.refresh();
  expect(links.rows.state.value).toMatchObject({ kind: "ready", rows: [{ ref: "ref-0" }] });
  broken = 100;
  await links.refresh();
  expect(links.rows.state.value.kind).toBe("ready");
  expect(broken).toBeGreaterThan(90);
});

test("the link on show is known to be used, whatever the list is filtered by", async () => {
  await links.choose("revoked");
  await links.generate(draft);
  const row = await completed(0, "the chat");
  links.changed(usedRow(row));
  expect(links.shownRow.value).toMatchObject({ ref: row.ref, state: "used" });
});

test("the link on show is known to be used when the line did not say so", async () => {
  await links.generate(draft);
  const row = await completed(0, "the chat");
  links.changed(row);
  expect(links.shownRow.value?.state).toBe("valid");
  server.routes.set("GET /api/links", () => ({ body: { links: [usedRow(row)] } }));
  await links.load();
  expect(links.shownRow.value?.state).toBe("used");
  // What the server had said before it was used comes late.
  links.changed(row);
  expect(links.shownRow.value?.state).toBe("used");
});

test("the link on show is asked for when the list does not have it, as long as it is valid", async () => {
  const other = "GET /api/links/ref-0";
  await links.generate(draft);
  const row = await completed(0, "the chat");
  links.changed(row);
  server.routes.set("GET /api/links", () => ({ body: { links: [] } }));
  server.routes.set(other, () => ({ body: usedRow(row) }));
  await links.choose("expired");
  expect(links.shownRow.value?.state).toBe("used");
  expect(links.rows.state.value).toMatchObject({ rows: [] });
  await links.load();
  expect(server.calls.filter((call) => call === other)).toHaveLength(1);
});

/** What the server says of attempts at a used link: the row as it stands, and when each was. */
function triedRow(row: LinkRow, laterAttempts: number): LinkRow {
  return { ...usedRow(row), laterAttempts, rev: row.rev + 1 + laterAttempts };
}

test("an alert tells once of each used link that somebody else tries, and stays until it is dismissed", async () => {
  await links.generate(draft);
  await links.load();
  const row = await completed(0, "the chat");
  await links.changed(usedRow(row));
  expect(links.alerts.alerts.value).toEqual([]);
  await links.tried(triedRow(row, 1), 1000);
  await links.tried(triedRow(row, 2), 2000);
  expect(alerted).toEqual([links.labelOf(row) || row.chatId]);
  const [alert, ...others] = links.alerts.alerts.value;
  expect([alert?.at, alert?.row.laterAttempts, others]).toEqual([2000, 2, []]);
  if (alert) links.alerts.dismiss(alert);
  expect(links.alerts.alerts.value).toEqual([]);
  await links.tried(triedRow(row, 3), 3000);
  expect(alerted).toHaveLength(2);
  expect(links.rows.find(row.ref)?.laterAttempts).toBe(3);
});

test("an attempt that is told once more is not said again, also after it was dismissed", async () => {
  await links.generate(draft);
  const row = await completed(0, "the chat");
  // What was missed is told with the row as it stands, for each attempt.
  await links.tried(triedRow(row, 2), 1000);
  await links.tried(triedRow(row, 2), 2000);
  for (const alert of links.alerts.alerts.value) links.alerts.dismiss(alert);
  await links.tried(triedRow(row, 2), 1000);
  await links.tried(triedRow(row, 2), 2000);
  expect(links.alerts.alerts.value).toEqual([]);
  expect(alerted).toHaveLength(1);
});

test("attempts at several links are alerts of their own, the last one told first", async () => {
  await links.generate(draft);
  const row = await completed(0, "the chat");
  await links.tried(triedRow(row, 1), 2000);
  await links.tried({ ...triedRow(row, 1), ref: "other" }, 1000);
  expect(links.alerts.alerts.value.map(({ at, row: { ref } }) => [ref, at])).toEqual([
    ["other", 1000],
    ["ref-0", 2000],
  ]);
  expect(alerted).toHaveLength(2);
});

test("a list that shows attempts raises no alert, for they may have been told of long ago", async () => {
  await links.generate(draft);
  const row = await completed(0, "the chat");
  for (const attempts of [1, 2]) {
    server.routes.set("GET /api/links", () => ({ body: { links: [triedRow(row, attempts)] } }));
    await links.load();
  }
  expect(links.rows.find(row.ref)?.laterAttempts).toBe(2);
  expect([links.alerts.alerts.value, alerted]).toEqual([[], []]);
});

test("a link that can't be revoked any more is read again", async () => {
  await links.generate(draft);
  await links.load();
  const row = await completed(0, "the chat");
  server.routes.set("POST /api/links/ref-0/revoke", () => refusal("link_no_longer_valid", 409));
  server.routes.set("GET /api/links/ref-0", () => ({ body: usedRow(row) }));
  await expect(links.revoke(row)).rejects.toThrow();
  expect(links.rows.find("ref-0")?.state).toBe("used");
});

test("a row that an alert leads to is there, whatever hid it", async () => {
  await links.generate(draft);
  const row = await completed(0, "the chat");
  server.routes.set("GET /api/links", () => ({ body: { links: [] } }));
  await links.choose("expired");
  await links.reveal(row);
  expect(links.rows.filter.value).toBeNull();
  expect(links.rows.state.value).toMatchObject({ rows: [{ ref: row.ref }] });
  expect(links.pointed.value).toBe(row.ref);
});

test("links are found by label, under the filter", async () => {
  await links.generate({ chatId: "order 9", label: "Küche, Tisch 4", hours: 24 });
  const { chatRef } = await keyWorker.makeLink("order 9", "");
  const row = await completed(0, chatRef);
  await links.load();
  await links.search.find("kuche");
  expect(links.hitsAt(now)).toMatchObject([{ ref: row.ref }]);
  expect(links.hitsAt(now)[0]).not.toHaveProperty("vault");
  links.rows.filter.value = "used";
  expect(links.hitsAt(now)).toEqual([]);
  links.rows.filter.value = null;
  await links.search.find("garden");
  expect(links.search.state.value).toMatchObject({ state: "done", searched: 1, hits: [] });
});
