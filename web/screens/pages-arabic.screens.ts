/** The pages from right to left: a customer whose browser speaks Arabic, and a desk that was told to. */
import { expect, type Locator, type Page, test } from "@playwright/test";
import { translated } from "../e2e/support/catalogue.ts";
import { takeArabic } from "./camera.ts";
import { Stage } from "./stage.ts";
import { ORDER, TALK_IN_ARABIC } from "./story.ts";

test.describe.configure({ mode: "serial" });

const LOCALE = "ar-EG";
const TABLE = "طاولة بلوط، السيد أديمي";

let stage: Stage;
let theirs: Page;

test.beforeAll(async ({ browser }) => {
  stage = await Stage.open(browser);
  const { page } = stage.agent;
  await page.goto(`${stage.server.url}/partners/settings`);
  await page.getByRole("combobox", { name: "Language" }).selectOption("العربية");
  await page.locator("html[lang=ar]").waitFor();
});

test.afterAll(() => stage.close());

test("before the desk", async () => {
  const { page } = await stage.customer({ locale: LOCALE });
  await page.goto(`${stage.server.url}/signin`);
  await button(page, "ar/desk", "signin.submit").waitFor();
  await takeArabic(page, "04-sign-in");
  await page.goto(`${stage.server.url}/setup#a-token`);
  await page.locator("[name=email]").fill("mara@");
  await page.locator("[type=password]").fill("oak");
  await button(page, "ar/desk", "setup.submit").click();
  await page.getByText(translated("ar/desk", "password.short"), { exact: true }).waitFor();
  await takeArabic(page, "02-setup-errors", { full: true });
});

test("the door", async () => {
  const { page } = await stage.customer({ locale: LOCALE });
  theirs = page;
  const start = button(page, "ar/customer", "door.start");
  await page.goto(`${stage.server.url}/secure/chat/${"A".repeat(22)}`);
  await page.getByRole("heading", { name: translated("ar/seldom", "door.not_found.heading") }).waitFor();
  await takeArabic(page, "44-door-not-found");
  await page.goto(await stage.link(ORDER, "--label", TABLE));
  await expect(start).toBeEnabled();
  await takeArabic(page, "40-door-valid");
  const redeem = /\/api\/validate-secure-link$/;
  await page.route(redeem, (route) => route.abort());
  await start.click();
  await page
    .getByRole("alert")
    .filter({ hasText: translated("ar/customer", "door.failed") })
    .waitFor();
  await takeArabic(page, "47-door-failed");
  await page.unroute(redeem);
  await start.click();
  await page.getByRole("textbox").waitFor();
  await takeArabic(page, "50-chat-empty");
});

test("the chat and its dialogs", async () => {
  const desk = stage.agent.page;
  await openChat(TABLE);
  for (const [from, words] of TALK_IN_ARABIC) {
    const [speaker, listener] = from === "customer" ? [theirs, desk] : [desk, theirs];
    await write(speaker, words);
    await bubble(listener, words).waitFor();
  }
  await takeArabic(desk, "22-thread");
  await takeArabic(theirs, "51-chat");
  await button(theirs, "ar/customer", "chat.end").click();
  await theirs.getByRole("dialog").waitFor();
  await takeArabic(theirs, "57-end-question");
  await theirs.keyboard.press("Escape");
  await button(theirs, "ar/customer", "chat.notify").click();
  await theirs.getByRole("dialog").waitFor();
  await takeArabic(theirs, "58-notifications");
  await theirs.keyboard.press("Escape");

  const { page } = await stage.customer({ locale: LOCALE });
  await page.goto(await stage.plainLink("six-words"));
  await button(page, "ar/customer", "door.start").click();
  await button(page, "ar/customer", "chat.words").click();
  await page.getByRole("dialog").getByRole("listitem").nth(5).waitFor();
  await takeArabic(page, "59-six-words");
});

