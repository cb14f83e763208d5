/** Open to everyone, in states that are seldom met: axe at the first run, on empty and searched lists, in every dialog, at every dead end. */

import { expectAccessible } from "./support/accessibility.ts";
import { heard, listen } from "./support/liveRegions.ts";
import { Agent, Customer } from "./support/people.ts";
import { type Partner, SETUP_TOKEN, TestServer } from "./support/server.ts";
import { expect, PHONE, test } from "./support/talk.ts";

test("axe finds nothing from the set-up to the first chats, in any dialog, and on paper", async ({
  browserOf,
  watch,
}) => {
  test.setTimeout(300_000);
  watch.declare(/\/api\/me$/, 401);
  watch.declare(/\/api\/validate-secure-link$/, 410);
  const server = await TestServer.start({ WICKETGATE_SETUP_TOKEN: SETUP_TOKEN });
  const desk = await browserOf({ permissions: ["clipboard-write"] }, server.url);
  const phone = await browserOf(PHONE, server.url);
  try {
    const page = await desk.newPage();
    await listen(page);
    const agent = new Agent(page, server, watch);
    await test.step("the first run", () => setUp(agent));
    await test.step("lists with nothing in them", () => lookAtNothing(agent));
    await test.step("links", () => lookAtLinks(agent));
    const customer = new Customer(await phone.newPage());
    await test.step("an alert", () => tryTwice(agent, customer));
    await test.step("chats", () => lookAtChats(agent));
  } finally {
    // Pages that outlive their server complain, and rightly.
    await desk.close();
    await phone.close();
    await server.stop();
  }
});

async function setUp({ page, server }: Agent): Promise<void> {
  await page.goto(server.url);
  await expect(page.getByRole("heading", { name: "Where is your set-up address?" })).toBeVisible();
  await expectAccessible(page, "setup-where");
  await page.goto(`${server.url}/setup#${SETUP_TOKEN}`);
  await page.getByLabel("E-mail").fill("no address");
  await page.getByLabel("Password", { exact: true }).fill("short");
  await page.getByRole("button", { name: "Set up" }).click();
  await expect(page.getByText("Use at least 12 characters.", { exact: true })).toBeVisible();
  await expect(page.locator("[aria-invalid=true]")).toHaveCount(3);
  await expectAccessible(page, "setup-errors");
  await page.getByLabel("Organisation").fill("Corner Bakery");
  await page.getByLabel("E-mail").fill("mara@bakery.example");
  await page.getByLabel("Password", { exact: true }).fill("seven loaves before dawn");
  await page.getByRole("button", { name: "Set up" }).click();
  await expect(page.getByRole("heading", { name: "Your recovery code" })).toBeVisible();
  await expectAccessible(page, "setup-code");
  await page.getByLabel("I have written it down").check();
  await page.getByRole("button", { name: "Continue" }).click();
}

async function lookAtNothing({ page, server }: Agent): Promise<void> {
  await expect(page.getByRole("heading", { name: "No links yet" })).toBeVisible();
  await expectAccessible(page, "links-none");
  await page.goto(`${server.url}/partners/chats`);
  await expect(page.getByRole("heading", { name: "No chats yet" })).toBeVisible();
  await expectAccessible(page, "chats-none");
  await page.goto(`${server.url}/partners/settings`);
  const section = page.getByRole("region", { name: "Sound and notifications" });
  await expect(section.getByRole("checkbox", { name: "Notifications" })).toBeVisible();
  await section.scrollIntoViewIfNeeded();
  await expectAccessible(page, "settings-notifications");
}

async function lookAtLinks(agent: Agent): Promise<void> {
  const { page, panel } = agent;
  await agent.openLinks();
  await page.getByRole("radio", { name: "Own time" }).check();
  await agent.generate.click();
  await expect(page.getByRole("alert").filter({ hasText: "From 1 minute to 720 hours" })).toBeVisible();
  await expectAccessible(page, "links-own-error");
  await page.getByRole("textbox", { name: "How many" }).fill("90");
  await agent.makeLink("rest-shown");
  await expectAccessible(page, "links-own");
  await panel.getByRole("button", { name: "Show large" }).click();
  await expect(page.getByRole("dialog").getByRole("img", { name: "QR code" })).toBeVisible();
  await expectAccessible(page, "links-large");
  await page.keyboard.press("Escape");
  await page.emulateMedia({ media: "print" });
  await expect(page.getByRole("article")).toBeVisible();
  await expectAccessible(page, "links-paper");
  await page.emulateMedia({ media: null });
  await page.getByRole("searchbox", { name: "Find" }).fill("nothing of this name");
  await expect(page.getByRole("main").getByText("Searched your only link. Found 0.")).toBeVisible();
  await expectAccessible(page, "links-not-found");
}

