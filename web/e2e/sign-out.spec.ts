/** Leaving the desk: what is said when the server does not hear of it, and who is there afterwards. */
import type { BrowserContext, Page, Response, WebSocketRoute } from "@playwright/test";
import { draftsKept } from "./support/drafts.ts";
import { Latch } from "./support/latch.ts";
import { Agent, type Thread } from "./support/people.ts";
import { SETUP_TOKEN, type TestServer } from "./support/server.ts";
import { expect, test } from "./support/talk.ts";
import type { Watch } from "./support/watch.ts";

test("signing out without a connection says what is so, until the server knows", async ({
  timedAgent: agent,
  watch,
}) => {
  const { page } = agent;
  const heard = (response: Response) => response.url().endsWith("/api/signout") && response.ok();

  watch.declare(/./, "ERR_INTERNET_DISCONNECTED");
  await page.context().setOffline(true);
  await page.getByRole("button", { name: "Sign out" }).click();
  const main = page.getByRole("main");
  await expect(main.getByRole("heading", { name: "Sign out" })).toBeFocused();
  await expect(main).toContainText(
    "The keys are gone from this browser, but the server could not be told: Not connected",
  );
  await expect(main).not.toContainText("Nothing is lost");
  // Pressed again while there is still no connection; the next press is not to meet this one on its way.
  const failed = page.waitForEvent("requestfailed");
  await page.getByRole("button", { name: "Try again" }).click();
  await failed;
  await expect(main).toContainText("The keys are gone from this browser");

  await page.context().setOffline(false);
  const told = page.waitForResponse(heard);
  await page.getByRole("button", { name: "Try again" }).click();
  await told;
  await expect(page.getByRole("heading", { name: "Sign in" })).toBeVisible();
  await page.reload();
  await expect(page.getByRole("heading", { name: "Sign in" })).toBeVisible();
});

test("the desk is gone at once, however long the server takes to hear of it", async ({
  timedAgent: agent,
}) => {
  const { page } = agent;
  const slow = new Latch();
  await page.route(/\/api\/signout$/, async (route) => {
    await slow.opened;
    await route.continue();
  });
  await page.getByRole("button", { name: "Sign out" }).click();
  const main = page.getByRole("main");
  await expect(main.getByRole("heading", { name: "Sign out" })).toBeFocused();
  await expect(main).toContainText("Signing out…");
  await expect(page.getByRole("heading", { name: "Links" })).toHaveCount(0);
  slow.open();
  await expect(page.getByRole("heading", { name: "Sign in" })).toBeVisible();
});

