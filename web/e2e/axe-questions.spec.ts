/** Open to everyone, in what is left of the states: words to compare, questions, wrong passwords, chats with nobody in them. */
import type { Page, WebSocketRoute } from "@playwright/test";
import { expectAccessible } from "./support/accessibility.ts";
import { type Agent, Customer } from "./support/people.ts";
import { expect, PHONE, test } from "./support/talk.ts";

test("axe finds nothing where six words are compared, on either side", async ({
  browserOf,
  partner,
  server,
  timedAgent: agent,
}) => {
  test.setTimeout(120_000);
  const body = { chatId: "more-words" };
  const made = await server.call("/api/generate-secure-link", { key: partner.apiKey, body });
  const { secureUrl } = (await made.json()) as { readonly secureUrl: string };
  const { page } = await new Customer(await (await browserOf(PHONE)).newPage()).enter(secureUrl);
  await agent.openChat("more-words");
  const words: string[] = [];
  for (const [name, side] of [
    ["chat-words", page],
    ["chat-desk-words", agent.page],
  ] as const) {
    await side.getByRole("button", { name: "Compare six words" }).click();
    const list = side.getByRole("dialog", { name: "Compare six words" }).getByRole("listitem");
    await expect(list).toHaveCount(6);
    words.push((await list.allTextContents()).join(" "));
    await expectAccessible(side, name);
  }
  expect(words[0], "both sides see the same").toBe(words[1]);
});

test("axe finds nothing where a password is wrong, and where the keys are gone", async ({
  browserOf,
  partner,
  server,
  timedAgent: agent,
  watch,
}) => {
  test.setTimeout(120_000);
  watch.declare(/\/api\/(me|signin)$/, 401);
  const stranger = await (await browserOf(PHONE)).newPage();
  await stranger.goto(`${server.url}/signin`);
  await stranger.getByLabel("E-mail").fill(partner.email);
  await stranger.getByLabel("Password", { exact: true }).fill("not this one at all");
  await stranger.getByRole("button", { name: "Sign in", exact: true }).click();
  await expect(stranger.getByRole("alert")).toHaveText("The e-mail or the password is wrong.");
  await expectAccessible(stranger, "sign-in-wrong");

  const { page } = agent;
  await new Customer(page).loseKey();
  await expect(page.getByRole("heading", { name: "Unlock your desk" })).toBeVisible();
  await expectAccessible(page, "unlock");
  await page.getByLabel("Password", { exact: true }).fill("not this one at all");
  await page.getByRole("button", { name: "Unlock" }).click();
  await expect(page.getByText("That is not the password. Please try again.")).toBeVisible();
  await expectAccessible(page, "unlock-wrong");
});

test("axe finds nothing in the desk's questions, and in chats with nobody in them", async ({
  browserOf,
  link,
  partner,
  timedAgent: agent,
  watch,
}) => {
  test.setTimeout(120_000);
  const { page, server } = agent;
  await link("more-nobody");
  await new Customer(await (await browserOf(PHONE)).newPage()).enter(await link("more-again"));
  await test.step("a chat that had a customer", () => askForLink(agent));
  await test.step("a key to be revoked", async () => {
    await page.goto(`${server.url}/partners/settings`);
    const keys = page.getByRole("list", { name: "API keys" });
    await keys.getByRole("button", { name: "Revoke" }).first().click();
    await expect(page.getByRole("dialog", { name: "Revoke this key?" })).toBeVisible();
    await expectAccessible(page, "settings-revoke");
    await page.getByRole("button", { name: "Keep it" }).click();
  });
  await test.step("a chat that nobody has entered yet", async () => {
    // The list holds only chats that somebody came into.
    const list = await server.call("/api/links", { key: partner.apiKey });
    const { links } = (await list.json()) as { links: { chatId: string; chatRef: string }[] };
    const chatRef = links.find(({ chatId }) => chatId === "more-nobody")?.chatRef;
    await page.goto(`${server.url}/partners/chats/${chatRef}`);
    await expect(page.getByRole("heading", { name: "Nobody has come yet" })).toBeVisible();
    await expectAccessible(page, "chat-desk-nobody");
  });
  await test.step("a chat that there is not", async () => {
    watch.declare(/\/api\/chats\//, 404);
    await page.goto(`${server.url}/partners/chats/${"A".repeat(22)}`);
    await expect(page.getByRole("heading", { name: "There is no such chat" })).toBeVisible();
    await expectAccessible(page, "chat-desk-missing");
  });
});

async function askForLink({ page, server, generate }: Agent): Promise<void> {
  await page.goto(`${server.url}/partners/qrcodes`);
  await page.getByText("Options", { exact: true }).click();
  await page.getByLabel("Chat name").fill("more-again");
  await generate.click();
  const question = page.getByRole("dialog", { name: "This chat already had a customer" });
  await expect(question).toBeVisible();
  await expectAccessible(page, "links-ask");
  await page.keyboard.press("Escape");
  await expect(question).toHaveCount(0);
}

test("axe finds nothing in a thread with the unread line, somebody who types, and the way to the end", async ({
  talk,
}) => {
  test.setTimeout(120_000);
  let wire: WebSocketRoute | null = null;
  const chat = await talk("more-thread", PHONE, async (page) => {
    await page.routeWebSocket(/\/api\/socket/, (socket) => {
      wire = socket;
      socket.connectToServer();
    });
  });
  const { page, thread } = chat;
  await chat.hearMany(20, "Before");
  await page.goto("about:blank");
  const sent = () => chat.attendant.events.filter(({ status }) => status === "sent").length;
  const before = sent();
  for (let number = 1; number <= 20; number += 1) chat.say(`After ${number}`);
  await expect.poll(sent).toBe(before + 20);
  await page.goBack();
  const line = thread.log.getByText("New messages", { exact: true });
  await line.scrollIntoViewIfNeeded();
  const pill = page.getByRole("button", { name: "Go to the newest message" });
  await expect(pill).toBeVisible();
  const typing = page.getByText("Corner Bakery is typing…");
  const said = JSON.stringify({ type: "typing", by: "partner", chat: chatOf(page), typing: true });
  // What is not said again is soon forgotten, and looking takes its time.
  const typist = setInterval(() => wire?.send(said), 1_000);
  try {
    await expect(typing).toBeVisible();
    await expectAccessible(page, "chat-unread-typing");
  } finally {
    clearInterval(typist);
  }
  for (const place of [line, typing, pill]) await expect(place).toBeInViewport();
});

function chatOf(page: Page): string {
  return new URL(page.url()).pathname.split("/").at(-1) ?? "";
}
