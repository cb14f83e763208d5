/** Everything by keyboard alone: no test in this file touches a mouse. */
import type { Page } from "@playwright/test";
import { Keyboard } from "./support/keyboard.ts";
import { Agent, connected, Thread } from "./support/people.ts";
import { SETUP_TOKEN, TestServer } from "./support/server.ts";
import { DESKTOP, expect, test } from "./support/talk.ts";

const EMAIL = "mara@bakery.example";
const PASSWORD = "seven loaves before dawn";

let server: TestServer;
test.beforeAll(async () => {
  server = await TestServer.start({ WICKETGATE_SETUP_TOKEN: SETUP_TOKEN });
});
test.afterAll(() => server.stop());

/** Who is at the keyboard, with what they look for on the desk. */
class Desk extends Keyboard {
  heading = (name: string) => this.page.getByRole("heading", { name, exact: true });
  button = (name: string) => this.page.getByRole("button", { name, exact: true });
  field = (name: string) => this.page.getByLabel(name, { exact: true });
  link = (name: string) => this.page.getByRole("link", { name, exact: true });

  /** Goes to a page by the bar; its heading has the focus then. */
  async open(name: string): Promise<void> {
    await this.press(this.page.getByRole("navigation").getByRole("link", { name }));
    await expect(this.heading(name)).toBeFocused();
  }

  /** Opens a question, looks that the focus stays in it, leaves by Escape, and is back where it was asked from. */
  async askAndEscape(opener: ReturnType<Page["locator"]>): Promise<void> {
    await this.press(opener);
    await this.escape(opener);
  }

  /** Looks that the focus stays in what is open, leaves it by Escape, and is back where it was before. */
  async escape(before: ReturnType<Page["locator"]>): Promise<void> {
    const dialog = this.page.getByRole("dialog");
    await expect(dialog).toBeVisible();
    for (let stop = 0; stop < 5; stop += 1) {
      await this.page.keyboard.press("Tab");
      await this.here();
      const inside = await dialog.evaluate(
        (element) => document.activeElement === document.body || element.contains(document.activeElement),
      );
      expect(inside, "the focus stays in the question").toBe(true);
    }
    await this.page.keyboard.press("Escape");
    await expect(dialog).toHaveCount(0);
    await expect(before).toBeFocused();
    await this.here();
  }
}

test("an agent sets up, makes, shows, finds and revokes links, talks, and keeps keys by keyboard alone", async ({
  browserOf,
  watch,
}) => {
  test.slow();
  watch.declare(/\/api\/me$/, 401);
  const context = await browserOf({ ...DESKTOP, permissions: ["clipboard-write"] }, server.url);
  const desk = new Desk(await context.newPage());
  await test.step("set up", () => setUp(desk));
  await test.step("sign out and in", () => signOutAndIn(desk));
  await test.step("links", () => keepLinks(desk));
  await test.step("a link with its own time", () => ownTime(desk));
  const address = await test.step("a link with its own name", () => makeLink(desk));
  await test.step("a link is found", () => findLink(desk));
  const guest = await (await browserOf(DESKTOP, server.url)).newPage();
  await test.step("chats", () => talk(desk, guest, address));
  await test.step("settings", () => settle(desk));
});

async function setUp(desk: Desk): Promise<void> {
  const { page } = desk;
  await page.goto(`${server.url}/setup#${SETUP_TOKEN}`);
  await desk.write(desk.field("Organisation"), "Corner Bakery");
  await desk.write(desk.field("E-mail"), EMAIL);
  await desk.write(desk.field("Password"), "short");
  await page.keyboard.press("Enter");
  await expect(desk.field("Password"), "what is wrong has the focus").toBeFocused();
  await page.keyboard.press("ControlOrMeta+A");
  await page.keyboard.type(PASSWORD);
  await desk.press(desk.button("Show password"));
  await desk.press(desk.button("Set up"));
  await expect(desk.heading("Your recovery code")).toBeFocused();
  await desk.press(desk.button("Copy code"));
  await expect(desk.button("Copied")).toBeFocused();
  await desk.press(page.getByLabel("I have written it down"), "Space");
  await desk.press(desk.button("Continue"));
  await expect(desk.heading("Links")).toBeFocused();
}

