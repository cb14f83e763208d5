/** A chat that is over: its page says so by whatever way it hears, and asks no more. */
import type { Page } from "@playwright/test";
import type { Agent } from "./support/people.ts";
import { expect, test } from "./support/talk.ts";

const ENDED = "This chat has ended.";

test("the page of a chat that ended hangs up, and does not dial again", async ({ agent, talk, watch }) => {
  watch.declare(/\/api\/chats\/[^/]+\//, 410);
  const chat = await talk("closed-hangs-up", undefined, (page) => page.clock.install());
  const dialled = dials(chat.page);
  await chat.hear("Good morning");
  await end(agent, chat.chat);
  await expect(chat.page.getByText(ENDED).first()).toBeVisible();
  await chat.page.clock.runFor(60_000);
  expect(dialled()).toBe(0);
});

test("where there is no socket, polling tells as well that the chat has ended", async ({
  agent,
  talk,
  watch,
}) => {
  watch.declare(/\/api\/chats\/[^/]+\//, 410);
  const chat = await talk("closed-by-polling", undefined, (page) =>
    page.routeWebSocket(/\/api\/socket/, (socket) => socket.close()),
  );
  await expect(chat.page.getByText("Connected, but slowly").first()).toBeVisible();
  await end(agent, chat.chat);
  await expect(chat.page.getByText(ENDED).first()).toBeVisible({ timeout: 30_000 });
  await expect(chat.thread.composer).toHaveCount(0);
});

test("two presses on the way back into a chat open it once", async ({ customer, link, watch }) => {
  watch.declare(/\/secure\/chat\//, 410);
  const address = await link("closed-twice");
  await customer.enter(address);
  const { page } = customer;
  await page.goto(address);
  const back = page.getByText("Return to your chat");
  await expect(back).toBeVisible();
  const dialled = dials(page);
  await back.dblclick();
  const thread = await customer.thread();
  await thread.send("I am back");
  await thread.sent("I am back");
  expect(dialled()).toBe(1);
});

/** Ends a chat from the desk. */
async function end(agent: Agent, chat: string): Promise<void> {
  await agent.openChat(chat);
  await agent.page.getByRole("button", { name: "End chat" }).click();
  await agent.page.getByRole("dialog").getByRole("button", { name: "End chat" }).click();
  await expect(agent.page.getByText(/^Your side ended this chat, /)).toBeVisible();
}

/** Counts how often a page dials the socket from now on. */
function dials(page: Page): () => number {
  let count = 0;
  page.on("websocket", () => {
    count += 1;
  });
  return () => count;
}
