/** Every page in every state that somebody can see. One story: each part goes on where the one before ended. */
import { type Browser, type BrowserContext, expect, type Page, test } from "@playwright/test";
import { Agent, Customer, type Thread } from "../e2e/support/people.ts";
import { type Partner, TestServer } from "../e2e/support/server.ts";
import { Watch } from "../e2e/support/watch.ts";
import { LENS, PHONE, take } from "./camera.ts";
import { ORDER, talk, WORKSHOP } from "./story.ts";

test.describe.configure({ mode: "serial" });

let server: TestServer;
let desk: BrowserContext;
let agent: Agent;
let apiKey: string;
let theirs: Thread;

test.beforeAll(async ({ browser }) => {
  server = await TestServer.start();
  desk = await browser.newContext(LENS);
  agent = new Agent(await desk.newPage(), server, new Watch());
});

test.afterAll(async () => {
  await desk.close();
  await server.stop();
});

test("before the desk", async () => {
  const { page } = agent;
  await page.goto(`${server.url}/setup`);
  await shown(page, "Where is your set-up address?");
  await take(page, "01-setup-without-token");

  await expect.poll(() => server.printed).toMatch(/\/setup#\S+/);
  await page.goto(/http:\/\/\S+\/setup#\S+/.exec(server.printed)?.[0] ?? "");
  await shown(page, "Set up Wicketgate");
  await page.getByLabel("E-mail").fill("mara@");
  await page.getByLabel("Password", { exact: true }).fill("oak");
  await page.getByRole("button", { name: "Set up" }).click();
  await page.getByText("Use at least 12 characters.", { exact: true }).waitFor();
  await take(page, "02-setup-errors", { full: true });

  await page.getByLabel("Organisation").fill(WORKSHOP.name);
  await page.getByLabel("E-mail").fill(WORKSHOP.email);
  await page.getByLabel("Password", { exact: true }).fill(WORKSHOP.password);
  await page.getByRole("button", { name: "Set up" }).click();
  await shown(page, "Your recovery code");
  await take(page, "03-recovery-code", { full: true });
  await page.getByLabel("I have written it down").check();
  await page.getByRole("button", { name: "Continue" }).click();

  await shown(page, "No links yet");
  await take(page, "10-links-empty", { full: true });
  await page.goto(`${server.url}/partners/chats`);
  await shown(page, "No chats yet");
  await take(page, "20-chats-empty");
  await page.getByRole("heading", { name: "Chats", level: 1 }).waitFor();
  await page.setViewportSize({ width: 1280, height: 800 });
  await page.getByRole("button", { name: "Sign out" }).click();

  await shown(page, "Sign in");
  await take(page, "04-sign-in");
  await page.getByLabel("E-mail").fill(WORKSHOP.email);
  await page.getByLabel("Password", { exact: true }).fill("a drawer that slams");
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
  await page.getByRole("alert").waitFor();
  await take(page, "05-wrong-password");
  await page.getByRole("button", { name: "Use recovery code" }).click();
  await shown(page, "Use your recovery code");
  await take(page, "06-use-recovery-code");
  await agent.signIn(account());
});

test("settings", async () => {
  const { page } = agent;
  await page.goto(`${server.url}/partners/settings`);
  await page.getByLabel("What is it for?").fill("Web shop");
  await page.getByRole("button", { name: "Make API key" }).click();
  apiKey = await page.getByLabel("API key", { exact: true }).inputValue();
  await take(page, "31-key-just-made", { full: true });
  await page.getByRole("button", { name: "Done" }).click();
  await page.getByRole("list", { name: "API keys" }).getByText("Web shop").waitFor();
  await take(page, "30-settings", { full: true });
  await page.getByRole("list", { name: "API keys" }).getByRole("button", { name: "Revoke" }).click();
  await page.getByRole("dialog").waitFor();
  await take(page, "34-revoke-key-question");
  await page.keyboard.press("Escape");
});

test("links", async ({ browser }) => {
  await agent.openLinks();
  const { page } = agent;
  const address = await agent.makeLink(ORDER);
  await page.evaluate(() => scrollTo(0, 0));
  await take(page, "11-link-just-made", { full: true });

  const customer = new Customer(await (await browser.newContext(PHONE)).newPage());
  await customer.look(address);
  await expect(customer.start).toBeEnabled();
  await take(customer.page, "40-door-valid");
  const late = new Customer(await (await browser.newContext(PHONE)).newPage());
  await late.look(address);
  await expect(late.start).toBeEnabled();
  await customer.start.click();
  theirs = await customer.thread();
  await take(theirs.page, "50-chat-empty");
  await late.start.click();
  await shown(late.page, "Link has already been used");
  await take(late.page, "41-door-used");

  await makeByTerminal("2s", "quote-0098", "Bookshelf quote");
  await agent.makeLink("order-4702");
  await agent.row("order-4702").getByRole("button", { name: "Revoke" }).click();
  await page.getByRole("dialog").waitFor();
  await take(page, "13-revoke-question");
  await page.getByRole("dialog").getByRole("button", { name: "Revoke" }).click();
  await expect(agent.row("order-4702")).toContainText("Revoked");
  await agent.makeLink("order-4715");
  // A row that is out of sight does not follow the clock.
  await agent.row("quote-0098").scrollIntoViewIfNeeded();
  await expect(agent.row("quote-0098")).toContainText("Expired");
  await page.evaluate(() => scrollTo(0, 0));
  await page.reload();
  await agent.row(ORDER).waitFor();
  await take(page, "12-links-in-all-states", { full: true });
  await page.getByText("Options", { exact: true }).click();
  await take(page, "14-links-options", { full: true });
});

test("doors that do not open", async ({ browser }) => {
  const page = await (await browser.newContext(PHONE)).newPage();
  const expired = await makeByTerminal("1s", "door-expired");
  await agent.openLinks();
  await expect(agent.row("door-expired")).toContainText("Expired");
  await page.goto(expired);
  await shown(page, "Link has expired");
  await take(page, "42-door-expired");

  const revoked = await makeByTerminal("1h", "door-revoked");
  await agent.row("door-revoked").getByRole("button", { name: "Revoke" }).click();
  await agent.page.getByRole("dialog").getByRole("button", { name: "Revoke" }).click();
  await expect(agent.row("door-revoked")).toContainText("Revoked");
  await page.goto(revoked);
  await shown(page, "Link has been revoked");
  await take(page, "43-door-revoked");

  await page.goto(`${server.url}/secure/chat/${"A".repeat(22)}`);
  await shown(page, "Link not found");
  await take(page, "44-door-not-found");
  await page.goto((await makeByTerminal("1h", "door-short")).split("#", 1)[0] ?? "");
  await shown(page, "This address is incomplete");
  await take(page, "45-door-incomplete");

  const held = await makeByTerminal("1h", "quote-0100");
  await new Customer(page).enter(held);
  await page.goto(held);
  await page.getByText("Return to your chat").waitFor();
  await take(page, "46-door-return-to-chat");
  await page.goto(`${server.url}/nothing/here`);
  await take(page, "60-page-not-found");
  await page.goto(`${server.url}/problems/link_used`);
  await take(page, "61-problem");
});

test("chats", async ({ browser }) => {
  const ours = await agent.openChat(ORDER);
  await talk(theirs, ours);
  await theirs.send("One more thing: may I bring the old table along?");
  await expect(ours.message("One more thing: may I bring the old table along?")).toBeVisible();
  await take(agent.page, "22-thread");
  await take(theirs.page, "51-chat");

  await agent.page.goto(`${server.url}/partners/chats`);
  await theirs.send("It is heavy, I'm afraid.");
  await visit(browser, "order-4715", "Hi, the delivery came today. One of the drawers sticks a bit.");
  await visit(browser, "Kitchen of the Oyelaran-Featherstonehaugh family, second floor", "Good morning!");
  await makeByTerminal("3d", "quote-0101", "Window bench");
  await agent.page.getByText("Wrote just now").nth(2).waitFor();
  await take(agent.page, "21-inbox");

  await theirs.page.context().setOffline(true);
  await theirs.page.getByText("You are offline.").waitFor();
  await theirs.send("Are you open on Saturday too?");
  await theirs.status("Are you open on Saturday too?", "Waiting");
  await take(theirs.page, "52-chat-offline");
  await theirs.page.context().setOffline(false);
  await theirs.status("Are you open on Saturday too?", "Sent");
  await refuse(theirs, "And what about the chairs?");
  await take(theirs.page, "53-chat-not-sent");
});

test("chats that end", async ({ browser }) => {
  const second = new Customer(await (await browser.newContext(PHONE)).newPage());
  await agent.openLinks();
  const successor = await second.enter(await agent.makeLink(ORDER));
  await theirs.page.getByText("is no longer part of it").first().waitFor();
  await take(theirs.page, "55-chat-replaced");
  const ours = await agent.openChat(ORDER);
  await successor.send("It's me again, on my new phone.");
  await ours.message("It's me again, on my new phone.").waitFor();
  await take(agent.page, "23-new-customer");
  await ours.composer.fill("Welcome back. Nice phone!");
  await agent.page.getByRole("button", { name: "Send", exact: true }).click();
  const question = agent.page.getByRole("dialog", { name: "Another browser has joined" });
  await question.waitFor();
  await take(agent.page, "2h-new-customer-question");
  await question.getByRole("button", { name: "Send", exact: true }).click();
  await successor.message("Welcome back. Nice phone!").waitFor();

  await second.loseKey();
  await successor.page.getByRole("heading", { level: 1 }).waitFor();
  await take(successor.page, "56-chat-keys-lost");
  await successor.page.getByRole("button", { name: "Ask for a new link" }).click();
  await successor.page.getByRole("main").getByText("Asked.").waitFor();
  await take(successor.page, "5d-chat-asked");
  await agent.page.locator(".thread-notice").waitFor();
  await take(agent.page, "2i-asks-for-new-link");
  await agent.page.setViewportSize({ width: 1280, height: 800 });
  await agent.page.getByRole("button", { name: "End chat" }).click();
  await agent.page.getByRole("dialog").waitFor();
  await take(agent.page, "24-end-question");
  await agent.page.getByRole("dialog").getByRole("button", { name: "End chat" }).click();
  await agent.page.getByText(/^Your side ended this chat, /).waitFor();
  await take(agent.page, "25-thread-ended");
  const other = await visit(browser, "order-4720", "Thank you for the frames!");
  const theirDesk = await agent.openChat("order-4720");
  await theirDesk.send("You are welcome. Goodbye!");
  await other.message("You are welcome. Goodbye!").waitFor();
  await agent.page.getByRole("button", { name: "End chat" }).click();
  await agent.page.getByRole("dialog").getByRole("button", { name: "End chat" }).click();
  await other.page.getByText("This chat has ended.").first().waitFor();
  await take(other.page, "54-chat-ended");
});

function account(): Partner {
  return { ...WORKSHOP, partnerId: "", apiKey: "", recoveryCode: "" };
}

async function shown(page: Page, heading: string): Promise<void> {
  await expect(page.getByRole("heading", { name: heading })).toBeVisible();
}

/** Makes a link by the terminal; gives its address. */
async function makeByTerminal(expires: string, chat: string, label?: string): Promise<string> {
  const words = ["--api-key", apiKey, "--expires", expires, "--chat", chat, "--json"];
  if (label !== undefined) words.push("--label", label);
  return JSON.parse(await server.run("link", "create", "--server", server.url, words)).secureUrl;
}

/** A customer comes and says one thing. */
async function visit(browser: Browser, chat: string, words: string) {
  const customer = new Customer(await (await browser.newContext(PHONE)).newPage());
  const thread = await customer.enter(await makeByTerminal("1h", chat));
  await thread.send(words);
  await thread.status(words, "Sent");
  return thread;
}

/** The server says no to a message. */
async function refuse({ page, composer }: Thread, words: string): Promise<void> {
  const problem = { code: "too_large", error: "This is more than the server takes.", status: 413 };
  await page.routeWebSocket(/\/api\/socket/, (socket) => {
    const line = socket.connectToServer();
    socket.onMessage((text) => {
      const { type, chat, cid } = JSON.parse(String(text)) as Record<string, string>;
      if (type === "send") socket.send(JSON.stringify({ type: "problem", chat, cid, problem }));
      else line.send(text);
    });
  });
  await page.reload();
  await page.getByText("Here now").or(page.getByText("Away")).first().waitFor();
  await composer.fill(words);
  await page.getByRole("button", { name: "Send", exact: true }).click();
  await page.getByRole("button", { name: "Try again" }).waitFor();
}