async function signOutAndIn(desk: Desk): Promise<void> {
  const { page } = desk;
  await connected(page);
  await desk.press(desk.button("Sign out"));
  await expect(desk.heading("Sign in")).toBeFocused();
  await desk.press(desk.button("Use recovery code"));
  await expect(desk.heading("Use your recovery code")).toBeFocused();
  await desk.press(desk.button("Use password"));
  await expect(desk.heading("Sign in")).toBeFocused();
  await desk.write(desk.field("E-mail"), EMAIL);
  await desk.write(desk.field("Password"), PASSWORD);
  await page.keyboard.press("Enter");
  await expect(desk.heading("Links")).toBeVisible();
  await page.reload();
  await expect(desk.heading("Links")).toBeVisible();
  await page.keyboard.press("Tab");
  await expect(desk.link("Skip to the page"), "the first stop").toBeFocused();
  await desk.here();
  await page.keyboard.press("Enter");
  await expect(desk.heading("Links")).toBeFocused();
  await expect(page).toHaveURL(/qrcodes$/);
}

async function keepLinks(desk: Desk): Promise<void> {
  const { page } = desk;
  const generate = desk.button("Generate Secure Link");
  await desk.press(generate);
  const panel = page.getByRole("region", { name: "The new link" });
  await expect(panel.getByLabel("Link address")).toHaveValue(/^http/);
  await expect(generate, "the focus stays where the next link is made").toBeFocused();
  await desk.press(panel.getByRole("button", { name: /^(Copy|Copied)$/ }));
  await expect(panel.getByRole("button", { name: "Copied" })).toBeFocused();
  await desk.press(panel.getByRole("button", { name: "Close", exact: true }));
  await expect(panel).toHaveCount(0);
  await expect(desk.heading("Links"), "what was closed leaves the focus nearby").toBeFocused();

  const row = page.getByRole("list", { name: "Your links" }).getByRole("listitem").first();
  await desk.press(row.getByRole("button", { name: "Show again" }));
  await expect(panel, "shown again: the focus goes along").toBeFocused();
  await desk.askAndEscape(panel.getByRole("button", { name: "Show large" }));
  await desk.askAndEscape(panel.getByRole("button", { name: "Revoke" }));
  await desk.press(row.getByRole("button", { name: "Revoke" }));
  await desk.press(page.getByRole("dialog").getByRole("button", { name: "Revoke" }));
  await expect(row).toContainText("Revoked");
  await expect(row, "the button is gone, its row has the focus").toBeFocused();

  const filter = page.getByRole("combobox", { name: "Show" });
  await desk.back(filter);
  await page.keyboard.press("ArrowDown");
  await expect(page.getByText("No link is in this state.")).toBeVisible();
  await expect(filter).toBeFocused();
  await page.keyboard.press("End");
  await expect(row).toContainText("Revoked");
  await page.keyboard.press("Home");
  await expect(row).toBeVisible();
}

/** A link that is valid for as long as is typed; a time that is none leaves the focus where it is typed. */
async function ownTime(desk: Desk): Promise<void> {
  const { page } = desk;
  await page.goto(page.url());
  await connected(page);
  await desk.to(desk.button("Generate Secure Link"));
  await page.keyboard.press("Tab");
  await page.keyboard.press("ArrowLeft");
  // Before the shortest comes the last choice.
  await page.keyboard.press("ArrowLeft");
  await expect(page.getByRole("radio", { name: "Own time" })).toBeFocused();
  await desk.here();
  const amount = page.getByRole("textbox", { name: "How many" });
  await desk.write(amount, "0");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("alert").filter({ hasText: "From 1 minute to 720 hours" })).toBeVisible();
  await expect(amount).toBeFocused();
  await desk.here();
  await page.keyboard.press("ControlOrMeta+A");
  await page.keyboard.type("90");
  await page.keyboard.press("Tab");
  const unit = page.getByRole("combobox", { name: "Unit" });
  await expect(unit).toBeFocused();
  await page.keyboard.press("m");
  await expect(unit).toHaveValue("minutes");
  await desk.back(amount);
  await page.keyboard.press("Enter");
  await expect(page.getByRole("region", { name: "The new link" })).toContainText(/1 hr, (29|30) min/);
  await expect(amount, "the focus stays where the next time is typed").toBeFocused();
}

