/** What is taken letter by letter stays as it is, and what people write stays in its box. */
import type { Locator, Page } from "@playwright/test";
import { SETUP_TOKEN } from "./support/server.ts";
import { expect, test } from "./support/test.ts";

test.describe.configure({ timeout: 120_000 });

/** What a translator, a spell checker or a keyboard could spoil on this page, in words for whoever mends it. */
function spoilt(page: Page): Promise<readonly string[]> {
  return page.evaluate(() => {
    const EXACT = /https?:\/\/\S|\bwg_\w|\b[\dA-Z]{4}-[\dA-Z]{4}-|chat-[\dA-Z]{5}-|--[a-z]+-[a-z]/;
    const found: string[] = [];
    const complain = (element: Element, what: string) =>
      found.push(`${what}: ${element.outerHTML.slice(0, 160)}`);
    const translated = (element: HTMLElement) => element.translate && !element.closest("svg");
    for (const element of document.querySelectorAll<HTMLElement>("bdi, code, kbd, .words")) {
      if (translated(element)) complain(element, "would be translated");
    }
    const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let node = texts.nextNode(); node; node = texts.nextNode()) {
      const element = node.parentElement;
      if (
        element &&
        !/SCRIPT|STYLE/.test(element.tagName) &&
        EXACT.test(node.textContent ?? "") &&
        translated(element)
      )
        complain(element, "would be translated");
    }
    const fields = "input:not([type=checkbox], [type=radio], [type=file]), textarea";
    for (const field of document.querySelectorAll<HTMLInputElement>(fields)) {
      if (!field.autocomplete && !field.readOnly) complain(field, "says nothing to fillers");
      const exact =
        field.readOnly ||
        field.type === "search" ||
        /username|password/.test(field.autocomplete) ||
        /code|chatId/i.test(field.name);
      if (!exact) continue;
      if (field.translate) complain(field, "would be translated");
      if (field.getAttribute("spellcheck") !== "false") complain(field, "would be spell-checked");
      if (field.getAttribute("autocapitalize") !== "off") complain(field, "would get capitals");
      if (field.getAttribute("autocorrect") !== "off") complain(field, "would be corrected");
    }
    return found;
  });
}

test("codes, addresses, names and secrets are left alone on every page", async ({
  agent,
  browserOf,
  customer,
  partner,
  server,
  watch,
}) => {
  const { page } = agent;
  await agent.openLinks();
  const address = await agent.makeLink("exact 1");
  expect(await spoilt(page)).toEqual([]);

  const bare = await server.call("/api/generate-secure-link", { key: partner.apiKey, body: {} });
  const { secureUrl } = (await bare.json()) as { secureUrl: string };
  await customer.look(secureUrl);
  await expect(customer.start).toBeVisible();
  expect(await spoilt(customer.page)).toEqual([]);
  const theirs = await customer.enter(address);
  await theirs.send("see https://example.com/a, please");
  await expect(theirs.log.getByRole("link")).toBeVisible();
  expect(await spoilt(customer.page)).toEqual([]);

  const ours = await agent.openChat("exact 1");
  await expect(ours.log.getByRole("link")).toBeVisible();
  expect(await spoilt(page)).toEqual([]);
  await page.keyboard.press("Escape");
  await page.getByRole("link", { name: "Settings" }).click();
  await page.getByLabel("What is it for?").fill("till");
  await page.getByRole("button", { name: "Make API key" }).click();
  await expect(page.getByLabel("API key", { exact: true })).toBeVisible();
  expect(await spoilt(page)).toEqual([]);

  watch.declare(/\/api\/me$/, 401);
  const front = await (await browserOf()).newPage();
  await front.goto(`${server.url}/signin`);
  await expect(front.getByLabel("E-mail")).toBeVisible();
  expect(await spoilt(front)).toEqual([]);
  await front.getByRole("button", { name: "Use recovery code" }).click();
  await expect(front.getByLabel("Recovery code")).toBeVisible();
  expect(await spoilt(front)).toEqual([]);
  await front.goto(`${server.url}/setup#${SETUP_TOKEN}`);
  await expect(front.getByLabel("Organisation")).toBeVisible();
  expect(await spoilt(front)).toEqual([]);
});

/** Letters under towers of marks, and the widest signs that there are. */
const TALL = `Z${"\u0301\u0316".repeat(30)}g`;
const WIDE = "﷽﷽﷽𒐫𒈙";

/** Fonts draw such towers differently, so each letter also gets shadows as far away as the tallest of them. */
const TOWERS =
  ".looked-at, .looked-at * { text-shadow: 0 -2em, 0 -1em, 0 1em, 0 2em, -9em 0, 9em 0 !important }";
const NOTHING = ".looked-at, .looked-at * { color: transparent !important }";

/** Pixels that an outline may take around a box. */
const EDGE = 4;

/** Whether what stands above and below an element changes with what is drawn in it. */
async function paintsBeside(page: Page, element: Locator): Promise<boolean> {
  // What still comes to the page would move the box, or be taken for paint.
  const whole = () => page.screenshot({ animations: "disabled", caret: "hide" });
  await expect.poll(async () => (await whole()).equals(await whole())).toBe(true);
  const box = await element.evaluate((it) => {
    it.classList.add("looked-at");
    const { top, bottom, left, width } = it.getBoundingClientRect();
    return { top: Math.floor(top), bottom: Math.ceil(bottom), left, width };
  });
  // As wide as the element: beside it stand the card's round edges, which a browser never draws twice alike.
  const strip = { x: box.left, width: box.width };
  const above = { ...strip, y: Math.max(0, box.top - 30), height: Math.min(box.top, 30) - EDGE };
  const below = { ...strip, y: box.bottom + EDGE, height: 26 };
  const look = async (style: string) => {
    await page.evaluate((rules) => {
      const sheet = new CSSStyleSheet();
      sheet.replaceSync(rules);
      document.adoptedStyleSheets = [sheet];
    }, style);
    const looks = [above, below]
      .filter(({ height }) => height > 0)
      .map((clip) => page.screenshot({ clip, animations: "disabled", caret: "hide" }));
    return Buffer.concat(await Promise.all(looks));
  };
  const differs = !(await look(TOWERS)).equals(await look(NOTHING));
  await element.evaluate((it) => it.classList.remove("looked-at"));
  return differs;
}

test("what people write does not paint outside its box", async ({ browserOf, server }) => {
  const tall = await server.createPartner(`Mara ${TALL}`);
  const page = await (await browserOf({ viewport: { width: 390, height: 700 } })).newPage();
  const bare = await server.call("/api/generate-secure-link", { key: tall.apiKey, body: {} });
  const { secureUrl } = (await bare.json()) as { secureUrl: string };
  await page.goto(secureUrl);
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
  expect(await paintsBeside(page, page.locator("h1"))).toBe(false);
  await page.getByRole("button", { name: "Start secure chat" }).click();
  const box = page.getByRole("textbox", { name: "Message" });
  await expect(page.getByRole("log")).toBeVisible();
  expect(await paintsBeside(page, page.locator("h1"))).toBe(false);
  for (const text of ["one above", TALL, "one between", WIDE, "one below"]) {
    await box.fill(text);
    await page.getByRole("button", { name: "Send", exact: true }).click();
  }
  await expect(page.locator(".status").last()).toHaveText("Sent");
  for (const text of [TALL, WIDE]) {
    const bubble = page.locator(".message-text").filter({ hasText: text });
    expect(await paintsBeside(page, bubble), text).toBe(false);
  }
  expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true);
});
