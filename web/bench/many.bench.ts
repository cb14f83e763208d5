/** What a hundred thousand links and a hundred thousand messages cost the one who opens them, beside a hundred. */
import { type Browser, type BrowserContext, expect, test } from "@playwright/test";
import { Agent, Customer } from "../e2e/support/people.ts";
import { type Partner, SETUP_TOKEN, TestServer } from "../e2e/support/server.ts";
import { Terminal } from "../e2e/support/terminal.ts";
import { Watch } from "../e2e/support/watch.ts";
import { marksAt, noteMoments } from "./marks.ts";
import { milliseconds, print } from "./table.ts";

const FEW = 100;
const MANY = Number(process.env.BENCH_MANY ?? 100_000);
const ROUNDS = 5;
/** How far down the list somebody scrolls. */
const FAR = 3_000;
const CALLERS = 32;

let server: TestServer;
let partner: Partner;

test.beforeAll(async () => {
  server = await TestServer.start({ WICKETGATE_SETUP_TOKEN: SETUP_TOKEN });
  partner = await server.createPartner("Corner Bakery");
});

test.afterAll(() => server.stop());

test("links", async ({ browser }) => {
  const desk = await signedIn(browser);
  const rows: string[][] = [];
  let made = 0;
  for (const count of [FEW, MANY]) {
    await makeLinks(count - made);
    made = count;
    const shown = await opened(desk, `${server.url}/partners/qrcodes`, [".rows > li"]);
    rows.push([`${count} links`, milliseconds(shown), await lastPages()]);
  }
  print(
    "The desk's list of links, not slowed:",
    ["store", "address to rows, ms", "one page by the API, ms"],
    rows,
  );
  const pages = await scrolled(desk);
  print(
    `Scrolling down the list of ${MANY} links, from the end of what is there until 50 more are painted:`,
    ["rows in the list", "ms"],
    [
      ["50 to 550", milliseconds(pages.slice(0, 10))],
      [`${FAR - 500} to ${FAR}`, milliseconds(pages.slice(-10))],
    ],
  );
  await desk.close();
});

test("messages", async ({ browser }) => {
  const context = await browser.newContext();
  const words = ["--server", server.url, "--api-key", partner.apiKey, "--chat", "long", "--json"];
  const { secureUrl } = JSON.parse(await server.run("link", "create", words));
  const customer = new Customer(await context.newPage());
  await customer.enter(secureUrl);
  const chat = customer.page.url();
  const password = server.file("password", partner.password);
  const who = ["--server", server.url, "--email", partner.email, "--password-file", password];
  const attendant = new Terminal("chat", "attend", ...who, "--json");
  await attendant.event({ event: "ready" });
  const rows: string[][] = [];
  let said = 0;
  for (const count of [FEW, MANY]) {
    for (; said < count; said += 1) attendant.sayTo("long", `Message ${said + 1}`);
    await expect(customer.page.getByText(`Message ${count}`, { exact: true })).toBeVisible({
      timeout: 600_000,
    });
    await customer.page.goto("about:blank");
    const shown = await opened(context, chat, [".message", "textarea.composer-box"]);
    rows.push([`${count} messages`, milliseconds(shown)]);
    await customer.page.goto(chat);
  }
  print("The customer's chat, opened again, not slowed:", ["store", "address to messages, ms"], rows);
  await attendant.close();
  await context.close();
});

async function signedIn(browser: Browser): Promise<BrowserContext> {
  const context = await browser.newContext();
  await new Agent(await context.newPage(), server, new Watch()).signIn(partner);
  return context;
}

/** Opens a page some times; gives the milliseconds from the address until its rows are painted. */
async function opened(context: BrowserContext, address: string, rows: readonly string[]): Promise<number[]> {
  const times: number[] = [];
  for (let round = 0; round <= ROUNDS; round += 1) {
    const page = await context.newPage();
    await noteMoments(page, { rows });
    await page.goto(address);
    const { rows: shown = Number.NaN } = await marksAt(page, "rows");
    // The first one only warms.
    if (round > 0) times.push(shown);
    await page.close();
  }
  return times;
}

/** Scrolls to the end of the list over and over; gives what each further page took. */
async function scrolled(context: BrowserContext): Promise<number[]> {
  const page = await context.newPage();
  await page.goto(`${server.url}/partners/qrcodes`);
  await page.locator(".rows > li").first().waitFor();
  const times = await page.evaluate(async (far) => {
    const count = () => document.querySelectorAll(".rows > li").length;
    const frame = () => new Promise((painted) => requestAnimationFrame(painted));
    const taken: number[] = [];
    while (count() < far) {
      const [before, begun] = [count(), performance.now()];
      scrollTo(0, document.documentElement.scrollHeight);
      while (count() === before) await frame();
      await frame();
      taken.push(performance.now() - begun);
    }
    return taken;
  }, FAR);
  await page.close();
  return times;
}

async function makeLinks(count: number): Promise<void> {
  let left = count;
  const work = async () => {
    while (left-- > 0) {
      const answer = await server.call("/api/generate-secure-link", { key: partner.apiKey, body: {} });
      if (!answer.ok) throw new Error(await answer.text());
      await answer.arrayBuffer();
    }
  };
  await Promise.all(Array.from({ length: CALLERS }, work));
}

/** Walks through pages of a hundred by the API: what the first and the last one take. */
async function lastPages(): Promise<string> {
  const times: number[] = [];
  let cursor: string | null = null;
  for (let page = 0; page < 1_000; page += 1) {
    const query: string = cursor === null ? "" : `&after=${encodeURIComponent(cursor)}`;
    const asked = performance.now();
    const answer = await server.call(`/api/links?limit=100${query}`, { key: partner.apiKey });
    const list = (await answer.json()) as { links: unknown[]; next?: string | null };
    times.push(performance.now() - asked);
    cursor = list.next ?? null;
    if (cursor === null) break;
  }
  const [first = 0] = times;
  return `first ${first.toFixed(1)}, page ${times.length} ${(times.at(-1) ?? 0).toFixed(1)}`;
}
