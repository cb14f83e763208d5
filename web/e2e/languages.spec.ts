/** Languages: the browser's own, another by hand, from right to left, and none that could be had. */
import type { Page } from "@playwright/test";
import { translated } from "./support/catalogue.ts";
import { expect, test } from "./support/test.ts";

/** Goes in at the door, whatever the language. */
async function enter(page: Page): Promise<void> {
  await page.locator(".door .button.main").click();
  await expect(page.getByRole("textbox")).toBeVisible();
}

async function spoken(page: Page): Promise<string[]> {
  const root = page.locator("html");
  return [(await root.getAttribute("lang")) ?? "", (await root.getAttribute("dir")) ?? ""];
}

test("a German customer reads German, at the door and in the chat", async ({ agent, browserOf, partner }) => {
  await agent.openLinks();
  const address = await agent.makeLink("german");
  const page = await (await browserOf({ locale: "de-DE" })).newPage();
  await page.goto(address);
  const invitation = translated("de/customer", "door.valid.heading", { partner: partner.name });
  await expect(page.getByRole("heading", { name: invitation })).toBeVisible();
  await expect(page.getByText("in 24 Stunden")).toBeVisible();
  expect(await spoken(page)).toEqual(["de", "ltr"]);
  await enter(page);
  await expect(page).toHaveTitle(translated("de/customer", "door.title", { partner: partner.name }));
  await page
    .getByRole("textbox", { name: translated("de/customer", "composer.label"), exact: true })
    .fill("Guten Tag");
  await page.getByRole("button", { name: translated("de/customer", "composer.send"), exact: true }).click();
  await expect(page.getByText("Guten Tag")).toBeVisible();
  await expect(page.locator(".divider").getByText("Heute")).toBeVisible();
  const ours = await agent.openChat("german");
  await ours.send("Good morning");
  await expect(page.getByText("Good morning")).toBeVisible();
  await expect(page.locator(".message .status")).toHaveText(translated("de/customer", "status.read"));
});

test("detail 21: an Arabic customer reads from right to left", async ({ agent, browserOf, device }) => {
  await agent.openLinks();
  const address = await agent.makeLink("arabic");
  const page = await (await browserOf({ ...device, locale: "ar-EG" })).newPage();
  await page.goto(address);
  await expect(page.getByRole("button", { name: translated("ar/customer", "door.start") })).toBeVisible();
  expect(await spoken(page)).toEqual(["ar", "rtl"]);
  await enter(page);
  await page.getByRole("textbox").fill("مرحبا");
  await page.getByRole("button", { name: translated("ar/customer", "composer.send"), exact: true }).click();
  const own = await page.locator(".message.own .bubble").boundingBox();
  const log = await page.getByRole("log").boundingBox();
  if (!own || !log) throw new Error("an own message in a thread");
  const [left, right] = [own.x - log.x, log.x + log.width - own.x - own.width];
  expect(left, "own words stand on the left").toBeLessThan(right);
  const end = await page
    .getByRole("button", { name: translated("ar/customer", "chat.end"), exact: true })
    .boundingBox();
  const name = await page.getByRole("heading", { level: 1 }).boundingBox();
  expect(end?.x, "the header runs from right to left").toBeLessThan(name?.x ?? 0);
  await page.setViewportSize({ width: 320, height: 640 });
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(320);
});

test("another language by hand is spoken at once, and after a reload", async ({ agent, customer }) => {
  await agent.openLinks();
  await customer.look(await agent.makeLink("japanese"));
  const { page } = customer;
  const list = page.getByRole("combobox");
  await expect(list).toHaveAccessibleName("Language");
  await list.selectOption("日本語");
  await expect(page.getByRole("button", { name: translated("ja/customer", "door.start") })).toBeVisible();
  await expect(list).toHaveAccessibleName(translated("ja/customer", "app.language"));
  await enter(page);
  await page.reload();
  await expect(
    page.getByRole("textbox", { name: translated("ja/customer", "composer.label") }),
  ).toBeVisible();
  expect(await spoken(page)).toEqual(["ja", "ltr"]);
  // French has the longest word for the button beside the partner's name.
  await page.setViewportSize({ width: 320, height: 640 });
  await list.selectOption("Français");
  await expect(
    page.getByRole("button", { name: translated("fr/customer", "chat.end"), exact: true }),
  ).toBeVisible();
  expect((await page.locator(".chat-who").boundingBox())?.width).toBeGreaterThanOrEqual(90);
  await list.selectOption("English");
  await expect(page.getByRole("textbox", { name: "Message" })).toBeVisible();
  await expect(list).toBeFocused();
  expect(await spoken(page)).toEqual(["en", "ltr"]);
});

