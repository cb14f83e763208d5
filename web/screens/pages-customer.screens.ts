/** The customer's door and chat in the states that few people see. */
import { test } from "@playwright/test";
import { take } from "./camera.ts";
import { Stage } from "./stage.ts";

test.describe.configure({ mode: "serial" });

let stage: Stage;

test.beforeAll(async ({ browser }) => {
  stage = await Stage.open(browser);
});

test.afterAll(() => stage.close());

test("a door on a bad day", async () => {
  const { page, start } = await stage.customer();
  await page.goto(await stage.link("bad-day"));
  const redeem = /\/api\/validate-secure-link$/;
  await page.route(redeem, (route) => route.abort());
  await start.click();
  await page.getByRole("alert").filter({ hasText: "The connection failed" }).waitFor();
  await take(page, "47-door-failed");
  await page.unroute(redeem);
  await page.context().setOffline(true);
  await start.click();
  await page.getByText("You are offline.").first().waitFor();
  await take(page, "48-door-offline");
});

test("dialogs of the chat", async () => {
  const { agent, partner, server } = stage;
  const body = { chatId: "six-words" };
  const answer = await server.call("/api/generate-secure-link", { key: partner.apiKey, body });
  const customer = await stage.customer();
  const { page } = await customer.enter(((await answer.json()) as { secureUrl: string }).secureUrl);
  await page.getByRole("button", { name: "Sound and notifications" }).click();
  await page.getByRole("dialog").waitFor();
  await take(page, "58-notifications");
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: "Compare six words" }).click();
  await page.getByRole("dialog").getByRole("listitem").nth(5).waitFor();
  await take(page, "59-six-words");
  await agent.openChat("six-words");
  await agent.page.getByRole("button", { name: "Compare six words" }).click();
  await agent.page.getByRole("dialog").getByRole("listitem").nth(5).waitFor();
  await take(agent.page, "2f-six-words");
});

test("another language", async () => {
  const { page } = await stage.customer();
  await page.goto(`${stage.server.url}/signin`);
  await page.getByRole("combobox").selectOption("العربية");
  await page.locator("html[lang=ar]").waitFor();
  await take(page, "07-sign-in-in-arabic");
});
