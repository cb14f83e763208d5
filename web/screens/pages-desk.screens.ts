/** The desk in the states that a bad day brings about: what comes late, what fails, what is not there. */
import { test } from "@playwright/test";
import { Latch } from "../e2e/support/latch.ts";
import { Customer } from "../e2e/support/people.ts";
import { take } from "./camera.ts";
import { Stage } from "./stage.ts";

test.describe.configure({ mode: "serial" });

let stage: Stage;

test.beforeAll(async ({ browser }) => {
  stage = await Stage.open(browser);
});

test.afterAll(() => stage.close());

test("what comes late, and then not at all", async () => {
  const { page } = stage.agent;
  await late("/partners/qrcodes", /\/api\/me$/, "08-desk-loading", "09-desk-failed");
  await late("/partners/qrcodes", /\/api\/links(\?|$)/, "1g-links-loading", "1h-links-failed");
  await late("/partners/chats", /\/api\/chats(\?|$)/, "2j-chats-loading", "2k-chats-failed");
  await page.route(/\/api\/(sessions|keys)$/, (route) => route.abort());
  await page.goto(`${stage.server.url}/partners/settings`);
  await page.getByRole("alert").nth(1).waitFor();
  await take(page, "32-settings-failed", { full: true });
  await page.unroute(/\/api\/(sessions|keys)$/);
});

test("what is not there", async () => {
  const { agent, partner, server } = stage;
  const { page } = agent;
  await stage.link("quote-0101", "--label", "Window bench");
  const answer = await server.call("/api/links", { key: partner.apiKey });
  const [made] = ((await answer.json()) as { links: { chatRef: string }[] }).links;
  await stage.visit("order-4720", "Picture frames", "Thank you for the frames!");
  await page.goto(`${server.url}/partners/chats/${"A".repeat(22)}`);
  await page.getByRole("heading", { name: "There is no such chat" }).waitFor();
  await take(page, "2l-no-such-chat");
  await page.goto(`${server.url}/partners/chats/${made?.chatRef}`);
  await page.getByRole("heading", { name: "Nobody has come yet" }).waitFor();
  await take(page, "2m-nobody-came-yet");
});

test("another password, and keys that are gone", async () => {
  const { agent, partner, server } = stage;
  const { page } = agent;
  const next = "a hinge that never squeaks";
  await page.goto(`${server.url}/partners/settings`);
  await page.getByRole("textbox", { name: "Current password" }).first().fill(partner.password);
  await page.getByRole("textbox", { name: "New password" }).fill(next);
  await page.getByRole("button", { name: "Change password" }).click();
  await page.getByText("Your password is changed.").first().waitFor();
  await take(page, "33-password-changed", { full: true });
  await new Customer(page).loseKey();
  await page.getByRole("heading", { name: "Unlock your desk" }).waitFor();
  await take(page, "0a-unlock");
});

/** Takes a page while this call is under way, and after it failed. */
async function late(path: string, call: RegExp, loading: string, failed: string): Promise<void> {
  const { page } = stage.agent;
  const latch = new Latch();
  await page.route(call, async (route) => {
    await latch.opened;
    await route.abort();
  });
  await page.goto(stage.server.url + path);
  await page.getByText("Loading…").first().waitFor();
  await take(page, loading, { full: true });
  latch.open();
  await page.getByRole("button", { name: "Try again" }).waitFor();
  await take(page, failed, { full: true });
  await page.unroute(call);
}