test("the desk speaks French, from signing in to its settings", async ({
  browserOf,
  partner,
  server,
  watch,
}) => {
  watch.declare(/\/api\/me$/, 401);
  const page = await (await browserOf({ locale: "fr-FR" })).newPage();
  await page.goto(`${server.url}/signin`);
  await page.getByLabel(translated("fr/desk", "field.email")).fill(partner.email);
  await page.getByLabel(translated("fr/desk", "password.label"), { exact: true }).fill(partner.password);
  await page.getByRole("button", { name: translated("fr/desk", "signin.submit"), exact: true }).click();
  await expect(
    page.getByRole("heading", { name: translated("fr/desk", "links.heading"), level: 1 }),
  ).toBeVisible();
  await page.getByRole("link", { name: translated("fr/desk", "desk.settings") }).click();
  await expect(
    page.getByRole("heading", { name: translated("fr/desk", "settings.heading"), level: 1 }),
  ).toBeVisible();
  expect(await spoken(page)).toEqual(["fr", "ltr"]);
  const list = page.getByRole("combobox", { name: translated("fr/customer", "app.language") });
  await list.selectOption("עברית");
  const hebrew = translated("he/desk", "settings.heading");
  await expect(page.getByRole("heading", { name: hebrew, level: 1 })).toBeVisible();
  expect(await spoken(page)).toEqual(["he", "rtl"]);
  // German has the longest words.
  await page.setViewportSize({ width: 320, height: 640 });
  await page
    .getByRole("combobox", { name: translated("he/customer", "app.language") })
    .selectOption("Deutsch");
  await expect(page.getByRole("heading", { name: translated("de/desk", "settings.recovery") })).toBeVisible();
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(320);
});

test("a key that is shown once stays for another language, and not for another page", async ({
  timedAgent,
}) => {
  const { page } = timedAgent;
  await page.getByRole("link", { name: "Settings" }).click();
  await page.getByLabel("What is it for?").fill("Web shop");
  await page.getByRole("button", { name: "Make API key" }).click();
  const key = page.locator(".shown-once textarea");
  const text = await key.inputValue();
  await page
    .getByRole("combobox", { name: translated("en/customer", "app.language") })
    .selectOption("Deutsch");
  await expect(
    page.getByRole("heading", { name: translated("de/desk", "settings.heading"), level: 1 }),
  ).toBeVisible();
  await expect(key).toHaveValue(text);
  await page.getByRole("link", { name: translated("de/desk", "desk.links") }).click();
  await page.getByRole("link", { name: translated("de/desk", "desk.settings") }).click();
  await expect(page.getByRole("heading", { name: translated("de/desk", "settings.keys") })).toBeVisible();
  await expect(key).toHaveCount(0);
});

test("signing in and setting up have the list of languages, and what was typed stays", async ({
  browserOf,
  server,
  watch,
}) => {
  watch.declare(/\/api\/me$/, 401);
  const page = await (await browserOf()).newPage();
  await page.goto(`${server.url}/signin`);
  await page.getByLabel("E-mail").fill("someone@example.org");
  await page.getByLabel("Password", { exact: true }).fill("half a passw");
  const list = page.getByRole("combobox");
  await list.selectOption("Deutsch");
  const submit = page.getByRole("button", { name: translated("de/desk", "signin.submit"), exact: true });
  await expect(submit).toBeVisible();
  await expect(list).toBeFocused();
  await expect(page.getByLabel(translated("de/desk", "field.email"))).toHaveValue("someone@example.org");
  await expect(page.getByLabel(translated("de/desk", "password.label"), { exact: true })).toHaveValue(
    "half a passw",
  );
  await page.goto(`${server.url}/setup#some-token`);
  const heading = (language: string) =>
    page.getByRole("heading", { name: translated(`${language}/desk`, "setup.heading"), level: 1 });
  await expect(heading("de")).toBeVisible();
  await list.selectOption("العربية");
  await expect(heading("ar")).toBeVisible();
  expect(await spoken(page)).toEqual(["ar", "rtl"]);
});

test("words that can't be had leave the English ones", async ({ agent, browserOf, watch }) => {
  await agent.openLinks();
  const address = await agent.makeLink();
  watch.declare(/\/assets\/pl\.customer-/, "ERR_FAILED");
  const page = await (await browserOf({ locale: "pl-PL" })).newPage();
  await page.route(/\/assets\/pl\.customer-/, (route) => route.abort());
  await page.goto(address);
  await expect(page.getByText("It expires in 24 hours")).toBeVisible();
  expect(await spoken(page)).toEqual(["en", "ltr"]);
});

test("a choice whose words can't be had changes nothing, and says so", async ({
  agent,
  browserOf,
  watch,
}) => {
  await agent.openLinks();
  const address = await agent.makeLink();
  watch.declare(/\/assets\/ja\.customer-/, "ERR_FAILED");
  const page = await (await browserOf({ locale: "de-DE" })).newPage();
  await page.route(/\/assets\/ja\.customer-/, (route) => route.abort());
  await page.goto(address);
  const start = page.getByRole("button", { name: translated("de/customer", "door.start") });
  await expect(start).toBeVisible();
  const list = page.getByRole("combobox");
  await list.selectOption("日本語");
  await expect(page.getByRole("status")).toHaveText(translated("de/customer", "fault.network"));
  await expect(list).toHaveValue("de");
  await page.reload();
  await expect(start).toBeVisible();
  expect(await spoken(page)).toEqual(["de", "ltr"]);
});
