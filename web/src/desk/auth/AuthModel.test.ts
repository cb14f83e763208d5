/** Setting up, signing in, unlocking and recovering, over a real key worker and a real wire. */
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Api } from "../../api/api.ts";
import { CookiesBlocked } from "../../api/cookies.ts";
import { freshId } from "../../crypto/cid.ts";
import { createKeyWorker } from "../../crypto/createKeyWorker.ts";
import type { KeyWorker } from "../../crypto/keyWorkerApi.ts";
import { memoryStore } from "../../crypto/memory.ts";
import { SettingsModel } from "../settings/SettingsModel.ts";
import { type Answer, refusal, TestServer } from "../testServer.ts";
import { AuthModel } from "./AuthModel.ts";
import { SetupModel, setupErrors } from "./SetupModel.ts";
import { SignInModel } from "./SignInModel.ts";

const PASSWORD = "nine blue kettles boil";
const now = () => Math.floor(Date.now() / 1000);
let server: TestServer;
let api: Api;
/** What the server keeps of the one agent. */
let account: Record<string, unknown> | null;
let auth: { password: string; recovery: string };
let signedIn: boolean;
let token: string | null;
/** Who signed in and out, as the other tabs are told. */
let told: string[];
let cookies: boolean;
const keepsCookies = () => cookies;

beforeEach(async () => {
  [account, signedIn, token, told, cookies] = [null, false, "token", [], true];
  auth = { password: "", recovery: "" };
  server = new TestServer();
  routes();
  api = await server.start();
});

afterEach(() => server.stop());

type Kept = { auth: string; salt: string; rounds: number; wrap: string };

function keep(password: Kept, recovery: { auth: string; wrap: string }): void {
  const { salt, rounds, wrap } = password;
  auth = { password: password.auth, recovery: recovery.auth };
  account = { ...account, stretching: { salt, rounds }, wrap, recoveryWrap: recovery.wrap };
  signedIn = true;
}

function routes(): void {
  const wrong = refusal("wrong_credentials", 401);
  const enter = (right: boolean): Answer => {
    signedIn ||= right;
    return right ? { body: account } : wrong;
  };
  server.routes.set("GET /api/setup", () => ({ body: { done: account !== null } }));
  server.routes.set("POST /api/setup", (body) => {
    if (account) return refusal("setup_closed", 403);
    const { partnerId, agentId, name, email, identity, generation, keyring, certificate } = body;
    account = { partnerId, partnerName: name, agentId, email, identity, generation, keyring, certificate };
    keep(body.password as Kept, body.recovery as Kept);
    return { body: account };
  });
  server.routes.set("GET /api/me", () => (signedIn ? { body: account } : refusal("unauthenticated", 401)));
  server.routes.set("POST /api/signin/start", () => ({ body: account?.stretching }));
  server.routes.set("POST /api/signin", (body) => enter(body.auth === auth.password));
  server.routes.set("POST /api/signout", () => {
    signedIn = false;
    return { body: { success: true } };
  });
  server.routes.set("POST /api/recovery/start", (body) =>
    body.auth === auth.recovery
      ? { body: { agentId: account?.agentId, wrap: account?.recoveryWrap } }
      : wrong,
  );
  server.routes.set("POST /api/recovery/finish", (body) => {
    if (body.auth !== auth.recovery) return wrong;
    keep(body.password as Kept, body.recovery as Kept);
    return { body: account };
  });
  server.routes.set("POST /api/me/password", (body) => {
    if (body.current !== auth.password) return wrong;
    keep(body.password as Kept, { auth: auth.recovery, wrap: `${account?.recoveryWrap}` });
    return { body: account };
  });
}

function browser(keyWorker: KeyWorker = createKeyWorker(memoryStore())) {
  const tabs = { tell: (way: string, agentId: string) => void told.push(`${way} ${agentId}`) };
  const auth = new AuthModel({ api, keyWorker, tabs, now });
  const tokens = {
    read: () => token,
    write: (value: string | null) => {
      token = value;
    },
  };
  return { keyWorker, auth, setup: new SetupModel({ api, keyWorker, auth, tokens, keepsCookies, now }) };
}

