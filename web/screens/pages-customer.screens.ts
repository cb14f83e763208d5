/** The customer's door and chat in the states that few people see. */
import { test } from "@playwright/test";
import { withoutCookies } from "../e2e/support/cookieless.ts";
import { Latch } from "../e2e/support/latch.ts";
import { PHONE, take } from "./camera.ts";
import { Stage } from "./stage.ts";
import { ORDER } from "./story.ts";

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
  const failing = new Latch();
  await page.route(redeem, async (route) => {
    await failing.opened;
    await route.abort();
  });
  await start.click();
  await page.getByRole("button", { name: "Opening the door…" }).waitFor();
  await take(page, "49-door-busy");
  failing.open();
  await page.getByRole("alert").filter({ hasText: "The connection failed" }).waitFor();
  await take(page, "47-door-failed");
  await page.unroute(redeem);
  await page.context().setOffline(true);
  await start.click();
  await page.getByText("You are offline.").first().waitFor();
  await take(page, "48-door-offline");
});

test("addresses that open nothing", async () => {
  const { page } = await stage.customer();
  const [address] = (await stage.link("lying")).split("#");
  const [, other] = (await stage.link("another")).split("#");
  await page.goto(`${address}#${other}`);
  await page.getByRole("heading", { name: "This link does not check out" }).waitFor();
  await take(page, "4a-door-mismatch");
  await page.goto(`${stage.server.url}/chat/${"A".repeat(22)}`);
  await page.getByRole("heading", { name: "This chat is not open in this browser" }).waitFor();
  await take(page, "4b-chat-elsewhere");
});

test("a door in a browser that blocks cookies", async ({ launchOptions, playwright }) => {
  const address = await stage.link("no-cookies");
  await withoutCookies(playwright.chromium, { ...launchOptions, ...PHONE }, async (context) => {
    const page = await context.newPage();
    await page.goto(address);
    await page.getByRole("heading", { name: "This browser blocks cookies" }).waitFor();
    await take(page, "4c-door-cookies");
  });
});

test("a chat on a bad line", async () => {
  const { agent } = stage;
  const customer = await stage.customer();
  const { page } = customer;
  // The first line is cut off, and the page falls back to asking.
  let cut = true;
  await page.routeWebSocket(/\/api\/socket/, (socket) => {
    if (cut) void socket.close();
    else socket.connectToServer();
  });
  const theirs = await customer.enter(await stage.link(ORDER, "--label", "Oak table, Mr Adeyemi"));
  await theirs.send("Hello, this is about the oak table.");
  await theirs.status("Hello, this is about the oak table.", "Sent");
  await page.getByText("Connected, but slowly").first().waitFor();
  await take(page, "5b-chat-slow");
  cut = false;
  await page.reload();
  await page.getByText("Here now").or(page.getByText("Away")).first().waitFor();

  const ours = await agent.openChat("Oak table");
  await ours.send("Good morning! What would you like to know?");
  await theirs.message("Good morning! What would you like to know?").waitFor();
  await ours.composer.fill("We can round the corners");
  await page.getByText("is typing…").waitFor();
  await take(page, "5a-chat-typing");
  await theirs.composer.fill("Could the corners");
  await agent.page.getByText("The other side is typing…").waitFor();
  await take(agent.page, "2g-thread-typing");

  // The worker that holds the keys stops, and can't be started anew.
  await page.route(/customer\.worker/, (route) => route.abort());
  await page.workers()[0]?.evaluate(() => {
    setTimeout(() => {
      throw new Error("the worker stops");
    });
  });
  await ours.send("We can round the corners, of course.");
  await page.locator(".thread-failed").waitFor();
  await take(page, "5c-chat-without-keys");
});

test("dialogs of the chat", async () => {
  const { agent } = stage;
  const customer = await stage.customer();
  const { page } = await customer.enter(await stage.plainLink("six-words"));
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
