/** By keyboard alone, what is seldom done: secrets and sessions at the desk; words, choices and dead ends at the customer's. */
import type { Locator } from "@playwright/test";
import { fakeNotifications } from "./support/fakeNotifications.ts";
import { Keyboard } from "./support/keyboard.ts";
import { Agent, Customer, connected, Thread } from "./support/people.ts";
import { type Refusals, refuseOnce } from "./support/refusal.ts";
import type { Partner, TestServer } from "./support/server.ts";
import { DESKTOP, expect, test } from "./support/talk.ts";

const NEW_PASSWORD = "nine rye loaves at noon";

/** Who is at the keyboard, with what they look for. */
class Hands extends Keyboard {
  button = (name: string) => this.page.getByRole("button", { name, exact: true });
  heading = (name: string) => this.page.getByRole("heading", { name, exact: true });
  region = (name: string) => this.page.getByRole("region", { name, exact: true });

  /** What has the focus. A control is seen to have it; a heading is only where reading goes on. */
  async at(place: Locator, why?: string): Promise<void> {
    await expect(place, why).toBeFocused();
    if (await place.evaluate((element) => element.tabIndex >= 0)) await this.here();
  }
}

test("an agent changes the password, makes a new recovery code, ends a session and unlocks the desk by keyboard alone", async ({
  browserOf,
  server,
  watch,
}) => {
  test.slow();
  watch.declare(/\/api\/me(\/\w+)?$/, 401);

  const partner = await server.createPartner("Keyboard Bakery");
  const context = await browserOf({ ...DESKTOP, permissions: ["clipboard-write"] });
  const hands = new Hands(await context.newPage());
  const { page } = hands;
  await page.addInitScript(fakeNotifications, "granted");
  await new Agent(page, server, watch).signIn(partner);
  const elsewhere = new Agent(await (await browserOf(DESKTOP)).newPage(), server, watch);
  await elsewhere.signIn(partner);
  await elsewhere.page.close();
  await page.goto(`${server.url}/partners/settings`);
  await expect(hands.heading("Settings")).toBeVisible();
  await expect(page.getByText("Loading…")).toHaveCount(0);

  await test.step("sound and notifications", () => chooseNotices(hands));
  await test.step("another session is ended", () => endSession(hands));
  await test.step("a new password", () => changePassword(hands, partner.password));
  await test.step("a new recovery code", () => newCode(hands));
  await test.step("unlocked", () => unlock(hands));
});

async function chooseNotices(hands: Hands): Promise<void> {
  const { page } = hands;
  const section = hands.region("Sound and notifications");
  for (const name of ["Sound", "Notifications"]) {
    const choice = section.getByRole("checkbox", { name });
    const on = await choice.isChecked();
    await hands.press(choice, "Space");
    await expect(choice).toBeChecked({ checked: !on });
    await hands.at(choice);
    await page.keyboard.press("Space");
    await expect(choice).toBeChecked({ checked: on });
    await hands.at(choice);
  }
}

async function endSession(hands: Hands): Promise<void> {
  const sessions = hands.region("Where you are signed in");
  const rows = sessions.getByRole("listitem");
  await expect(rows.filter({ hasText: "This browser" })).toHaveCount(1);
  const before = await rows.count();
  await hands.press(sessions.getByRole("button", { name: "End session" }).last());
  await expect(rows).toHaveCount(before - 1);
  await hands.at(hands.heading("Where you are signed in"), "the row is gone, its heading has the focus");
}

async function changePassword(hands: Hands, password: string): Promise<void> {
  const { page } = hands;
  const section = hands.region("Change password");
  const current = section.getByLabel("Current password", { exact: true });
  const next = section.getByLabel("New password", { exact: true });
  await hands.back(current);
  await page.keyboard.type("not this one at all");
  await hands.write(next, "short");
  await page.keyboard.press("Enter");
  await expect(section.getByText("Use at least 12 characters.", { exact: true })).toBeVisible();
  await hands.at(next, "what is wrong has the focus");
  await page.keyboard.press("ControlOrMeta+A");
  await page.keyboard.type(NEW_PASSWORD);
  await hands.press(section.getByRole("button", { name: "Show password" }).last());
  await hands.at(section.getByRole("button", { name: "Hide password" }), "pressed, it stays where it is");
  await hands.press(section.getByRole("button", { name: "Change password" }));
  await expect(section.getByText("That is not your current password.")).toBeVisible();
  await hands.at(current, "what is wrong has the focus");
  await page.keyboard.press("ControlOrMeta+A");
  await page.keyboard.type(password);
  const submit = section.getByRole("button", { name: "Change password" });
  await hands.press(submit);
  await expect(section.getByText("Your password is changed.")).toBeVisible();
  await hands.at(submit, "the focus stays");
  await expect(current).toHaveValue("");
}