async function setUp() {
  const page = browser();
  await page.setup.start();
  await page.setup.submit({ name: "Oak & Daughter", email: "ada@example.org", password: PASSWORD });
  const step = page.setup.step.value;
  if (step.kind !== "code") throw new Error(step.kind);
  return { ...page, code: step.code };
}

describe("set-up", () => {
  test("shows the code once, forgets the token, and lets the agent in once the code is noted", async () => {
    const { setup, auth, code } = await setUp();
    expect(code).toMatch(/^([0-9A-Z]{4}-){7}[0-9A-Z]{4}$/);
    expect([token, auth.state.value.kind]).toEqual([null, "loading"]);
    await setup.confirm();
    expect(auth.state.value).toMatchObject({ kind: "ready", me: { partnerName: "Oak & Daughter" } });
  });

  test("says where to look without a token, and leads to signing in where it was done before", async () => {
    token = null;
    const { setup } = browser();
    await setup.start();
    expect(setup.step.value.kind).toBe("no_token");
    token = "token";
    await setUp();
    await setup.start();
    expect(setup.step.value.kind).toBe("done");
  });

  test("names what is wrong before anything is sent", async () => {
    const wrong = { name: " ", email: "ada", password: "short" };
    expect(await setupErrors(wrong)).toEqual({ name: "empty", email: "not_email", password: "short" });
    const { setup } = browser();
    await setup.start();
    await setup.submit({ name: "Oak", email: "ada@example.org", password: "correct horse battery staple" });
    expect(setup.step.value).toMatchObject({ kind: "form", errors: { password: "common" } });
    expect(server.calls).toEqual(["GET /api/setup"]);
  });

  test("sends nothing where cookies are blocked", async () => {
    const { setup } = browser();
    await setup.start();
    cookies = false;
    const form = { name: "Oak", email: "ada@example.org", password: PASSWORD };
    await setup.submit(form);
    expect(setup.step.value).toEqual({ kind: "form", errors: {}, fault: new CookiesBlocked() });
    expect(server.calls).toEqual(["GET /api/setup"]);
    cookies = true;
    await setup.submit(form);
    expect(setup.step.value.kind).toBe("code");
  });

  test("goes on as the same partner after its answer was lost", async () => {
    const form = { name: "Oak", email: "ada@example.org", password: PASSWORD };
    const make = server.routes.get("POST /api/setup");
    let lost = true;
    server.routes.set("POST /api/setup", (body, url) => {
      const answer = make?.(body, url) ?? null;
      if (!lost) return answer;
      lost = false;
      return null;
    });
    const { setup, auth } = browser();
    await setup.start();
    await setup.submit(form);
    expect(setup.step.value.kind).toBe("form");
    await setup.submit(form);
    expect(setup.step.value.kind).toBe("code");
    await setup.confirm();
    expect(auth.state.value.kind).toBe("ready");
  });
});

