/** How the desk learns that its session is over, over a real wire and a socket that the test holds. */
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Api } from "../../api/api.ts";
import { freshId } from "../../crypto/cid.ts";
import { createKeyWorker } from "../../crypto/createKeyWorker.ts";
import type { KeyWorker } from "../../crypto/keyWorkerApi.ts";
import { memoryStore } from "../../crypto/memory.ts";
import { AuthModel } from "../auth/AuthModel.ts";
import { refusal, TestServer } from "../testServer.ts";
import { Session } from "./Session.ts";

class FakeSocket extends EventTarget {
  static last: FakeSocket | null = null;

  constructor() {
    super();
    FakeSocket.last = this;
  }

  send(): void {}
  close(): void {}
}

const NOW = 1_800_000_000;
const AGENT = freshId();
let server: TestServer;
let api: Api;
let auth: AuthModel;
let session: Session;
let keyWorker: KeyWorker;

beforeEach(async () => {
  vi.stubGlobal("WebSocket", FakeSocket);
  server = new TestServer();
  api = await server.start();
  keyWorker = createKeyWorker(memoryStore());
  auth = new AuthModel({ api, keyWorker, tabs: { tell: () => {} }, now: () => NOW });
  await signIn();
  const notice = { announce: () => {}, arrived: () => {} };
  const origin = "http://localhost";
  session = new Session({ api, rawApi: api, keyWorker, auth, notice, origin, agentId: AGENT });
  session.start();
  FakeSocket.last?.dispatchEvent(new Event("open"));
  FakeSocket.last?.dispatchEvent(new MessageEvent("message", { data: JSON.stringify({ type: "pong" }) }));
  expect(session.line.state.value).toBe("open");
  // Whoever comes up asks as well; what comes after that is asked anew.
  await expect.poll(asked).toBe(1);
});

afterEach(() => {
  session.stop();
  server.stop();
  vi.unstubAllGlobals();
});

const asked = () => server.calls.filter((call) => call === "GET /api/me").length;

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
