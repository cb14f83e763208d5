/** The first run, and everything about getting in again. */

import type { BrowserContext, Page } from "@playwright/test";
import { connected } from "./support/people.ts";
import { TestServer } from "./support/server.ts";
import { expect, test } from "./support/test.ts";

const EMAIL = "mara@bakery.example";
const PASSWORD = "seven loaves before dawn";
const CHANGED = "eight loaves before noon";
const RECOVERED = "nine loaves after supper";

let server: TestServer;
let address: string;

test.beforeAll(async () => {
  server = await TestServer.start();
  await expect.poll(() => server.printed).toMatch(/\/setup#\S+/);
  address = /http:\/\/\S+\/setup#\S+/.exec(server.printed)?.[0] ?? "";
});
test.afterAll(() => server.stop());

test("an agent sets the server up, signs in and out, recovers, and changes the password", async ({
  browserOf,
  watch,
}) => {
  // Before anyone is signed in, the desk asks who is.
  watch.declare(/\/api\/me$/, 401);
  const context = await browserOf({}, server.url);
  const page = await context.newPage();

  await test.step("a desk page before set-up says where the address is", async () => {
    await page.goto(`${server.url}/partners/chats`);
    await expect(page.getByRole("heading", { name: "Where is your set-up address?" })).toBeVisible();
    await page.goto(`${server.url}/`);
    await expect(page.getByRole("heading", { name: "Where is your set-up address?" })).toBeVisible();
  });

  const first = await test.step("the printed address sets up, once", () => setUp(page));

  await test.step("the same address does not set up a second time", async () => {
    watch.declare(/\/api\/setup$/, 403);
    await refuseSecond(await browserOf({}, server.url));
  });

  await test.step("sign out, a wrong password, sign in", async () => {
    await signOut(page);
    await expect(page.getByRole("heading", { name: "Sign in" })).toBeVisible();
    await page.goto(`${server.url}/partners/settings`);
    await expect(page.getByRole("heading", { name: "Sign in" })).toBeVisible();
    watch.declare(/\/api\/signin$/, 401);
    await signIn(page, "not the password at all");
    await expect(page.getByRole("alert")).toHaveText("The e-mail or the password is wrong.");
    await signIn(page, PASSWORD);
    await expect(page.getByRole("heading", { name: "Settings", level: 1 })).toBeVisible();
  });

  await test.step("a new password, and the old one is no longer good", async () => {
    const account = page.getByRole("main");
    const current = account.getByLabel("Current password", { exact: true });
    watch.declare(/\/api\/me\/password$/, 401);
    await current.fill("not the password at all");
    await account.getByLabel("New password", { exact: true }).fill(CHANGED);
    await account.getByRole("button", { name: "Change password" }).click();
    // Whoever does not see the words is taken to the field that they belong to.
    await expect(current).toBeFocused();
    await expect(current).toHaveAccessibleDescription(/\w/);
    await current.fill(PASSWORD);
    await account.getByLabel("New password", { exact: true }).fill(CHANGED);
    await account.getByRole("button", { name: "Change password" }).click();
    await expect(account.getByText("Your password is changed. Every other session has ended.")).toBeVisible();
    await signOut(page);
    await signIn(page, PASSWORD);
    await expect(page.getByRole("alert")).toHaveText("The e-mail or the password is wrong.");
    await signIn(page, CHANGED);
    await expect(page.getByRole("heading", { name: "Links", level: 1 })).toBeVisible();
  });

  const second = await test.step("the recovery code opens a lost account, once", async () => {
    await signOut(page);
    return recover(page, first);
  });
  expect(second).not.toBe(first);
  await signOut(page);
  watch.declare(/\/api\/recovery\/start$/, 401);
  await giveCode(page, first);
  await expect(page.getByRole("alert")).toHaveText("The e-mail or the recovery code is wrong.");
});

/** Sets the server up in a browser; gives the recovery code. */
async function setUp(page: Page): Promise<string> {
  await page.goto(address);
  await expect(page).toHaveURL(`${server.url}/setup`);
  await page.getByLabel("Organisation").fill("Corner Bakery");
  await page.getByLabel("E-mail").fill(EMAIL);
  await page.getByLabel("Password", { exact: true }).fill("too short");
  await page.getByRole("button", { name: "Set up" }).click();
  await expect(page.getByText("Use at least 12 characters.", { exact: true })).toBeVisible();
  await page.getByLabel("Password", { exact: true }).fill(PASSWORD);
  await page.getByRole("button", { name: "Set up" }).click();
  const code = await noteCode(page);
  await expect(page).toHaveURL(`${server.url}/partners/qrcodes`);
  await expect(page.getByRole("button", { name: "Generate Secure Link" })).toBeVisible();
  return code;
}

async function signOut(page: Page): Promise<void> {
  // A line that is still being made is refused, and the browser says so.
  await connected(page);
  await page.getByRole("button", { name: "Sign out" }).click();
}

async function noteCode(page: Page): Promise<string> {
  await expect(page.getByRole("heading", { name: "Your recovery code" })).toBeVisible();
  const code = await page.getByLabel("Recovery code").inputValue();
  expect(code).toMatch(/^([A-Z0-9]{4}-){7}[A-Z0-9]{4}$/i);
  await expect(page.getByRole("button", { name: "Continue" })).toBeDisabled();
  await page.getByLabel("I have written it down").check();
  await page.getByRole("button", { name: "Continue" }).click();
  return code;
}

async function refuseSecond(context: BrowserContext): Promise<void> {
  const page = await context.newPage();
  await page.goto(address);
  await page.getByLabel("Organisation").fill("Somebody Else");
  await page.getByLabel("E-mail").fill("somebody@else.example");
  await page.getByLabel("Password", { exact: true }).fill("another long password here");
  await page.getByRole("button", { name: "Set up" }).click();
  await expect(page.getByRole("alert")).toContainText("The server refused:");
  await page.goto(`${server.url}/signin`);
}

async function signIn(page: Page, password: string): Promise<void> {
  await page.getByLabel("E-mail").fill(EMAIL);
  await page.getByLabel("Password", { exact: true }).fill(password);
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
}

async function giveCode(page: Page, code: string): Promise<void> {
  await page.getByRole("button", { name: "Use recovery code" }).click();
  await page.getByLabel("E-mail").fill(EMAIL);
  await page.getByLabel("Recovery code").fill(code);
  await page.getByRole("button", { name: "Continue" }).click();
}

/** Chooses a new password by a recovery code; gives the code that takes its place. */
async function recover(page: Page, code: string): Promise<string> {
  await giveCode(page, code);
  await page.getByLabel("New password", { exact: true }).fill(RECOVERED);
  await page.getByRole("button", { name: "Set new password" }).click();
  const next = await noteCode(page);
  await expect(page.getByRole("heading", { name: "Links", level: 1 })).toBeVisible();
  return next;
}