async function newCode(hands: Hands): Promise<void> {
  const { page } = hands;
  const section = hands.region("Recovery code");
  const password = section.getByLabel("Password", { exact: true });
  await hands.write(password, "not this one at all");
  await page.keyboard.press("Enter");
  await expect(section.getByText("That is not your current password.")).toBeVisible();
  await hands.at(password, "what is wrong has the focus");
  await page.keyboard.press("ControlOrMeta+A");
  await page.keyboard.type(NEW_PASSWORD);
  await hands.press(section.getByRole("button", { name: "Make a new code" }));
  await expect(hands.heading("Your recovery code")).toBeVisible();
  await hands.at(hands.heading("Your recovery code"), "the form is gone, what came has the focus");
  await hands.press(hands.button("Copy code"));
  await hands.at(hands.button("Copied"));
  await hands.press(page.getByLabel("I have written it down"), "Space");
  await hands.press(hands.button("Continue"));
  await hands.at(hands.heading("Recovery code"), "the code is put away");
}

/** The keys are gone from the browser, and the password brings them back. */
async function unlock(hands: Hands): Promise<void> {
  const { page } = hands;
  await new Customer(page).loseKey();
  await expect(hands.heading("Unlock your desk")).toBeVisible();
  const password = page.getByLabel("Password", { exact: true });
  await hands.write(password, "not this one at all");
  await page.keyboard.press("Enter");
  await expect(page.getByText("That is not the password. Please try again.")).toBeVisible();
  await hands.at(password, "what is wrong has the focus");
  await page.keyboard.press("ControlOrMeta+A");
  await page.keyboard.type(NEW_PASSWORD);
  await hands.press(hands.button("Unlock"));
  await hands.at(hands.heading("Settings"), "the desk is open, and says where one is");
}

test("an agent comes back by the recovery code, answers a question and an alert by keyboard alone", async ({
  browserOf,
  server,
  watch,
}) => {
  test.slow();
  watch.declare(/\/api\/me$/, 401);
  const partner = await server.createPartner("Lost Bakery");
  const hands = new Hands(await (await browserOf(DESKTOP)).newPage());
  await test.step("the recovery code", () => recover(hands, server.url, partner));
  const used = await usedLink(server, partner, "had-one");
  await test.step("a chat that had a customer", () => askAndMake(hands, "had-one"));
  await test.step("someone else tries", () => answerAlert(hands, () => tryToo(server, used)));
});

async function recover(hands: Hands, address: string, { email, recoveryCode }: Partner): Promise<void> {
  const { page } = hands;
  await page.goto(`${address}/signin`);
  await hands.press(hands.button("Use recovery code"));
  await hands.at(hands.heading("Use your recovery code"));
  await hands.write(page.getByLabel("E-mail"), email);
  await hands.write(page.getByLabel("Recovery code"), recoveryCode);
  await page.keyboard.press("Enter");
  await hands.at(hands.heading("Choose a new password"), "the next step says where one is");
  await hands.write(page.getByLabel("New password", { exact: true }), NEW_PASSWORD);
  await page.keyboard.press("Enter");
  await hands.at(hands.heading("Your recovery code"));
  await hands.press(page.getByLabel("I have written it down"), "Space");
  await hands.press(hands.button("Continue"));
  await hands.at(hands.heading("Links"), "the desk is open");
  await connected(page);
}

async function askAndMake(hands: Hands, chat: string): Promise<void> {
  const { page } = hands;
  await hands.press(page.getByText("Options", { exact: true }));
  const name = page.getByLabel("Chat name");
  await hands.write(name, chat);
  await page.keyboard.press("Enter");
  const question = page.getByRole("dialog", { name: "This chat already had a customer" });
  await expect(question).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(question).toHaveCount(0);
  await hands.at(name, "left, one is where one was");
  await page.keyboard.press("Enter");
  await hands.press(question.getByRole("button", { name: "Make the link" }));
  await expect(hands.region("The new link")).toBeVisible();
  await hands.at(name);
}

async function answerAlert(hands: Hands, attempt: () => Promise<void>): Promise<void> {
  const alerts = hands.region("Alerts");
  await attempt();
  await hands.press(alerts.getByRole("button", { name: "Dismiss" }));
  await expect(alerts).toHaveCount(0);
  await hands.at(hands.heading("Links"), "what was put away leaves the focus nearby");
  await attempt();
  await hands.press(alerts.getByRole("button", { name: "Show" }));
  await expect(alerts).toHaveCount(0);
  const rows = hands.page.getByRole("list", { name: "Your links" }).getByRole("listitem");
  await hands.at(rows.filter({ hasText: "Someone else tried this link" }));
}

/** A link to this chat that somebody used; gives its id. */
async function usedLink(server: TestServer, { apiKey }: Partner, chatId: string): Promise<string> {
  const made = await server.call("/api/generate-secure-link", { key: apiKey, body: { chatId } });
  const { linkId } = (await made.json()) as { readonly linkId: string };
  const used = await server.call("/api/validate-secure-link", { body: { linkId } });
  expect(used.ok).toBe(true);
  return linkId;
}