async function findLink(desk: Desk): Promise<void> {
  const { page } = desk;
  const rows = page.getByRole("list", { name: "Your links" }).getByRole("listitem");
  const all = await rows.count();
  const find = page.getByRole("searchbox", { name: "Find" });
  await desk.write(find, "tabLE 4");
  await expect(page.getByRole("main").getByText(/^Searched all \d links\. Found 1\.$/)).toBeVisible();
  await expect(rows).toHaveCount(1);
  await expect(find, "the focus stays where one types").toBeFocused();
  await desk.to(rows.getByRole("button", { name: "Revoke" }));
  await desk.back(find);
  await page.keyboard.press("Escape");
  await expect(find).toHaveValue("");
  await expect(rows).toHaveCount(all);
  await expect(find).toBeFocused();
}

/** A link that is valid for longer, to a chat with a name. */
async function makeLink(desk: Desk): Promise<string> {
  const { page } = desk;
  await page.goto(page.url());
  await connected(page);
  const generate = desk.button("Generate Secure Link");
  await desk.to(generate);
  await page.keyboard.press("Tab");
  await desk.here();
  await page.keyboard.press("ArrowRight");
  await desk.here();
  await expect(page.getByRole("radio", { name: "3 days" })).toBeChecked();
  await desk.press(page.getByText("Options", { exact: true }));
  await desk.write(page.getByLabel("Label"), "Table 4");
  await desk.write(page.getByLabel("Chat name"), "table-4");
  await page.keyboard.press("Enter");
  const address = page.getByRole("region", { name: "The new link" }).getByLabel("Link address");
  await expect(address).toHaveValue(/^http/);
  return address.inputValue();
}

async function talk(desk: Desk, guest: Page, address: string): Promise<void> {
  const { page } = desk;
  await guest.goto(address);
  const customer = new Keyboard(guest);
  await customer.press(guest.getByRole("button", { name: "Start secure chat" }));
  const theirs = new Thread(guest);
  await expect(theirs.log).toBeVisible();

  await desk.open("Chats");
  const waiting = page.getByRole("checkbox", { name: "Waiting for an answer" });
  await desk.to(waiting);
  await page.keyboard.press("?");
  await expect(page.getByRole("dialog", { name: "Keyboard" })).toBeVisible();
  await desk.escape(waiting);
  await desk.press(page.getByRole("list", { name: "Chats" }).getByRole("link", { name: /Table 4|table-4/ }));
  const ours = new Thread(page);
  await expect(ours.log).toBeVisible();
  await expect(ours.composer, "who opens a chat means to write").toBeFocused();
  await page.keyboard.type("Good morning");
  await page.keyboard.press("Enter");
  await expect(theirs.message("Good morning")).toBeVisible();
  await expect(ours.composer, "the focus stays after sending").toBeFocused();
  await page.keyboard.type("By the button");
  await desk.press(desk.button("Send"));
  await expect(theirs.message("By the button")).toBeVisible();
  await expect(ours.composer).toBeFocused();
  await desk.back(desk.button("End chat"));
  await page.keyboard.press("Shift+Tab");
  await desk.askAndEscape(desk.button("End chat"));
  await page.keyboard.press("Enter");
  await desk.press(page.getByRole("dialog").getByRole("button", { name: "End chat" }));
  await expect(theirs.composer).toHaveCount(0);
  await expect(ours.composer).toHaveCount(0);
  await expect(page.locator("h2[data-heading]"), "the focus is not lost with the button").toBeFocused();
}

async function settle(desk: Desk): Promise<void> {
  const { page } = desk;
  await desk.open("Settings");
  await desk.write(page.getByLabel("What is it for?"), "Web shop");
  await page.keyboard.press("Enter");
  await expect(page.getByLabel("API key", { exact: true })).toHaveValue(/^wg_/);
  await expect(desk.heading("Your new API key")).toBeFocused();
  await desk.press(desk.button("Done"));
  await expect(desk.heading("API keys")).toBeFocused();
  const row = page.getByRole("list", { name: "API keys" }).getByRole("listitem");
  await desk.askAndEscape(row.getByRole("button", { name: "Revoke" }));
  await page.keyboard.press("Enter");
  await desk.press(page.getByRole("dialog").getByRole("button", { name: "Revoke" }));
  await expect(row).toContainText("Revoked");
  await expect(row).toBeFocused();
  const language = page.getByRole("combobox", { name: "Language" });
  await desk.back(language);
  await page.keyboard.press("n");
  const dutch = page.getByRole("combobox", { name: "Taal" });
  await expect(dutch).toBeFocused();
  await desk.here();
  await page.keyboard.press("Home");
  await expect(language).toBeFocused();
}

