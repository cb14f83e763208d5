/** What few people need comes when they need it, in their language, or says why it does not. */

import { translated } from "./support/catalogue.ts";
import { Latch } from "./support/latch.ts";
import { expect, PHONE, test } from "./support/talk.ts";

const SELDOM = /\/assets\/seldom-/;

test("what a press needs is fetched for it, and a failure says so and can be tried again", async ({
  talk,
  watch,
}) => {
  // A server that answers and does not have the part will never have it: this one is away.
  const away = /\/assets\/seldom-|\/healthz$/;
  watch.declare(away, "ERR_FAILED");
  const { page, thread } = await talk("seldom", PHONE, (page) => page.route(away, (route) => route.abort()));
  expect(watch.requests.filter((request) => SELDOM.test(request))).toEqual([]);
  await page.getByRole("button", { name: "End chat" }).tap();
  const failure = page.getByRole("alert").filter({ hasText: "The connection failed." });
  await expect(failure).toBeVisible();
  await expect(thread.composer).toBeEnabled();
  await failure.getByRole("button", { name: "Close" }).tap();
  await expect(failure).toHaveCount(0);
  await page.getByRole("button", { name: "End chat" }).tap();
  await expect(failure).toBeVisible();
  await page.unroute(away);
  await failure.getByRole("button", { name: "Try again" }).tap();
  await expect(page.getByRole("dialog", { name: "End this chat?" })).toBeVisible();
});

test("a dead end is said in the browser's language, and in another one by hand", async ({
  browserOf,
  server,
  watch,
}) => {
  watch.declare(/\/secure\/chat\//, 404);
  const page = await (await browserOf({ ...PHONE, locale: "pl-PL" })).newPage();
  await page.goto(`${server.url}/secure/chat/${"E".repeat(22)}`);
  const heading = page.getByRole("heading", { level: 1 });
  await expect(heading).toHaveText(translated("pl/seldom", "door.not_found.heading"));
  await expect(heading).toBeFocused();
  await page.getByRole("combobox").selectOption("Türkçe");
  await expect(heading).toHaveText(translated("tr/seldom", "door.not_found.heading"));
});

test("a press on End chat is busy until its question is here", async ({ talk }) => {
  const { page } = await talk("seldom-slow", PHONE);
  const coming = new Latch();
  await page.route(SELDOM, async (route) => {
    await coming.opened;
    await route.continue();
  });
  const end = page.locator(".chat-header").getByText("End chat", { exact: true });
  await end.tap();
  await expect(end).toHaveAttribute("aria-busy", "true");
  coming.open();
  await expect(page.getByRole("dialog", { name: "End this chat?" })).toBeVisible();
  await expect(end).not.toHaveAttribute("aria-busy");
});

test("a dead end stays as the server wrote it where the rest can't be had", async ({
  browserOf,
  server,
  watch,
}) => {
  watch.declare(/\/secure\/chat\//, 404);
  watch.declare(SELDOM, "ERR_FAILED");
  const page = await (await browserOf(PHONE)).newPage();
  await page.route(SELDOM, (route) => route.abort());
  const failed = page.waitForEvent("requestfailed", (request) => SELDOM.test(request.url()));
  await page.goto(`${server.url}/secure/chat/${"E".repeat(22)}`);
  await failed;
  await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve, 0))));
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Link not found");
});
