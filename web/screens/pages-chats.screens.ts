/** The inbox and a thread of the desk in the states that searching, waiting and a bad line bring about. */
import { expect, test } from "@playwright/test";
import type { Thread } from "../e2e/support/people.ts";
import { take } from "./camera.ts";
import { Stage } from "./stage.ts";

test.describe.configure({ mode: "serial" });

let stage: Stage;
let theirs: Thread;

test.beforeAll(async ({ browser }) => {
  stage = await Stage.open(browser);
});

test.afterAll(() => stage.close());

test("the inbox", async () => {
  const { agent, server } = stage;
  const { page } = agent;
  await stage.visit("order-4720", "Picture frames", "Thank you for the frames!");
  await stage.visit("order-4715", "Chest of drawers, Ms Featherstonehaugh-Oyelaran, second floor", "Hello");
  await stage.visit("quote-0101", "Zoë Müller");
  theirs = await stage.visit("order-4711", "Oak table, Mr Adeyemi", "Hello, this is about the oak table.");
  await page.goto(`${server.url}/partners/chats`);
  await page.getByRole("link", { name: "Picture frames" }).waitFor();
  await page.getByRole("heading", { name: "Chats", level: 1 }).click();
  await take(page, "26-inbox-labels");
  const field = page.getByRole("searchbox", { name: "Find a chat" });
  await field.fill("order");
  await page.locator(".inbox-progress").filter({ hasText: "3 chats found" }).waitFor();
  await take(page, "27-inbox-found");
  await field.fill("wedding cake");
  await page.locator(".inbox-progress").filter({ hasText: "No chat found" }).waitFor();
  await take(page, "28-inbox-nothing-found");
  await field.press("Escape");
  await page.getByRole("checkbox", { name: "Waiting for an answer" }).check();
  await expect(page.getByRole("link", { name: "Zoë Müller" })).toHaveCount(0);
  await take(page, "29-inbox-waiting");
  await page.getByRole("checkbox", { name: "Waiting for an answer" }).uncheck();
  await page.setViewportSize({ width: 1280, height: 800 });
  await page.getByRole("button", { name: "Keyboard" }).click();
  await page.getByRole("dialog").waitFor();
  await take(page, "2a-keyboard");
  await page.keyboard.press("Escape");
});

test("a thread", async () => {
  const { agent, desk, server } = stage;
  const { page } = agent;
  await page.setViewportSize({ width: 1280, height: 800 });
  const ours = await agent.openChat("Oak table");
  for (let number = 1; number <= 14; number += 1)
    await ours.send(`Drawing ${number} of 14: have a look at the corners, please.`);
  await theirs.status("Hello, this is about the oak table.", "Read");
  await ours.status("Drawing 14 of 14", "Read");
  await page.goto("about:blank");
  await theirs.send("I like the fourth one.");
  await theirs.send("But with the edge of the seventh.");
  await theirs.status("But with the edge of the seventh.", "Sent");
  await page.goto(`${server.url}/partners/chats`);
  await page.getByRole("link", { name: "Oak table" }).click();
  await ours.message("But with the edge of the seventh.").waitFor();
  await ours.log.getByText("New messages", { exact: true }).waitFor();
  await take(page, "2b-thread-unread-line");

  // Up again for the size of a phone: another width is another place.
  await page.setViewportSize({ width: 390, height: 844 });
  await ours.log.evaluate((log) => log.scrollBy(0, -500));
  await theirs.send("Or the ninth?");
  await page.getByRole("button", { name: "1 new message", exact: true }).waitFor();
  await take(page, "2c-thread-new-message");

  await desk.setOffline(true);
  await page.getByText("You are offline.").first().waitFor();
  await ours.send("The ninth is my own favourite.");
  await take(page, "2d-thread-connection-lost");
  await desk.setOffline(false);
  await ours.status("The ninth is my own favourite.", "Read");
  await page.setViewportSize({ width: 1280, height: 800 });
});

test("threads that end", async () => {
  const { agent } = stage;
  const { page } = agent;
  await theirs.page.getByRole("button", { name: "End chat" }).click();
  await theirs.page.getByRole("dialog").waitFor();
  await take(theirs.page, "57-end-question");
  await theirs.page.getByRole("dialog").getByRole("button", { name: "End chat" }).click();
  await page.getByText(/^The customer ended this chat, /).waitFor();
  await take(page, "2e-thread-ended-by-customer");
});