test("a customer starts, writes, reads back and ends a chat by keyboard alone", async ({
  attendant,
  browserOf,
  link,
}) => {
  const page = await (await browserOf(DESKTOP)).newPage();
  const keyboard = new Keyboard(page);
  const thread = new Thread(page);
  await page.goto(await link("keyboard"));
  const start = page.getByRole("button", { name: "Start secure chat" });
  await expect(start).toBeEnabled();
  expect(await keyboard.stops()).toEqual([
    "button Start secure chat",
    expect.stringMatching(/^select Language/),
  ]);
  await keyboard.press(start);
  await expect(thread.composer).toBeVisible();
  await expect(page.getByRole("heading", { level: 1 }), "the chat's heading has the focus").toBeFocused();

  await keyboard.write(thread.composer, "First line");
  await page.keyboard.press("Shift+Enter");
  await page.keyboard.type("second line");
  await page.keyboard.press("Enter");
  await expect(thread.log.locator(".message-text")).toHaveText("First line\nsecond line");
  await expect(thread.composer).toBeFocused();
  for (let number = 1; number <= 40; number += 1) attendant.sayTo("keyboard", `Answer ${number}`);
  await expect(thread.message("Answer 40")).toBeVisible();

  await keyboard.back(thread.log);
  const place = () => thread.log.evaluate((log) => log.scrollTop);
  const end = await thread.log.evaluate((log) => log.scrollHeight - log.clientHeight);
  expect(end).toBeGreaterThan(1_000);
  await page.keyboard.press("End");
  await expect.poll(place).toBeGreaterThanOrEqual(end - 1);
  await page.keyboard.press("PageUp");
  await expect.poll(place).toBeLessThan(end - 200);
  const pill = page.getByRole("button", { name: "Go to the newest message" });
  await keyboard.press(pill);
  await expect.poll(place).toBeGreaterThanOrEqual(end - 1);
  await expect(thread.log, "the button is gone, the conversation has the focus").toBeFocused();

  const ending = page.getByRole("button", { name: "End chat" });
  await keyboard.back(ending);
  await page.keyboard.press("Enter");
  await expect(page.getByRole("button", { name: "Keep chatting" })).toBeFocused();
  await keyboard.here();
  await page.keyboard.press("Escape");
  await expect(ending).toBeFocused();
  await page.keyboard.press("Enter");
  await keyboard.press(page.getByRole("dialog").getByRole("button", { name: "End chat" }));
  await expect(page.getByRole("main").getByText("You ended this chat.")).toBeVisible();
  const heading = page.getByRole("heading", { level: 1 });
  await expect(heading, "the focus is not lost with the button").toBeFocused();
});

test("on a phone with a keyboard nothing that has the focus lies under a bar", async ({
  browserOf,
  server,
  watch,
}) => {
  // A partner of its own: each link of another test would be a stop more.
  const agent = new Agent(await (await browserOf()).newPage(), server, watch);
  await agent.signIn(await server.createPartner("Keyboard Phone Bakery"));
  const keyboard = new Keyboard(agent.page);
  await agent.page.setViewportSize({ width: 390, height: 640 });
  await agent.openLinks();
  for (let number = 0; number < 4; number += 1) await agent.makeLink();
  for (const path of ["/partners/qrcodes", "/partners/chats", "/partners/settings"]) {
    await test.step(path, async () => {
      await agent.page.goto(server.url + path);
      await expect(agent.page.getByRole("heading", { level: 1 })).toBeVisible();
      await expect(agent.page.getByText("Loading…")).toHaveCount(0);
      expect((await keyboard.stops()).length).toBeGreaterThan(3);
    });
  }
});
