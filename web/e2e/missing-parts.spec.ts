/** What a page says where a part of it does not come: by itself, in words that are true, and with a way on. */
import type { Page } from "@playwright/test";
import { expect, test } from "./support/test.ts";

const LATE = "This page has not loaded completely. If it stays like this, please load it again.";

/** Answers requests for some of the page's files with other bytes, or with 404 as a newer build does. */
async function spoil(
  page: Page,
  files: RegExp,
  how: "altered" | "broken" | "gone" | "aborted",
): Promise<void> {
  await page.route(files, async (route) => {
    if (how === "aborted") return route.abort();
    if (how === "gone")
      return route.fulfill({ status: 404, contentType: "text/html", body: "<h1>Gone</h1>" });
    const answer = await route.fetch();
    const text = await answer.text();
    return route.fulfill({ response: answer, body: how === "broken" ? text.slice(0, 4_000) : `${text};` });
  });
}

for (const how of ["altered", "gone", "aborted"] as const) {
  test(`a door whose script is ${how} says so by itself within 5 s`, async ({ agent, browser }) => {
    await agent.openLinks();
    const address = await agent.makeLink();
    // What the browser says of it in its console is what is tried here.
    const page = await browser.newPage();
    await spoil(page, /\/assets\/customer-.*\.js$/, how);
    await page.goto(address);
    await expect(page.getByText(LATE)).toBeHidden();
    await expect(page.getByText(LATE)).toBeVisible({ timeout: 5_000 });
    await expect(page.getByRole("button", { name: "Start secure chat" })).toBeDisabled();
    await page.close();
  });

  test(`a desk whose script is ${how} says so by itself within 5 s`, async ({ browser, server }) => {
    const page = await browser.newPage();
    await spoil(page, /\/assets\/desk-.*\.js$/, how);
    await page.goto(`${server.url}/partners/qrcodes`);
    await expect(page.getByText(LATE)).toBeVisible({ timeout: 5_000 });
    await page.close();
  });
}

test("a page that is only slow takes the sentence back", async ({ agent, browserOf }) => {
  await agent.openLinks();
  const address = await agent.makeLink();
  const page = await (await browserOf()).newPage();
  let come = () => {};
  const held = new Promise<void>((resolve) => {
    come = resolve;
  });
  await page.route(/\/assets\/customer-.*\.js$/, async (route) => {
    await held;
    await route.fallback();
  });
  await page.goto(address, { waitUntil: "commit" });
  await expect(page.getByText(LATE)).toBeVisible();
  come();
  await expect(page.getByRole("button", { name: "Start secure chat" })).toBeEnabled();
  await expect(page.getByText(LATE)).toHaveCount(0);
});

for (const how of ["broken", "gone", "aborted"] as const) {
  test(`a worker that is ${how} did not load, and the page is loaded again`, async ({ agent, browser }) => {
    await agent.openLinks();
    const address = await agent.makeLink();
    const page = await browser.newPage();
    await spoil(page, /\/assets\/.*worker-.*\.js$/, how);
    await page.goto(address);
    await expect(page.getByRole("heading", { name: "This page did not load completely" })).toBeVisible();
    await expect(page.getByText("The link was not used.")).toBeVisible();
    await expect(page.getByText("encryption")).toHaveCount(0);
    await page.unroute(/\/assets\/.*worker-.*\.js$/);
    await page.getByRole("button", { name: "Load this page again" }).click();
    await expect(page.getByRole("button", { name: "Start secure chat" })).toBeEnabled();
    await page.close();
  });
}

test("a bent address whose reader does not come is not called incomplete", async ({ agent, browser }) => {
  await agent.openLinks();
  const address = await agent.makeLink();
  const page = await browser.newPage();
  await spoil(page, /\/assets\/findLink-.*\.js$/, "gone");
  await page.goto(`${address}_`);
  await expect(page.getByText(LATE)).toBeVisible();
  await page.unroute(/\/assets\/findLink-.*\.js$/);
  await page.getByRole("button", { name: "Load this page again" }).click();
  await expect(page.getByRole("button", { name: "Start secure chat" })).toBeEnabled();
  await page.close();
});

test("an old tab after an upgrade loads the page again for what it lacks, and where the server is away tries again", async ({
  agent,
  customer,
  watch,
}) => {
  await agent.openLinks();
  const { page } = await customer.enter(await agent.makeLink());
  await spoil(page, /\/assets\/seldom-.*\.js$/, "gone");
  watch.declare(/\/assets\/seldom-/, 404);
  await page.getByRole("button", { name: "End chat" }).click();
  const alert = page.getByRole("alert").filter({ hasText: "Please load it again" });
  await expect(alert).toBeVisible();
  await page.unroute(/\/assets\/seldom-.*\.js$/);
  await alert.getByRole("button", { name: "Load this page again" }).click();
  await page.getByRole("button", { name: "End chat" }).click();
  await expect(page.getByRole("dialog")).toBeVisible();

  await page.reload();
  await spoil(page, /\/assets\/seldom-.*\.js$/, "aborted");
  await page.route(/\/healthz$/, (route) => route.abort());
  watch.declare(/\/assets\/seldom-|\/healthz/, "ERR_FAILED");
  await page.getByRole("button", { name: "End chat" }).click();
  await expect(page.getByText("The connection failed. Nothing is lost; please try again.")).toBeVisible();
  await page.unrouteAll();
  await page.getByRole("button", { name: "Try again" }).click();
  await expect(page.getByRole("dialog")).toBeVisible();
});

test("a desk whose worker does not come says that it did not load", async ({ browser, server }) => {
  const page = await browser.newPage();
  await spoil(page, /\/assets\/.*worker-.*\.js$/, "gone");
  await page.goto(`${server.url}/signin`);
  await page.getByLabel("E-mail").fill("ana@example.org");
  await page.getByLabel("Password", { exact: true }).fill("a wide green door for nobody");
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
  await expect(page.getByText("Please load it again.")).toBeVisible();
  await expect(page.getByText("encryption that Wicketgate needs")).toHaveCount(0);
  await page.close();
});