/** A customer goes in, and somebody else comes with the same link. */
async function tryTwice(agent: Agent, customer: Customer): Promise<void> {
  const { page } = agent;
  await agent.openLinks();
  const address = await agent.makeLink("rest-tried");
  const theirs = await customer.enter(address);
  await theirs.send("Is anybody there?");
  await heard(page);
  const linkId = new URL(address).pathname.split("/").at(-1);
  const random = () => Buffer.from(crypto.getRandomValues(new Uint8Array(32))).toString("base64url");
  const body = { linkId, claim: random(), proof: random() };
  expect((await agent.server.call("/api/validate-secure-link", { body })).status).toBe(410);
  const alert = page.getByRole("region", { name: "Alerts" });
  await expect(alert).toContainText("Someone else tried a used link");
  const said = "Someone else tried the used link rest-tried. Nobody came in.";
  await expect(page.getByRole("status")).toContainText(said);
  await expectAccessible(page, "links-alert");
  await page.getByRole("link", { name: "Settings" }).click();
  await expect(page.getByRole("heading", { name: "Settings", level: 1 })).toBeVisible();
  await expect(alert).toBeVisible();
  expect((await heard(page)).filter((words) => /Someone else tried/.test(words))).toHaveLength(1);
  await alert.getByRole("button", { name: "Dismiss" }).click();
}

async function lookAtChats({ page, server }: Agent): Promise<void> {
  await page.goto(`${server.url}/partners/chats`);
  await expect(page.getByRole("link", { name: "rest-tried" })).toContainText(/Wrote|Waiting/);
  await expectAccessible(page, "chats-waiting");
  const field = page.getByRole("searchbox", { name: "Find a chat" });
  await field.fill("rest");
  await expect(page.getByText("1 chat found", { exact: true }).first()).toBeVisible();
  await expectAccessible(page, "chats-found");
  await field.fill("nobody of this name");
  await expect(page.getByText("No chat found", { exact: true }).first()).toBeVisible();
  await expectAccessible(page, "chats-not-found");
  await page.getByRole("button", { name: "Keyboard" }).click();
  await expect(page.getByRole("dialog", { name: "Keyboard" })).toBeVisible();
  await expectAccessible(page, "chats-keys");
}

