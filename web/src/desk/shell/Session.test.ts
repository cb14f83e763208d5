/** What becomes of a session on its line: how it learns that it is over, and what it missed. A socket that the test holds. */
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Api } from "../../api/api.ts";
import type { ChatRow, LinkRow, ServerFrame } from "../../api/wire.ts";
import { freshId } from "../../crypto/cid.ts";
import { createKeyWorker } from "../../crypto/createKeyWorker.ts";
import type { KeyWorker } from "../../crypto/keyWorkerApi.ts";
import { memoryStore } from "../../crypto/memory.ts";
import { AuthModel } from "../auth/AuthModel.ts";
import { refusal, TestServer } from "../testServer.ts";
import { memoryStorage } from "../testStorage.ts";
import { FeedCursor } from "./FeedCursor.ts";
import { Session } from "./Session.ts";

class FakeSocket extends EventTarget {
  static last: FakeSocket | null = null;
  readonly sent: string[] = [];

  constructor() {
    super();
    FakeSocket.last = this;
  }

  send(text: string): void {
    this.sent.push(text);
  }

  close(): void {}
}

/** The line comes up. */
function stand(): void {
  FakeSocket.last?.dispatchEvent(new Event("open"));
  hear({ type: "pong" });
}

/** The server says this on the line that stands. */
function hear(...frames: readonly ServerFrame[]): void {
  for (const frame of frames) {
    FakeSocket.last?.dispatchEvent(new MessageEvent("message", { data: JSON.stringify(frame) }));
  }
}

/** The line breaks, and another one comes. */
async function reconnect(): Promise<void> {
  const before = FakeSocket.last;
  before?.dispatchEvent(new Event("close"));
  await expect.poll(() => FakeSocket.last, { timeout: 5_000 }).not.toBe(before);
  stand();
}

/** What was said on the line that stands. */
const said = () => FakeSocket.last?.sent.map((text) => JSON.parse(text)) ?? [];

const NOW = 1_800_000_000;
const AGENT = freshId();
let server: TestServer;
let api: Api;
let auth: AuthModel;
let session: Session;
let keyWorker: KeyWorker;
let storage: Storage;
/** What the person was told. */
let announced: string[];
let arrived: (readonly [string, number])[];

beforeEach(async () => {
  vi.stubGlobal("WebSocket", FakeSocket);
  server = new TestServer();
  api = await server.start();
  keyWorker = createKeyWorker(memoryStore());
  auth = new AuthModel({ api, keyWorker, tabs: { tell: () => {} }, now: () => NOW });
  await signIn();
  [storage, announced, arrived] = [memoryStorage(), [], []];
  session = openSession();
  stand();
  expect(session.line.state.value).toBe("open");
  // Whoever comes up asks as well; what comes after that is asked anew.
  await expect.poll(asked).toBe(1);
});

afterEach(() => {
  session.stop();
  server.stop();
  vi.unstubAllGlobals();
});

function openSession(): Session {
  const notice = {
    announce: (sentence: string) => void announced.push(sentence),
    arrived: (...came: [string, number]) => void arrived.push(came),
  };
  const whose = { auth, notice, origin: "http://localhost", agentId: AGENT, storage: () => storage };
  const opened = new Session({ api, rawApi: api, keyWorker, ...whose });
  opened.start();
  return opened;
}

const asked = () => server.calls.filter((call) => call === "GET /api/me").length;

/** How often each list was read since the last time. */
function listsRead(): { chats: number; links: number } {
  const calls = server.calls.splice(0);
  const count = (name: string) => calls.filter((call) => call === name).length;
  return { chats: count("GET /api/chats"), links: count("GET /api/links") };
}

/** What the browser keeps by now of how far the agent was told. */
const kept = () =>
  new FeedCursor(
    AGENT,
    () => storage,
    () => Date.now(),
  ).read();

