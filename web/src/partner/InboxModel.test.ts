/** The inbox over a real wire. */
import { afterEach, beforeEach, expect, test } from "vitest";
import type { ChatRow } from "../api/wire.ts";
import { standing } from "./Inbox.tsx";
import { InboxModel } from "./InboxModel.ts";
import { refusal, TestServer } from "./testServer.ts";

let server: TestServer;
let inbox: InboxModel;

beforeEach(async () => {
  server = new TestServer();
  inbox = new InboxModel(await server.start());
});

afterEach(() => server.stop());

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
  };
}

const names = () => inbox.chats.value.map(({ chatId }) => chatId);

test("the most recently active chat stands first, and what nobody has seen is counted", async () => {
  server.routes.set("GET /api/chats", () => ({ body: { chats: [chat("b", 2, 1), chat("a", 1)] } }));
  await inbox.load();
  expect([names(), inbox.unread.value]).toEqual([["b", "a"], 1]);
  inbox.changed(chat("a", 3, 2));
  expect([names(), inbox.unread.value]).toEqual([["a", "b"], 3]);
  inbox.presence(chat("a", 3).chatRef, true);
  expect(inbox.chat(chat("a", 3).chatRef)).toMatchObject({ online: true, unread: 2 });
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
  expect(standing(row, now)).toMatch(/^Waiting since /);
  expect(standing({ ...row, askedAt: row.activeAt }, now)).toBe("Asks for a new link");
  expect(standing({ ...row, askedAt: row.activeAt, endedAt: row.activeAt }, now)).toBe("Ended");
});

test("a list that could not be read says so, and one that was read stays", async () => {
  await inbox.load();
  expect(inbox.inbox.value.kind).toBe("failed");
  server.routes.set("GET /api/chats", () => ({ body: { chats: [chat("a", 1)] } }));
  await inbox.load();
  server.routes.set("GET /api/chats", () => refusal("unavailable", 503));
  await inbox.load();
  expect([inbox.inbox.value.kind, names()]).toEqual(["ready", ["a"]]);
});