test("a session that ends by itself leaves what was written to whoever signs straight back in", async ({
  link,
  partner,
  timedAgent: agent,
  customer,
  watch,
}) => {
  const { page } = agent;
  await customer.enter(await link("session-ended"));
  await agent.openLinks();
  const { composer } = await agent.openChat("session-ended");
  await composer.fill("I was just about to");
  await expect.poll(() => draftsKept(page)).toBe(1);
  watch.declare(/\/api\//, 401);
  await page.context().clearCookies();
  await page.reload();
  await agent.signInAgain(partner);
  await expect(composer).toHaveValue("I was just about to");
});

/** The customer says something, and an agent is about to answer. */
async function writeIn(agent: Agent, theirs: Thread, chat: string, answer: string): Promise<Thread> {
  await theirs.send("For your eyes only");
  const thread = await agent.openChat(chat);
  await expect(thread.message("For your eyes only")).toBeVisible();
  await thread.composer.fill(answer);
  await expect.poll(() => draftsKept(agent.page)).toBe(1);
  return thread;
}

test("signing in or out in one tab does so in every tab of the browser", async ({
  browserOf,
  customer,
  device,
  server,
  watch,
}) => {
  const own = await server.createPartner(`Two Tabs ${test.info().repeatEachIndex}`);
  const here = await agentIn(await browserOf(device), server, watch);
  await here.signIn(own);
  const there = await agentIn(here.page.context(), server, watch);
  await writeIn(there, await customer.enter(await here.makeLink("left-open")), "left-open", "Half an answer");
  const asked = watch.requests.length;

  await here.page.getByRole("button", { name: "Sign out" }).click();
  await signInPage(there.page);
  const left = await there.page.content();
  expect(left).not.toContain("For your eyes only");
  expect(left).not.toContain("Half an answer");
  await signInPage(here.page);
  expect(await draftsKept(there.page)).toBe(0);
  const signedOut = watch.requests.slice(asked).filter((request) => request.includes("/api/signout"));
  expect(signedOut).toHaveLength(1);
  // As after one's own sign-out, the next who signs in here begins anew.
  await there.signInAgain(own);
  await expect(there.page.getByRole("heading", { name: "Links", level: 1 })).toBeVisible();
  // The tab that waits at the door comes in as well: the session is that of the whole browser.
  await expect(here.page.getByRole("heading", { name: "Links", level: 1 })).toBeVisible();
});

test("a session that is ended elsewhere closes the desk in every tab, and what was written keeps", async ({
  browserOf,
  customer,
  device,
  server,
  watch,
}) => {
  const own = await server.createPartner(`Ended Elsewhere ${test.info().repeatEachIndex}`);
  const here = await agentIn(await browserOf(device), server, watch);
  await here.signIn(own);
  const there = await agentIn(here.page.context(), server, watch);
  const thread = await writeIn(
    there,
    await customer.enter(await here.makeLink("ended-elsewhere")),
    "ended-elsewhere",
    "I was just about to",
  );
  const elsewhere = await agentIn(await browserOf(device), server, watch);
  await elsewhere.signIn(own);
  await elsewhere.page.goto(`${server.url}/partners/settings`);
  const end = elsewhere.page.getByRole("button", { name: "End session" });
  await expect(end).toHaveCount(1);

  watch.declare(/\/api\//, 401);
  await end.click();
  await Promise.all([signInPage(there.page), signInPage(here.page)]);
  expect(await there.page.content()).not.toContain("For your eyes only");
  await there.signInAgain(own);
  await expect(thread.message("For your eyes only")).toBeVisible();
  await expect(thread.composer).toHaveValue("I was just about to");
});

test("a second organisation that is set up where one is signed in has a desk of its own", async ({
  timedAgent: agent,
  server,
}) => {
  await agent.openLinks();
  await agent.makeLink("of-the-first");
  await expect(agent.row("of-the-first")).toBeVisible();
  const { page } = agent;
  await page.goto(`${server.url}/setup#${SETUP_TOKEN}`);
  await page.getByLabel("Organisation").fill("Second Bakery");
  await page.getByLabel("E-mail").fill("second@bakery.example");
  await page.getByLabel("Password", { exact: true }).fill("eleven rolls before ten");
  await page.getByRole("button", { name: "Set up" }).click();
  await page.getByLabel("I have written it down").check();
  await page.getByRole("button", { name: "Continue" }).click();
  await expect(page.getByRole("banner")).toContainText("Second Bakery");
  await expect(agent.row("of-the-first")).toHaveCount(0);
  await agent.makeLink("of-the-second");
  await expect(agent.row("of-the-second")).toBeVisible();
  await expect(agent.row("of-the-first")).toHaveCount(0);
});

test("a tab that comes back to somebody else's session asks for their keys", async ({
  timedAgent: agent,
  server,
  watch,
}) => {
  const other = await server.createPartner("Other Bakery");
  const late = await agentIn(agent.page.context(), server, watch);
  // A tab that sleeps does not hear in time that somebody signs out in another one.
  await late.page.addInitScript(() => Reflect.deleteProperty(globalThis, "BroadcastChannel"));
  watch.declare(/\/api\//, "ERR_FAILED");
  let down = false;
  const sockets: WebSocketRoute[] = [];
  await late.page.routeWebSocket(/\/api\/socket/, (socket) => {
    sockets.push(socket);
    if (down) void socket.close();
    else socket.connectToServer();
  });
  await late.page.route(/\/api\//, (route) => (down ? route.abort() : route.continue()));
  await late.openLinks();
  // A socket that is still being dialled is complained of when it is taken away.
  await expect(late.page.getByText("Connected", { exact: true })).toBeVisible();
  down = true;
  for (const socket of sockets) await socket.close();

  await agent.page.getByRole("button", { name: "Sign out" }).click();
  await expect(agent.page.getByRole("heading", { name: "Sign in" })).toBeVisible();
  await agent.signIn(other);
  down = false;
  await expect(late.page.getByLabel("Password", { exact: true })).toBeVisible();
  await expect(late.page.getByRole("main")).toContainText(other.email);
  await late.page.getByLabel("Password", { exact: true }).fill(other.password);
  await late.page.getByRole("button", { name: "Unlock" }).click();
  await expect(late.page.getByRole("banner")).toContainText(other.name);
});

async function agentIn(browser: BrowserContext, server: TestServer, watch: Watch): Promise<Agent> {
  return new Agent(await browser.newPage(), server, watch);
}

/** A desk that anybody could read is not to stand there for longer. */
async function signInPage(page: Page): Promise<void> {
  await expect(page.getByRole("heading", { name: "Sign in" })).toBeVisible({ timeout: 2_000 });
}