async function signIn(): Promise<void> {
  const whose = { partnerId: freshId(), agentId: AGENT };
  const input = { ...whose, password: "nine blue kettles boil", now: NOW };
  const { request } = await keyWorker.createPartner(input);
  const opened = await keyWorker.resumeKeyring();
  if (!opened) throw new Error("no keyring");
  const { generation, keyring, certificate, identity } = request;
  const wrap = request.password.wrap;
  const me = {
    ...{ ...whose, partnerName: "Oak", email: "ada@example.org", identity },
    ...{ generation, keyring, certificate, wrap, stretching: request.password },
  };
  server.routes.set("GET /api/me", () => ({ body: me }));
  auth.state.value = { kind: "ready", me, keyring: opened };
}

test("a line that the server closes because the session is over ends it at once", async () => {
  server.routes.set("GET /api/me", () => refusal("unauthenticated", 401));
  FakeSocket.last?.dispatchEvent(new Event("close"));
  await expect.poll(() => auth.state.value.kind, { timeout: 2_000 }).toBe("signed_out");
  expect(await keyWorker.resumeKeyring()).toBeNull();
});

test("a line that is lost in another way ends no session", async () => {
  FakeSocket.last?.dispatchEvent(new Event("close"));
  await expect.poll(asked).toBe(2);
  server.routes.set("GET /api/me", () => null);
  await auth.refresh().catch(() => undefined);
  expect(auth.state.value.kind).toBe("ready");
});

test("a desk without an open chat knows that the server is reached where no socket goes through", async () => {
  server.routes.set("GET /api/setup", () => ({ body: { done: true } }));
  const state = () => {
    FakeSocket.last?.dispatchEvent(new Event("close"));
    return session.line.state.value;
  };
  await expect.poll(state, { timeout: 5_000 }).toBe("polling");
  server.routes.set("GET /api/setup", () => null);
  await expect.poll(state, { timeout: 10_000 }).toBe("waiting");
});

test("the tab that signs out does not ask who is signed in when its line is closed", async () => {
  server.routes.set("POST /api/signout", () => {
    FakeSocket.last?.dispatchEvent(new Event("close"));
    return { body: { success: true } };
  });
  await auth.signOut();
  expect([auth.state.value.kind, asked()]).toEqual(["signed_out", 1]);
});

const AT = "2030-01-01T12:00:00Z";

function chatRow(name: string, rev: number, more: Partial<ChatRow> = {}): ChatRow {
  const partner = { delivered: 0, read: 0 };
  const rest = { createdAt: AT, activeAt: AT, lastSeq: 0, seats: 1, unread: 0, partner, online: false };
  return { chatRef: name.padEnd(22, "A"), chatId: name, ...rest, rev, ...more };
}

function tried(ref: string, rev: number, at: string): ServerFrame & { type: "link" } {
  const times = { createdAt: AT, expiresAt: AT, usedAt: AT };
  const whose = { ref, idHash: ref, chatId: `chat of ${ref}`, chatRef: "A".repeat(22) };
  const state = { state: "used", kind: "plain", isUsed: true, madeByKey: false } as const;
  const link: LinkRow = { ...whose, ...times, ...state, laterAttempts: 1, rev };
  return { type: "link", change: "tried", by: { kind: "server" }, at, link };
}

/** Lists that are there, and a line that has said where it stands. */
async function settled(...chats: readonly ChatRow[]): Promise<void> {
  server.routes.set("GET /api/chats", () => ({ body: { chats } }));
  server.routes.set("GET /api/links", () => ({ body: { links: [] } }));
  hear({ type: "upto", cursor: "one" });
  await expect.poll(() => session.inbox.inbox.value.kind).toBe("ready");
  await expect.poll(() => session.links.rows.state.value.kind).toBe("ready");
  await expect.poll(kept).toBe("one");
  listsRead();
}

test("before anything else a line is asked for what was missed; on the first visit the lists are read when it stands", async () => {
  expect(said().slice(0, 2)).toEqual([{ type: "ping" }, { type: "since", cursor: null }]);
  listsRead();
  await settled();
});

