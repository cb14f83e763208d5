/** The page of links in the states that its own tools bring about. */
import { expect, test } from "@playwright/test";
import { Latch } from "../e2e/support/latch.ts";
import { take } from "./camera.ts";
import { Stage } from "./stage.ts";
import { ORDER } from "./story.ts";

test.describe.configure({ mode: "serial" });

let stage: Stage;

test.beforeAll(async ({ browser }) => {
  stage = await Stage.open(browser);
});

test.afterAll(() => stage.close());

test("a new link", async () => {
  const { agent } = stage;
  const { page, panel } = agent;
  await agent.openLinks();
  await page.getByRole("radio", { name: "Own time" }).check();
  await page.getByRole("textbox", { name: "How many" }).fill("900");
  await agent.generate.click();
  await page.getByRole("alert").filter({ hasText: "From 1 minute" }).waitFor();
  await take(page, "15-links-own-time-error");

  await page.getByRole("textbox", { name: "How many" }).fill("6");
  await page.getByText("Options", { exact: true }).click();
  await page.getByLabel("Label").fill("Oak table, Mr Adeyemi");
  await agent.makeLink(ORDER);
  await panel.getByRole("button", { name: "Show large" }).click();
  await page.getByRole("dialog").waitFor();
  await take(page, "16-code-large");
  await page.keyboard.press("Escape");
  await page.evaluate(() => {
    window.print = () => document.documentElement.setAttribute("data-printed", "");
  });
  await panel.getByRole("button", { name: "Print card" }).click();
  await page.locator("html[data-printed]").waitFor();
  await page.emulateMedia({ media: "print" });
  await take(page, "17-printed-card");
  await page.emulateMedia({ media: null });
  await panel.getByRole("button", { name: /^(Copy|Copied)$/ }).click();
  await panel.getByRole("button", { name: "Copied" }).waitFor();
  await take(page, "18-link-copied", { full: true });
});

test("a link to a chat that had a customer, and one that somebody else tries", async () => {
  const { agent } = stage;
  const { page, panel } = agent;
  const address = await panel.getByLabel("Link address").inputValue();
  await (await stage.customer()).enter(address);
  await expect(panel).toContainText("Used");
  await page.evaluate(() => scrollTo(0, 0));
  await take(page, "19-link-used-while-shown", { full: true });
  await panel.getByRole("button", { name: "New link to this chat" }).click();
  await page.getByRole("dialog").waitFor();
  await take(page, "1a-existing-chat-question");
  await page.getByRole("dialog").getByRole("button", { name: "Make the link" }).click();
  await expect(panel).toContainText("left");

  await stage.tryAgain(address);
  await page.getByRole("region", { name: "Alerts" }).waitFor();
  await page.evaluate(() => scrollTo(0, 0));
  await take(page, "1b-second-opener-alert");
  await page.getByRole("region", { name: "Alerts" }).getByRole("button", { name: "Show" }).click();
  await expect(agent.row("Someone else tried this link")).toBeFocused();
  await take(page, "1c-second-opener-row", { full: true });
});

test("finding a link among many", async () => {
  const { agent, partner, server } = stage;
  const { page } = agent;
  const make = (number: number) =>
    server.call("/api/generate-secure-link", {
      key: partner.apiKey,
      body: { chatId: `order-${4000 + number}`, expiryHours: 24 },
    });
  for (let begin = 0; begin < 300; begin += 50)
    await Promise.all(Array.from({ length: 50 }, (_, step) => make(begin + step)));
  await agent.openLinks();
  const find = page.getByRole("searchbox", { name: "Find" });
  const further = /\/api\/links\?.*after=/;
  const held = new Latch();
  await page.route(further, async (route) => {
    await held.opened;
    await route.continue();
  });
  await find.fill("adeyemi");
  await page.getByRole("button", { name: "Stop" }).waitFor();
  await take(page, "1d-find-running", { full: true });
  held.open();
  await page
    .getByRole("main")
    .getByText(/^Searched all/)
    .waitFor();
  await take(page, "1e-find-found", { full: true });
  await find.fill("wedding cake");
  await page
    .getByRole("main")
    .getByText(/Found 0\.$/)
    .waitFor();
  await take(page, "1f-find-nothing", { full: true });
});