test("axe finds nothing at any dead end of the door", async ({ browserOf, link, partner, server, watch }) => {
  test.setTimeout(180_000);
  watch.declare(/\/secure\/chat\//, 404);
  watch.declare(/\/secure\/chat\//, 410);
  watch.declare(/\/api\/chats\/[\w-]+\/seat$/, 401);
  const expired = await link("rest-expired", "--expires", "1s");
  const used = await link("rest-used");
  const revoked = await link("rest-revoked");
  await revoke(server, partner, "rest-revoked");
  const [whole = "", secret = ""] = (await link("rest-whole")).split("#");
  const page = await (await browserOf(PHONE)).newPage();
  await new Customer(await (await browserOf(PHONE)).newPage()).enter(used);
  await expect.poll(async () => (await fetch(expired)).status).toBe(410);
  for (const [name, address, heading] of [
    ["used", used, "Link has already been used"],
    ["expired", expired, "Link has expired"],
    ["revoked", revoked, "Link has been revoked"],
    ["not-found", `${server.url}/secure/chat/${"A".repeat(22)}#${secret}`, "Link not found"],
    ["incomplete", whole, "This address is incomplete"],
    ["mismatch", `${whole}#${used.split("#")[1]}`, "This link does not check out"],
    ["elsewhere", `${server.url}/chat/${"A".repeat(22)}`, "This chat is not open in this browser"],
  ] as const) {
    // The same address with another fragment is no load.
    await page.goto("about:blank");
    await page.goto(address);
    await expect(page.getByRole("heading", { name: heading, level: 1 })).toBeFocused();
    await expectAccessible(page, `door-${name}`);
  }
});

test("axe finds nothing in a chat whose key is lost, that goes on elsewhere, or that has ended, on either side", async ({
  agent,
  browserOf,
  link,
  watch,
}) => {
  test.setTimeout(300_000);
  watch.declare(/\/api\/chats\/[^/]+\//, 410);
  const context = await browserOf(PHONE);
  const first = new Customer(await context.newPage());

  await test.step("the key is lost", async () => {
    const { page } = first;
    await (await first.enter(await link("rest-lost"))).send("Before the key went");
    await page.getByRole("button", { name: "Sound and notifications" }).tap();
    await expect(page.getByRole("dialog").getByRole("checkbox", { name: "Sound" })).toBeVisible();
    await expectAccessible(page, "chat-notifications");
    await first.loseKey();
    await expect(page.getByRole("heading", { name: "This browser no longer has the key" })).toBeVisible();
    await expectAccessible(page, "chat-lost");
    await page.getByRole("button", { name: "Ask for a new link" }).tap();
    await expect(page.getByText("Asked. Corner Bakery will send you a new link.").first()).toBeVisible();
    await expectAccessible(page, "chat-asked");
    await agent.openChat("rest-lost");
    await expect(agent.page.locator(".notice > p").filter({ hasText: "asks for a new link." })).toBeVisible();
    await expectAccessible(agent.page, "chat-desk-asked");
  });

  const { page } = agent;
  const next = new Customer(await (await browserOf(PHONE)).newPage());
  await test.step("another link takes its place", async () => {
    await (await first.enter(await link("rest-replaced"))).send("I was here first");
    const ours = await agent.openChat("rest-replaced");
    await ours.send("Welcome");
    const afterwards = await next.enter(await link("rest-replaced"));
    await expect(first.page.getByText(/^Another link to this chat was opened/).first()).toBeVisible();
    await expectAccessible(first.page, "chat-replaced");
    await afterwards.send("I came second");
    await expect(ours.log.getByText(/^Another browser has joined, /)).toBeVisible();
    await ours.composer.fill("Which of you is it?");
    await page.getByRole("button", { name: "Send", exact: true }).click();
    const question = page.getByRole("dialog", { name: "Another browser has joined" });
    await expect(question).toBeVisible();
    await expectAccessible(page, "chat-desk-joined");
    await question.getByRole("button", { name: "Send", exact: true }).click();
    await expect(afterwards.message("Which of you is it?")).toBeVisible();
    await expectAccessible(page, "chat-desk-replaced");
  });

  await test.step("the chat is ended", async () => {
    await next.page.getByRole("button", { name: "End chat" }).tap();
    await next.page.getByRole("dialog").getByRole("button", { name: "End chat" }).tap();
    await expect(next.page.getByText("You ended this chat.").first()).toBeVisible();
    await expectAccessible(next.page, "chat-ended-by-me");
    await expect(page.getByText(/^The customer ended this chat, /)).toBeVisible();
    await expectAccessible(page, "chat-desk-ended");
    const theirs = await first.enter(await link("rest-ended"));
    await theirs.send("That was all");
    await agent.openChat("rest-ended");
    await page.getByRole("button", { name: "End chat" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "End chat" }).click();
    await expect(page.getByText(/^Your side ended this chat, /)).toBeVisible();
    await expectAccessible(page, "chat-desk-ended-by-us");
    await expect(theirs.composer).toHaveCount(0);
    await expectAccessible(first.page, "chat-ended-by-them");
  });
});

/** Revokes a chat's link as a program does. */
async function revoke(server: TestServer, { apiKey }: Partner, chat: string): Promise<void> {
  const list = await server.call("/api/links", { key: apiKey });
  const { links } = (await list.json()) as { links: { ref: string; chatId: string }[] };
  const ref = links.find(({ chatId }) => chatId === chat)?.ref;
  expect((await server.call(`/api/links/${ref}/revoke`, { key: apiKey, body: {} })).ok).toBe(true);
}