test("a line that comes again tells what was missed, and no list is read", async () => {
  const row = chatRow("ada", 1);
  await settled(row);
  session.line.open(row.chatRef, () => 0);
  await reconnect();
  expect(said().map(({ type }) => type)).toEqual(["ping", "since", "open"]);
  expect(said()[1]).toEqual({ type: "since", cursor: "one" });
  hear({ type: "chat", chat: chatRow("bea", 2, { unread: 2, activeAt: "2030-01-01T12:01:00Z" }) });
  hear(tried("r1", 2, "2030-01-01T12:01:00Z"), { type: "upto", cursor: "two" });
  await expect.poll(kept).toBe("two");
  expect(session.inbox.chats.value.map(({ chatId }) => chatId)).toEqual(["bea", "ada"]);
  expect(session.links.rows.find("r1")?.laterAttempts).toBe(1);
  expect(arrived).toEqual([[chatRow("bea", 1).chatRef, 1]]);
  expect(listsRead()).toEqual({ chats: 0, links: 0 });
});

test("what can't be told one by one is read, once", async () => {
  await settled();
  await reconnect();
  hear({ type: "reset" }, { type: "upto", cursor: "two" });
  await expect.poll(kept).toBe("two");
  await expect.poll(() => server.calls.filter((call) => call === "GET /api/links").length).toBe(1);
  expect(listsRead()).toEqual({ chats: 1, links: 1 });
});

test("a list that could not be read before is read when the line is back", async () => {
  server.routes.set("GET /api/chats", () => null);
  await expect.poll(() => session.inbox.inbox.value.kind).toBe("failed");
  server.routes.set("GET /api/chats", () => ({ body: { chats: [] } }));
  await reconnect();
  await expect.poll(() => session.inbox.inbox.value.kind).toBe("ready");
});

test("an attempt that nobody saw is said on the next visit, with its time, and not on the one after", async () => {
  await settled();
  session.stop();
  session = openSession();
  stand();
  expect(said()[1]).toEqual({ type: "since", cursor: "one" });
  const at = "2030-01-01T12:01:00Z";
  // The row is the same for each attempt: it is told as it stands.
  hear(tried("r1", 3, "2030-01-01T12:00:30Z"), tried("r1", 3, at), { type: "upto", cursor: "two" });
  await expect.poll(kept).toBe("two");
  expect(session.links.alerts.alerts.value).toMatchObject([{ name: "chat of r1", at: Date.parse(at) }]);
  expect(announced).toHaveLength(1);
  session.stop();
  session = openSession();
  stand();
  expect(said()[1]).toEqual({ type: "since", cursor: "two" });
  expect(session.links.alerts.alerts.value).toEqual([]);
});

test("what many customers wrote while the line was down is told of as one", async () => {
  const names = ["a", "b", "c", "d", "e"];
  await settled(...names.map((name) => chatRow(name, 1)));
  await reconnect();
  hear(...names.map((name) => ({ type: "chat", chat: chatRow(name, 2, { unread: 2 }) }) as const));
  expect(arrived).toEqual([]);
  hear({ type: "upto", cursor: "two" });
  expect(arrived).toEqual([["all", 10]]);
  hear({ type: "chat", chat: chatRow("a", 3, { unread: 3 }) });
  expect(arrived).toHaveLength(2);
});

test("the links of a chat that ends are revoked at that instant, also when it ended while the line was down", async () => {
  await settled();
  const at = "2029-12-31T12:00:00Z";
  const { link } = tried("r1", 1, at);
  const valid: LinkRow = { ...link, state: "valid", isUsed: false, chatRef: chatRow("ada", 1).chatRef };
  hear({ type: "link", change: "created", by: { kind: "server" }, at, link: valid });
  await reconnect();
  hear({ type: "chat", chat: chatRow("ada", 2, { endedAt: at }) }, { type: "upto", cursor: "two" });
  expect(session.links.standing(valid)).toMatchObject({ state: "revoked", revokedAt: at });
});

test("whoever signs out is told nothing of what comes until they are back", async () => {
  await settled();
  session.forget();
  hear({ type: "upto", cursor: "two" });
  session.stop();
  expect(kept()).toBeNull();
});
