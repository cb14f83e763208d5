/** Forms that are filled by those who tell nobody, and what people paste into them. */
import type { Page } from "@playwright/test";
import { TestServer } from "./support/server.ts";
import { expect, test } from "./support/test.ts";

const EMAIL = "mara@bakery.example";
const PASSWORD = "seven loaves before dawn";

let server: TestServer;
let address: string;

test.beforeAll(async () => {
  server = await TestServer.start();
  await expect.poll(() => server.printed).toMatch(/\/setup#\S+/);
  address = /http:\/\/\S+\/setup#\S+/.exec(server.printed)?.[0] ?? "";
});
test.afterAll(() => server.stop());

/** Fills a field as password managers do: no key, no event. */
async function filled(page: Page, name: string, text: string): Promise<void> {
  await page.locator(`input[name="${name}"]`).evaluate((field, value) => {
    (field as HTMLInputElement).value = value;
  }, text);
}

test("what a password manager fills in without an event is there", async ({ browserOf, watch }) => {
  watch.declare(/\/api\/me$/, 401);
  const page = await (await browserOf({}, server.url)).newPage();

  const code = await test.step("at set-up, with what was pasted around it", async () => {
    await page.goto(address);
    await page.getByLabel("Organisation").fill("\u2068Mara's Bakery\u2069\u200b");
    await filled(page, "email", ` \u200e${EMAIL} `);
    await filled(page, "new-password", `\ufeff${PASSWORD}\u200b`);
    // Typing draws the form anew, which must not empty what was filled in.
    await page.getByLabel("Organisation").press("End");
    await page.getByRole("button", { name: "Show password" }).click();
    await page.getByRole("button", { name: "Set up" }).click();
    await expect(page.getByRole("heading", { name: "Your recovery code" })).toBeVisible();
    const shown = await page.getByLabel("Recovery code").inputValue();
    await page.getByLabel("I have written it down").check();
    await page.getByRole("button", { name: "Continue" }).click();
    await expect(page.getByRole("button", { name: "Generate Secure Link" })).toBeVisible();
    return shown;
  });

  await test.step("in the settings", async () => {
    await page.getByRole("link", { name: "Settings" }).click();
    await expect(page.getByRole("definition").filter({ hasText: /^Mara's Bakery$/ })).toBeVisible();
    await expect(page.getByRole("definition").filter({ hasText: /^mara@bakery\.example$/ })).toBeVisible();
    await filled(page, "name", "The shop's till");
    await page.getByRole("button", { name: "Make API key" }).click();
    await expect(page.getByRole("heading", { name: "Your new API key" })).toBeVisible();
    await page.getByRole("button", { name: "Sign out" }).first().click();
  });

  await test.step("at signing in", async () => {
    await page.getByRole("button", { name: "Sign in", exact: true }).click();
    await expect(page.locator(".field-error")).toHaveText(["Please fill this in.", "Please fill this in."]);
    await filled(page, "email", EMAIL);
    await filled(page, "password", PASSWORD);
    await page.getByRole("button", { name: "Sign in", exact: true }).click();
    await expect(page.getByRole("heading", { name: "Links", level: 1 })).toBeVisible();
    await page.getByRole("button", { name: "Sign out" }).click();
  });

  await test.step("with a recovery code as it was printed, and the e-mail from the form before", async () => {
    await filled(page, "email", EMAIL);
    await page.getByRole("button", { name: "Use recovery code" }).click();
    await expect(page.getByLabel("E-mail")).toHaveValue(EMAIL);
    await page
      .getByLabel("Recovery code")
      .fill(`\u00a0${code.toLowerCase().replaceAll("-", "\u2013")}\u200b`);
    await page.getByRole("button", { name: "Continue" }).click();
    await expect(page.getByRole("heading", { name: "Choose a new password" })).toBeVisible();
  });
});

test("a password that won't do says why, in the language of the page", async ({ browserOf }) => {
  const fresh = await TestServer.start();
  await expect.poll(() => fresh.printed).toMatch(/\/setup#\S+/);
  const page = await (await browserOf({ locale: "de-DE" }, fresh.url)).newPage();
  await page.goto(/http:\/\/\S+\/setup#\S+/.exec(fresh.printed)?.[0] ?? "");
  await page.locator("input[name=name]").fill("Maras Backstube");
  await page.locator("input[name=email]").fill("mara@bäckerei.example");
  // spelling: off
  for (const [password, words] of [
    ["elf Zeichen", "Verwenden Sie mindestens 12 Zeichen."],
    ["Password1234", "Es besteht aus Passwörtern und Wörtern, die viele benutzen. Wählen Sie ein anderes."],
    ["aaaaaaaaaaaa", "Es sagt immer wieder dasselbe. Wählen Sie ein anderes."],
    ["Backstube123", "Es enthält Ihren Namen oder Ihre E-Mail-Adresse. Wählen Sie ein anderes."],
    [
      "abcdefghijkl",
      "Es folgt dem Alphabet, den Zahlen, einem Datum oder einer Tastenreihe. Wählen Sie ein anderes.",
    ],
  ] as const) {
    // spelling: on
    await page.locator("input[name=new-password]").fill(password);
    await page.locator("button[type=submit]").click();
    await expect(page.locator(".field-error")).toHaveText(words);
  }
  // The browser leaves the letters of the domain as they were typed: the server has the one form of an address.
  await expect(page.locator("input[name=email]")).toHaveValue("mara@bäckerei.example");
  await fresh.stop();
});
