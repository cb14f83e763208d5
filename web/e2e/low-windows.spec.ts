/** Windows that are low: pages at 200 % and 400 %, a phone on its side, with its keyboard and without. */
import { Agent } from "./support/people.ts";
import { expect, PHONE, test } from "./support/talk.ts";

const VERBS = ["New link", "End chat"] as const;

test("at 200 % a thread keeps its verbs, and at 400 % every chat can be reached", async ({
  agent,
  customer,
  link,
}) => {
  const { page } = agent;
  await customer.enter(await link("low-window"));
  await page.setViewportSize({ width: 640, height: 400 });
  await agent.openChat("low-window");
  await expect(page.getByRole("textbox", { name: "Message" })).toBeFocused();
  for (const name of VERBS) await expect(page.getByRole("button", { name })).toBeInViewport({ ratio: 1 });

  await page.setViewportSize({ width: 320, height: 256 });
  await page.goto(`${agent.server.url}/partners/chats`);
  const row = page.getByRole("link", { name: "low-window" });
  await row.scrollIntoViewIfNeeded();
  await row.click();
  await expect(page.getByRole("heading", { name: "low-window" })).toBeVisible();
});

test("on a phone on its side the verbs give way to what one writes, and come back", async ({
  browserOf,
  customer,
  link,
  partner,
  server,
  watch,
}) => {
  const context = await browserOf({ ...PHONE, viewport: { width: 667, height: 375 } });
  const desk = new Agent(await context.newPage(), server, watch);
  await desk.signIn(partner);
  await customer.enter(await link("low-phone"));
  const thread = await desk.openChat("low-phone");
  const end = desk.page.getByRole("button", { name: "End chat" });
  await thread.composer.focus();
  await expect(end).toBeHidden();
  await desk.page.getByRole("heading", { name: "low-phone" }).focus();
  await expect(end).toBeInViewport({ ratio: 1 });
});

test("on a phone on its side a code that is shown large is whole, beside the way out", async ({ agent }) => {
  const { page } = agent;
  await agent.openLinks();
  await agent.makeLink("low-code");
  await page.setViewportSize({ width: 667, height: 375 });
  await page.getByRole("button", { name: "Show large" }).click();
  const dialog = page.getByRole("dialog");
  for (const part of [
    dialog.getByRole("heading"),
    dialog.locator("svg.qr"),
    dialog.getByRole("button", { name: "Close" }),
  ]) {
    await expect(part).toBeInViewport({ ratio: 1 });
  }
});

test("above the keyboard of a phone on its side, Send and the line that is written stay in sight", async ({
  talk,
}) => {
  const { page, thread } = await talk("low-composer", { ...PHONE, viewport: { width: 844, height: 190 } });
  for (let line = 1; line <= 8; line += 1) {
    await thread.composer.press("End");
    await thread.composer.pressSequentially(`line ${line}`);
    await expect(page.getByRole("button", { name: "Send", exact: true })).toBeInViewport({ ratio: 1 });
    await expect(thread.composer).toBeInViewport({ ratio: 1 });
    await page.keyboard.press("Shift+Enter");
  }
});