/** Tries a link that is used. */
async function tryToo(server: TestServer, linkId: string): Promise<void> {
  const tried = await server.call("/api/validate-secure-link", { body: { linkId } });
  expect(tried.status).toBe(410);
}

test("a customer compares words, chooses sound, mends what was not sent, returns, and asks for a new link by keyboard alone", async ({
  browserOf,
  partner,
  server,
  watch,
}) => {
  watch.declare(/\/secure\/chat\//, 410);
  const made = await server.call("/api/generate-secure-link", {
    key: partner.apiKey,
    body: { chatId: "keyboard-seldom" },
  });
  const { secureUrl } = (await made.json()) as { readonly secureUrl: string };
  const hands = new Hands(await (await browserOf(DESKTOP)).newPage());
  const { page } = hands;
  await page.addInitScript(fakeNotifications, "granted");
  const refusals = await refuseOnce(page);
  const customer = new Customer(page);
  await customer.look(secureUrl);
  await hands.press(hands.button("Start secure chat"));
  await hands.at(page.getByRole("heading", { level: 1 }), "the chat says where one is");

  await test.step("six words", () => compareWords(hands));
  await test.step("sound and notifications", () => chooseInDialog(hands));
  await customer.live();
  await test.step("what was not sent is tried again", () => tryAgain(hands, refusals));
  await test.step("what was not sent is taken back", () => takeBack(hands, refusals));

  await test.step("back into the chat from its used link", async () => {
    await page.goto(secureUrl);
    await hands.at(hands.heading("Link has already been used"));
    await hands.press(page.getByRole("link", { name: "Return to your chat" }));
    await expect(new Thread(page).message("Second try")).toBeVisible();
    await hands.at(page.getByRole("heading", { level: 1 }), "the chat says where one is");
  });

  await test.step("a new link is asked for", async () => {
    await customer.loseKey();
    const lost = hands.heading("This browser no longer has the key");
    await hands.at(lost);
    await hands.press(hands.button("Ask for a new link"));
    await expect(page.getByRole("main").getByText(/^Asked\. Corner Bakery/)).toBeVisible();
    await hands.at(lost, "the button is gone, the heading has the focus");
  });
});

async function compareWords(hands: Hands): Promise<void> {
  const { page } = hands;
  const opener = hands.button("Compare six words");
  const words = page.getByRole("dialog", { name: "Compare six words" });
  for (const leave of ["Escape", "Enter"]) {
    await (leave === "Escape" ? hands.press(opener) : page.keyboard.press("Enter"));
    await expect(words.getByRole("listitem")).toHaveCount(6);
    await hands.at(words.getByRole("button", { name: "Close" }));
    await page.keyboard.press(leave);
    await expect(words).toHaveCount(0);
    await hands.at(opener, "left, one is where one was");
  }
}

async function chooseInDialog(hands: Hands): Promise<void> {
  const { page } = hands;
  const opener = hands.button("Sound and notifications");
  await hands.back(opener);
  await page.keyboard.press("Enter");
  const dialog = page.getByRole("dialog", { name: "Sound and notifications" });
  const [sound, alerts] = [
    dialog.getByRole("checkbox", { name: "Sound" }),
    dialog.getByRole("checkbox", { name: "Notifications" }),
  ];
  await hands.at(sound);
  await page.keyboard.press("Space");
  await expect(sound).not.toBeChecked();
  await page.keyboard.press("Tab");
  await hands.at(alerts);
  await page.keyboard.press("Space");
  await expect(alerts).toBeChecked();
  await hands.at(alerts);
  await hands.press(dialog.getByRole("button", { name: "Close" }));
  await expect(dialog).toHaveCount(0);
  await hands.at(opener, "left, one is where one was");
}

async function tryAgain(hands: Hands, refusals: Refusals): Promise<void> {
  const { page } = hands;
  const thread = new Thread(page);
  refusals.next = true;
  await hands.write(thread.composer, "Second try");
  await page.keyboard.press("Enter");
  await thread.status("Second try", "Not sent");
  await hands.at(thread.composer, "the focus stays where one writes");
  await hands.back(hands.button("Try again"));
  await page.keyboard.press("Enter");
  await thread.sent("Second try");
  await hands.at(thread.log, "the button is gone, the conversation has the focus");
}

async function takeBack(hands: Hands, refusals: Refusals): Promise<void> {
  const { page } = hands;
  const thread = new Thread(page);
  refusals.next = true;
  await hands.to(thread.composer);
  await page.keyboard.type("Far too late");
  await page.keyboard.press("Enter");
  await thread.status("Far too late", "Not sent");
  await hands.back(hands.button("Edit"));
  await page.keyboard.press("Enter");
  await hands.at(thread.composer, "the words are back where one writes");
  await expect(thread.composer).toHaveValue("Far too late");
  await page.keyboard.press("ControlOrMeta+A");
  await page.keyboard.type("Shorter");
  await page.keyboard.press("Enter");
  await thread.sent("Shorter");
  await hands.at(thread.composer);
}