describe("signing in and out", () => {
  test("works on a fresh device, survives a reload, and leaves nothing behind", async () => {
    await setUp();
    const { keyWorker, auth } = browser();
    const signIn = new SignInModel(auth, keepsCookies);
    await signIn.signIn("", " ");
    expect([signIn.empty.value, server.calls.some((call) => call.includes("signin"))]).toEqual([
      { email: true, password: true },
      false,
    ]);
    await signIn.signIn(" ada@example.org\u200b ", "wrong wrong wrong");
    expect([signIn.fault.value, signIn.busy.value]).toEqual([{ kind: "wrong" }, false]);
    await signIn.signIn("ada@example.org", PASSWORD);
    expect(auth.state.value.kind).toBe("ready");

    const reloaded = browser(keyWorker).auth;
    await reloaded.start();
    expect(reloaded.state.value.kind).toBe("ready");
    await reloaded.signOut();
    expect([reloaded.state.value.kind, signedIn, await keyWorker.resumeKeyring()]).toEqual([
      "signed_out",
      false,
      null,
    ]);
  });

  test("tells that the server did not hear of signing out, and can be tried again", async () => {
    const { auth, keyWorker, setup } = await setUp();
    await setup.confirm();
    const heard = server.routes.get("POST /api/signout");
    server.routes.set("POST /api/signout", () => null);
    await auth.signOut();
    expect([auth.state.value.kind, await keyWorker.resumeKeyring()]).toEqual(["leaving", null]);
    if (heard) server.routes.set("POST /api/signout", heard);
    await auth.signOut();
    expect([auth.state.value.kind, signedIn]).toEqual(["signed_out", false]);
  });

  test("succeeds where the session to sign out of has ended", async () => {
    const { auth, setup } = await setUp();
    await setup.confirm();
    server.routes.set("POST /api/signout", () => refusal("unauthenticated", 401));
    await auth.signOut();
    expect(auth.state.value.kind).toBe("signed_out");
  });

  test("sends nothing where cookies are blocked, and goes on once they are not", async () => {
    const { code } = await setUp();
    const { auth } = browser();
    const signIn = new SignInModel(auth, keepsCookies);
    cookies = false;
    const before = server.calls.length;
    await signIn.signIn("ada@example.org", PASSWORD);
    expect(signIn.fault.value).toEqual({ kind: "other", fault: new CookiesBlocked() });
    await signIn.openCode(signIn.email.value || "ada@example.org", code);
    expect(signIn.fault.value).toEqual({ kind: "other", fault: new CookiesBlocked() });
    expect(server.calls.length).toBe(before);
    cookies = true;
    await signIn.signIn("ada@example.org", PASSWORD);
    expect([signIn.fault.value, auth.state.value.kind]).toEqual([null, "ready"]);
  });

  test("asks for the password once where the keys are not in this browser", async () => {
    await setUp();
    const { auth } = browser();
    await auth.start();
    expect(auth.state.value.kind).toBe("locked");
    await expect(auth.unlock("wrong wrong wrong")).rejects.toMatchObject({ code: "unopened" });
    await auth.unlock(PASSWORD);
    expect(auth.state.value.kind).toBe("ready");
  });

  test("fails without signing out where the server is not there", async () => {
    server.routes.set("GET /api/me", () => null);
    const { auth } = browser();
    await auth.start();
    expect(auth.state.value.kind).toBe("failed");
  });

  test("works by the recovery code, which gives a new password and a new code and is then spent", async () => {
    const { code } = await setUp();
    const { auth } = browser();
    const signIn = new SignInModel(auth, keepsCookies);
    signIn.useCode(true, " ada@example.org");
    await signIn.openCode(signIn.email.value || "ada@example.org", "nonsense");
    expect(signIn.fault.value).toEqual({ kind: "malformed_code" });
    await signIn.openCode(signIn.email.value || "ada@example.org", code.toLowerCase().replaceAll("-", " "));
    await signIn.choosePassword("short");
    expect(signIn.fault.value).toEqual({ kind: "short" });
    await signIn.choosePassword("eight red tractors hum");
    const step = signIn.step.value;
    expect(step.kind === "new_code" && step.code !== code).toBe(true);
    await signIn.confirm();
    expect(auth.state.value.kind).toBe("ready");
    await expect(browser().auth.openRecovery("ada@example.org", code)).rejects.toMatchObject({
      code: "wrong_credentials",
    });
    await browser().auth.signIn("ada@example.org", "eight red tractors hum");
  });
});

