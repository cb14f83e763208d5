/** The main job in Firefox, at a phone's and a desktop's size: nothing may be complained about on the way. */
import type { Page } from "@playwright/test";
import { Agent, Customer } from "../e2e/support/people.ts";
import { readDrawing } from "../e2e/support/qr.ts";
import { SETUP_TOKEN, TestServer } from "../e2e/support/server.ts";
import { expect, test } from "../e2e/support/test.ts";

test("set-up, a link, one visit, a talk that lasts, and a used link", async ({ browserOf, watch }, {
  project,
}) => {
  const server = await TestServer.start({ WICKETGATE_SETUP_TOKEN: SETUP_TOKEN });
  const desk = await browserOf({}, server.url);
  const customer = new Customer(await (await browserOf({}, server.url)).newPage());
  watch.declare(/\/api\/me$/, 401);

  const agent = await test.step("set-up ends on the desk", async () => {
    const page = await desk.newPage();
    await setUp(page, server);
    return new Agent(page, server, watch);
  });

  const address = await test.step("a link, copied and drawn", async () => {
    const made = await agent.makeLink("firefox");
    await expect(agent.panel.getByRole("button", { name: "Copied" })).toBeVisible();
    expect(await agent.pasted()).toBe(made);
    expect(await readDrawing(agent.panel.getByRole("img", { name: "QR code" }))).toBe(made);
    await fits(agent.page);
    return made;
  });

  const theirs = await test.step("the customer looks, then taps", async () => {
    await customer.look(address);
    await expect(customer.start).toBeEnabled();
    await expect(agent.row("firefox")).toContainText("Valid");
    await fits(customer.page);
    await customer.start.click();
    const thread = await customer.thread();
    await expect(agent.row("firefox")).toContainText("Used");
    return thread;
  });

  const ours = await test.step("they talk", async () => {
    const thread = await agent.openChat("firefox");
    await theirs.send("Is the rye bread still warm?");
    await expect(thread.message("Is the rye bread still warm?")).toBeVisible();
    await thread.send("Straight from the oven.");
    await expect(theirs.message("Straight from the oven.")).toBeVisible();
    await theirs.status("Is the rye bread still warm?", "Read");
    await thread.status("Straight from the oven.", "Read");
    for (const page of [theirs.page, thread.page]) await fits(page);
    return thread;
  });

  await test.step("a reload on each side loses nothing", async () => {
    for (const thread of [theirs, ours]) {
      await thread.page.reload();
      await expect(thread.message("Straight from the oven.")).toBeVisible();
      expect(await thread.words()).toEqual(["Is the rye bread still warm?", "Straight from the oven."]);
    }
    await theirs.composer.fill("On my way.");
    // Enter sends under a mouse, and breaks the line under a finger.
    if (project.name === "desktop") await theirs.composer.press("Enter");
    else await theirs.page.getByRole("button", { name: "Send", exact: true }).click();
    await expect(ours.message("On my way.")).toBeVisible();
  });

  await test.step("the used link says so, and leads its own customer back", async () => {
    watch.declare(/\/secure\/chat\//, 410);
    const stranger = await (await browserOf({}, server.url)).newPage();
    await stranger.goto(address);
    await expect(stranger.getByRole("heading", { name: "Link has already been used" })).toBeVisible();
    await customer.look(address);
    await customer.page.getByText("Return to your chat").click();
    await expect(theirs.message("On my way.")).toBeVisible();
  });

  for (const context of [desk, customer.page.context()]) await context.close();
  await server.stop();
});

async function setUp(page: Page, server: TestServer): Promise<void> {
  await page.goto(`${server.url}/setup#${SETUP_TOKEN}`);
  await page.getByLabel("Organisation").fill("Corner Bakery");
  await page.getByLabel("E-mail").fill("mara@bakery.example");
  await page.getByLabel("Password", { exact: true }).fill("seven loaves before dawn");
  await page.getByRole("button", { name: "Set up" }).click();
  await page.getByLabel("I have written it down").check();
  await page.getByRole("button", { name: "Continue" }).click();
  await expect(page.getByRole("heading", { name: "Links", level: 1 })).toBeVisible();
}

/** Nothing of the page is wider than the window. */
async function fits(page: Page): Promise<void> {
  const [wide, window] = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
  expect(wide).toBeLessThanOrEqual(window ?? 0);
}
