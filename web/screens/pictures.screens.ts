/** The pictures of the README: the desk beside the customer's phone, and the door on its own. */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { type BrowserContextOptions, chromium, expect, type Page, test } from "@playwright/test";
import { Agent, Customer } from "../e2e/support/people.ts";
import { SETUP_TOKEN, TestServer } from "../e2e/support/server.ts";
import { Watch } from "../e2e/support/watch.ts";
import { LENS, PHONE, painted } from "./camera.ts";
import { listenFor } from "./https.ts";
import { ORDER, talk, WORKSHOP } from "./story.ts";

const FOLDER = join(import.meta.dirname, "../../docs/pictures");
const HOST = "chat.alder-joinery.example";
const ADDRESS = `https://${HOST}`;
const TRUSTING: BrowserContextOptions = { ignoreHTTPSErrors: true, colorScheme: "light" };

/** The desk's page, how wide it stands in the picture, and the picture that holds it and the phone, in CSS pixels. */
const DESK = { width: 1050, height: 840 };
const DESK_SHOWN = 900;
const PICTURE = { width: 1360, height: 800 };

test("pictures of the README", async ({ launchOptions }) => {
  const server = await TestServer.start({
    WICKETGATE_SETUP_TOKEN: SETUP_TOKEN,
    WICKETGATE_PUBLIC_URL: ADDRESS,
  });
  const latch = await listenFor(HOST, server.url);
  const rules = `--host-resolver-rules=MAP ${HOST}:443 127.0.0.1:${latch.port}`;
  const browser = await chromium.launch({
    ...launchOptions,
    args: [...(launchOptions.args ?? []), rules],
  });
  try {
    const context = await browser.newContext({ ...LENS, ...TRUSTING, viewport: DESK });
    const desk = await context.newPage();
    await setUp(desk);
    const agent = new Agent(desk, Object.assign(Object.create(server), { url: ADDRESS }), new Watch());
    const address = await agent.makeLink(ORDER);
    await desk.getByText("Options", { exact: true }).click();
    await desk.mouse.move(0, 0);
    await desk.evaluate(() => scrollTo(0, 0));
    const made = await shot(desk);

    const phone = await browser.newContext({ ...PHONE, ...TRUSTING });
    const customer = new Customer(await phone.newPage());
    await customer.look(address);
    await expect(customer.start).toBeEnabled();
    mkdirSync(FOLDER, { recursive: true });
    await painted(customer.page);
    await customer.page.screenshot({ path: join(FOLDER, "door-phone.png"), scale: "css" });
    await customer.start.click();
    const theirs = await customer.thread();
    const ours = await agent.openChat(ORDER);
    await talk(theirs, ours, 5);
    await theirs.status("Perfect, 20 mm it is.", "Read");
    await theirs.composer.blur();
    await placeBeside(await browser.newPage({ viewport: PICTURE }), made, await shot(customer.page));
  } finally {
    await browser.close();
    latch.server.close();
    await server.stop();
  }
});

async function setUp(page: Page): Promise<void> {
  await page.goto(`${ADDRESS}/setup#${SETUP_TOKEN}`);
  await page.getByLabel("Organisation").fill(WORKSHOP.name);
  await page.getByLabel("E-mail").fill(WORKSHOP.email);
  await page.getByLabel("Password", { exact: true }).fill(WORKSHOP.password);
  await page.getByRole("button", { name: "Set up" }).click();
  await page.getByLabel("I have written it down").check();
  await page.getByRole("button", { name: "Continue" }).click();
  await page.getByRole("heading", { name: "No links yet" }).waitFor();
}

async function shot(page: Page): Promise<string> {
  await painted(page);
  const picture = await page.screenshot({ animations: "disabled" });
  return `data:image/png;base64,${picture.toString("base64")}`;
}

/** Lays the phone beside the desk, on a plain ground. */
async function placeBeside(page: Page, desk: string, phone: string): Promise<void> {
  await page.setContent(`<style>
    body { margin: 0; background: #dcebe4; }
    img { position: absolute; display: block; box-sizing: border-box; }
    .desk { inset: 40px auto auto 40px; width: ${DESK_SHOWN}px; border: 1px solid #d8d2c6; border-radius: 12px; }
    .phone { inset: auto 40px 40px auto; width: 344px; border: 9px solid #1d2320; border-radius: 40px; }
  </style><img class="desk" src="${desk}"><img class="phone" src="${phone}">`);
  await page.locator(".phone").evaluate((picture: HTMLImageElement) => picture.decode());
  await page.screenshot({ path: join(FOLDER, "both-sides.png") });
}