describe("two tabs of one browser", () => {
  async function twoTabs() {
    const store = memoryStore();
    const [first, second] = [browser(createKeyWorker(store)), browser(createKeyWorker(store))];
    await setUp();
    for (const { auth } of [first, second]) {
      await auth.start();
      if (auth.state.value.kind === "locked") await auth.unlock(PASSWORD);
    }
    expect([first, second].map(({ auth }) => auth.state.value.kind)).toEqual(["ready", "ready"]);
    return { first, second, agentId: `${account?.agentId}` };
  }

  test("leave together: the others are told at once, and only one tells the server", async () => {
    const { first, second, agentId } = await twoTabs();
    await second.keyWorker.setDraft("partner", "chat", "tab", "half written");
    const leaving = first.auth.signOut();
    expect(told.at(-1)).toBe(`out ${agentId}`);
    const meant: boolean[] = [];
    const unwatch = second.auth.state.subscribe(() => void meant.push(second.auth.leaving));
    second.auth.signedOutElsewhere(agentId);
    unwatch();
    expect([second.auth.state.value.kind, meant]).toEqual(["signed_out", [false, true]]);
    await leaving;
    expect(first.auth.state.value.kind).toBe("signed_out");
    expect(server.calls.filter((call) => call === "POST /api/signout")).toHaveLength(1);
    for (const { keyWorker } of [first, second]) {
      expect(await keyWorker.resumeKeyring()).toBeNull();
      const late = keyWorker.setDraft("partner", "chat", "tab", "too late");
      await expect(late).rejects.toMatchObject({ code: "locked" });
    }
    await first.auth.signIn("ada@example.org", PASSWORD);
    expect(await first.keyWorker.drafts("partner", "chat")).toEqual([]);
  });

  test("come in together: a tab that waits is let in by the keys that the other tab left", async () => {
    const { first, second, agentId } = await twoTabs();
    const leaving = first.auth.signOut();
    second.auth.signedOutElsewhere(agentId);
    await leaving;
    await first.auth.signIn("ada@example.org", PASSWORD);
    expect(told.at(-1)).toBe(`in ${agentId}`);
    await second.auth.signedInElsewhere(agentId);
    expect(second.auth.state.value.kind).toBe("ready");
    const before = server.calls.length;
    await second.auth.signedInElsewhere(agentId);
    expect(server.calls.length).toBe(before);
  });

  test("are never two agents at once: the cookie is that of both", async () => {
    const { second } = await twoTabs();
    account = { ...account, agentId: freshId() };
    await second.auth.signedInElsewhere(`${account.agentId}`);
    expect(second.auth.state.value).toMatchObject({ kind: "locked", me: { agentId: account.agentId } });
  });

  test("do not leave together where their agents differ", async () => {
    const { second } = await twoTabs();
    second.auth.signedOutElsewhere(freshId());
    expect(second.auth.state.value.kind).toBe("ready");
    expect(await second.keyWorker.resumeKeyring()).not.toBeNull();
  });
});

test("ask another agent, who signed in elsewhere in this browser, for the keys that go with them", async () => {
  const { auth, setup } = await setUp();
  await setup.confirm();
  expect(await auth.refresh()).toBe(false);
  expect(auth.state.value.kind).toBe("ready");
  account = { ...account, agentId: freshId() };
  await auth.refresh();
  expect(auth.state.value).toMatchObject({ kind: "locked", me: { agentId: account.agentId } });
});

test("changing the password needs the present one, and the new one works from then on", async () => {
  const { keyWorker, auth, setup } = await setUp();
  await setup.confirm();
  const settings = new SettingsModel({ api, keyWorker, auth });
  await settings.changePassword("wrong wrong wrong", "eight red tractors hum");
  expect(settings.password.value).toEqual({ kind: "refused", fault: { kind: "wrong" } });
  await settings.changePassword(PASSWORD, "eight red tractors hum");
  expect(settings.password.value.kind).toBe("done");
  await browser().auth.signIn("ada@example.org", "eight red tractors hum");
});

test("a new API key carries the identity that the server was not told to add", async () => {
  const { keyWorker, auth, setup } = await setUp();
  await setup.confirm();
  let scopes: unknown;
  server.routes.set("POST /api/keys", (body) => {
    scopes = body.scopes;
    const key = `wg_${"a".repeat(12)}.${"b".repeat(32)}`;
    return { body: { success: true, key, row: { ref: "k", id: "a", name: body.name, scopes: body.scopes } } };
  });
  const settings = new SettingsModel({ api, keyWorker, auth });
  await settings.makeKey(" Web shop ", true);
  const state = auth.state.value;
  const fingerprint = state.kind === "ready" ? state.keyring.fingerprint : "";
  expect(settings.key.value).toMatchObject({
    kind: "done",
    result: expect.stringMatching(`\\.${fingerprint}$`),
  });
  expect(scopes).toEqual(["links:write", "links:read", "links:existing"]);
});
