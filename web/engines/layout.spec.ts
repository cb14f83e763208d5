/** Every page at a phone's, a small phone's and a desktop's width, also in Arabic and in the dark. */
import arabic from "../src/i18n/catalogues/ar/customer.json" with { type: "json" };
import arabicDesk from "../src/i18n/catalogues/ar/desk.json" with { type: "json" };
import words from "../src/i18n/catalogues/en/customer.json" with { type: "json" };
import seldom from "../src/i18n/catalogues/en/seldom.json" with { type: "json" };
import type { Browser } from "./drive/browser.ts";
import type { Sought } from "./drive/find.ts";
import { enter, fits, makeLink, send, setUp, status } from "./people.ts";
import { expect, test } from "./support.ts";

/** A line of everyday words, and one that has no place to break. */
const UNBROKEN = `https://bakery.example/${"crumb".repeat(40)}`;
const SAID = ["Is the rye bread still warm?", UNBROKEN];

/** Its address, and what of it comes last: a page that is still on its way fits everywhere. */
type Page = readonly [address: string, last: Sought];

test("no page is wider than its window", async ({ browserOf, server }) => {
  const desk = await browserOf("agent");
  const customer = await browserOf("customer");
  await test.step("before and in set-up", async () => {
    await fitsAtAll(desk, [[`${server.url}/`, { is: "heading" }]]);
    await setUp(desk, server);
  });
  const [used, valid] = await test.step("a chat, on both sides", async () => {
    const first = await makeLink(desk);
    await enter(customer, first);
    for (const each of SAID) await send(customer, each);
    // It is shown before it is stored: a page that is left at once takes it along.
    await status(customer, UNBROKEN, /Sent|Delivered/);
    await fitsAtAll(customer, [[await customer.address(), { is: "link", called: UNBROKEN }]]);
    return [first, await makeLink(desk)] as const;
  });
  await test.step("the door, open and shut", async () => {
    const nobodys = `${server.url}/secure/chat/nobody-has-this-link1`;
    await fitsAtAll(customer, [
      [valid, { is: "button", called: words["door.start"] }],
      [used, { is: "heading", called: seldom["door.used.heading"] }],
      [nobodys, { is: "heading", called: seldom["door.not_found.heading"] }],
    ]);
  });
  await test.step("the desk", async () => {
    await desk.open(`${server.url}/partners/chats`);
    const chat = await chatAddress(desk);
    const links = { is: "list", within: ".link-list" } as const;
    await fitsAtAll(desk, [
      [`${server.url}/partners/qrcodes`, links],
      [`${server.url}/partners/chats`, { is: "list", within: ".inbox" }],
      [`${server.url}${chat}`, { is: "link", called: UNBROKEN }],
      [`${server.url}/partners/settings`, { is: "list", within: "[aria-labelledby=settings-sessions]" }],
      [`${server.url}/signin`, links],
      [`${server.url}/nowhere`, { is: "heading" }],
    ]);
  });
});

test("pages in Arabic and in the dark go from right to left", async ({ browserOf, server }) => {
  const partner = await server.createPartner("Corner Bakery", "mara@bakery.example");
  const options = ["--server", server.url, "--api-key", partner.apiKey, "--json"];
  const { secureUrl } = JSON.parse(await server.run("link", "create", options));
  const customer = await browserOf("customer", { languages: ["ar-EG"], dark: true });
  await customer.open(secureUrl);
  await looks(customer, { dark: true, direction: "rtl", language: "ar" });
  await fitsAtAll(customer, [[secureUrl, { is: "button", called: arabic["door.start"] }]]);
  await listsLanguages(customer, "العربية");
  await customer.press({ is: "button", called: arabic["door.start"] });
  await customer.says(/./, "[role=log]");
  await fitsAtAll(customer, [[await customer.address(), { is: "button", called: arabic["chat.end"] }]]);
  await looks(customer, { dark: true, direction: "rtl", language: "ar" });

  const desk = await browserOf("agent", { languages: ["ar-EG"], dark: true });
  await fitsAtAll(desk, [[`${server.url}/signin`, { is: "button", called: arabicDesk["signin.submit"] }]]);
  await looks(desk, { dark: true, direction: "rtl", language: "ar" });
});

/** Looks at pages in windows of each width, when they have come. */
async function fitsAtAll(browser: Browser, pages: readonly Page[]): Promise<void> {
  for (const [address, last] of pages) {
    await browser.open(address);
    await browser.one(last);
    expect(await browser.run(foreignFrames), `${browser.engine}: framed by the browser`).toEqual([]);
    for (const width of [1280, 390, 320]) {
      await browser.resize(width, 800);
      await fits(browser);
    }
  }
}

/** Lists to choose from that look as the browser likes, and not as the page does. */
function foreignFrames(): string[] {
  return [...document.querySelectorAll("select")]
    .filter((list) => getComputedStyle(list).appearance !== "none" && getComputedStyle(list).opacity !== "0")
    .map((list) => list.outerHTML);
}

/** The list of languages is the name of the one that is spoken, without a frame, and no wider. */
async function listsLanguages(browser: Browser, spoken: string): Promise<void> {
  const seen = await browser.run(() => {
    const place = document.querySelector<HTMLElement>(".language") as HTMLElement;
    const name = document.createRange();
    name.selectNodeContents(place.firstElementChild ?? place);
    const { borderTopColor, backgroundColor } = getComputedStyle(place);
    return {
      says: (place.firstElementChild as HTMLElement).innerText,
      beside: place.offsetWidth - name.getBoundingClientRect().width,
      frame: [borderTopColor, backgroundColor].map((colour) => colour.replaceAll(" ", "")),
      native: getComputedStyle(place.querySelector("select") ?? place).opacity,
    };
  });
  const clear = "rgba(0,0,0,0)";
  expect(seen, browser.engine).toMatchObject({ says: spoken, frame: [clear, clear], native: "0" });
  expect(seen.beside, browser.engine).toBeLessThan(48);
}

async function chatAddress(desk: Browser): Promise<string> {
  let address: string | null | undefined;
  const found = async () => {
    address = await desk.run(() =>
      document.querySelector<HTMLAnchorElement>("a[href*='/partners/chats/']")?.getAttribute("href"),
    );
    return address;
  };
  await expect.poll(found).toMatch(/./);
  return address ?? "";
}

interface Looks {
  readonly dark: boolean;
  readonly direction: string;
  readonly language: string;
}

async function looks(browser: Browser, wanted: Looks): Promise<void> {
  const seen = () =>
    browser.run(() => {
      const light = (colour: string) => Math.max(...(colour.match(/\d+/g) ?? []).slice(0, 3).map(Number));
      const { backgroundColor, color } = getComputedStyle(document.body);
      return {
        dark: light(backgroundColor) < light(color),
        direction: getComputedStyle(document.body).direction,
        language: document.documentElement.lang,
      };
    });
  await expect.poll(seen, browser.engine).toEqual(wanted);
}