test("the page of links", async () => {
  const { page } = stage.agent;
  const panel = page.getByRole("region", { name: translated("ar/desk", "links.shown") });
  const dialog = page.getByRole("dialog");
  await page.goto(`${stage.server.url}/partners/qrcodes`);
  await page.getByRole("radio", { name: translated("ar/desk", "links.expiry.own") }).check();
  await page.getByRole("textbox", { name: translated("ar/desk", "links.expiry.amount") }).fill("900");
  await button(page, "ar/desk", "links.generate").click();
  await page.locator(".own-expiry [role=alert]").waitFor();
  await takeArabic(page, "15-links-own-time-error");

  await page.getByRole("radio").nth(1).check();
  await page.getByText(translated("ar/desk", "links.options"), { exact: true }).click();
  await page
    .getByLabel(translated("ar/desk", "links.label"), { exact: true })
    .fill("خزانة أدراج، الآنسة مولر");
  await page.getByLabel(translated("ar/desk", "links.chat"), { exact: true }).fill("order-4715");
  await button(page, "ar/desk", "links.generate").click();
  await panel.waitFor();
  await page.evaluate(() => scrollTo(0, 0));
  await takeArabic(page, "11-link-just-made", { full: true });
  await button(panel, "ar/desk", "links.large").click();
  await dialog.waitFor();
  await takeArabic(page, "16-code-large");
  await page.keyboard.press("Escape");
  await page.emulateMedia({ media: "print" });
  await takeArabic(page, "17-printed-card");
  await page.emulateMedia({ media: null });
  await button(panel, "ar/desk", "links.revoke").click();
  await dialog.waitFor();
  await takeArabic(page, "13-revoke-question");
  await button(dialog, "ar/desk", "links.revoke").click();
  await dialog.waitFor({ state: "detached" });

  await stage.link("quote-0098", "--label", "عرض سعر لرف كتب", "--expires", "1s");
  const used = await stage.link("order-4720", "--label", "إطارات الصور");
  const { page: visitor } = await stage.customer({ locale: LOCALE });
  await visitor.goto(used);
  await button(visitor, "ar/customer", "door.start").click();
  await write(visitor, "شكرًا على الإطارات!");
  await stage.tryAgain(used);
  await page.getByRole("region", { name: translated("ar/desk", "links.alerts") }).waitFor();
  await page.evaluate(() => scrollTo(0, 0));
  await takeArabic(page, "1b-second-opener-alert");
  await page.reload();
  await expect(page.locator(".link-row").filter({ hasText: "quote-0098" })).toContainText(
    translated("ar/desk", "links.state.expired"),
  );
  await takeArabic(page, "12-links-in-all-states", { full: true });
  await page.getByRole("searchbox").fill("بلوط");
  await expect(page.locator(".link-row")).toHaveCount(1);
  await takeArabic(page, "1e-find-found", { full: true });
});

test("the inbox and a thread", async () => {
  const { page } = stage.agent;
  await openChat(TABLE);
  await page.goto(`${stage.server.url}/partners/chats`);
  await write(theirs, "هل أُحضر الطاولة القديمة معي؟");
  await write(theirs, "إنها ثقيلة للأسف.");
  const row = page.getByRole("link", { name: TABLE });
  await expect(row.locator(".badge")).toContainText("2");
  await takeArabic(page, "21-inbox");
  await page.getByRole("searchbox").fill("بلوط");
  await expect(page.locator(".inbox-row")).toHaveCount(1);
  await takeArabic(page, "27-inbox-found");
  await page.getByRole("searchbox").press("Escape");
  await page.setViewportSize({ width: 1280, height: 800 });
  await button(page, "ar/desk", "keys.heading").click();
  await page.getByRole("dialog").waitFor();
  await takeArabic(page, "2a-keyboard");
  await page.keyboard.press("Escape");
  await row.click();
  await page.getByText(translated("ar/customer", "chat.unread"), { exact: true }).waitFor();
  await takeArabic(page, "2b-thread-unread-line");

  const { page: successor } = await stage.customer({ locale: LOCALE });
  await successor.goto(await stage.link(ORDER));
  await button(successor, "ar/customer", "door.start").click();
  await write(successor, "هذا أنا مجددًا، من هاتفي الجديد.");
  await bubble(page, "هذا أنا مجددًا").waitFor();
  await takeArabic(page, "23-new-customer");
  await takeArabic(theirs, "55-chat-replaced");
  await button(successor, "ar/customer", "chat.end").click();
  await button(successor.getByRole("dialog"), "ar/customer", "chat.end").click();
  await page.locator(".thread-closed").waitFor();
  await takeArabic(page, "2e-thread-ended-by-customer");
});

test("settings", async () => {
  const { page } = stage.agent;
  await page.goto(`${stage.server.url}/partners/settings`);
  await page.getByRole("list").last().getByRole("listitem").first().waitFor();
  await takeArabic(page, "30-settings", { full: true });
});

function button(place: Page | Locator, catalogue: string, key: string): Locator {
  return place.getByRole("button", { name: translated(catalogue, key), exact: true });
}

function bubble(page: Page, words: string): Locator {
  return page.locator(".message-text").filter({ hasText: words.slice(0, 30) });
}

async function write(page: Page, words: string): Promise<void> {
  await page.getByRole("textbox").fill(words);
  await button(page, "ar/customer", "composer.send").click();
  await bubble(page, words).waitFor();
}

async function openChat(label: string): Promise<void> {
  const { page } = stage.agent;
  await page.goto(`${stage.server.url}/partners/chats`);
  await page.getByRole("link", { name: label }).click();
  await page.getByRole("log").waitFor();
}
