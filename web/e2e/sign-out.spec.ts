/** Leaving the desk: what is said when the server does not hear of it, and who is there afterwards. */
import type { Response, WebSocketRoute } from "@playwright/test";
import { draftsKept } from "./support/drafts.ts";
import { Agent } from "./support/people.ts";
import { SETUP_TOKEN } from "./support/server.ts";
import { expect, test } from "./support/talk.ts";

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
  await page.getByLabel("E-mail").fill(partner.email);
  await page.getByLabel("Password", { exact: true }).fill(partner.password);
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(composer).toHaveValue("I was just about to");
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
  const late = new Agent(await agent.page.context().newPage(), server, watch);
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
