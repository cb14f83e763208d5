/** What the pages weigh, over the wire with headers; and nothing of them comes from elsewhere. */
import type { Page } from "@playwright/test";
import { PHONE } from "./support/talk.ts";
import { expect, test } from "./support/test.ts";
import { show, sumOf, weigh, weighFile } from "./support/weight.ts";

const CUSTOMER = 60_000;
const DESK = 120_000;

/** A file of texts that each customer in that language loads. */
const TEXTS = /^\/assets\/[a-z]{2}(-Han[st])?\.customer-[\w-]{6}\.js$/;

for (const locale of ["en-US", "de-DE"]) {
  test(`the customer's page weighs at most 60 KB, the chat included, in ${locale}`, async ({
    agent,
    browserOf,
  }) => {
    await agent.openLinks();
    const page = await (await browserOf({ ...PHONE, locale })).newPage();
    const weights = await weighVisit(page, await agent.makeLink());
    show(`the customer's page in ${locale}:`, weights);
    expect(textsIn(weights)).toHaveLength(locale === "en-US" ? 0 : 1);
    await expectLight(page, weights);
  });
}

test("the customer's page weighs at most 60 KB with a link that a program made", async ({
  browserOf,
  partner,
  server,
}) => {
  const answer = await server.call("/api/generate-secure-link", { key: partner.apiKey, body: {} });
  const { secureUrl } = (await answer.json()) as { secureUrl: string };
  const page = await (await browserOf()).newPage();
  const weights = await weighVisit(page, secureUrl);
  show("the customer's page, link without a blob:", weights);
  // The mouse rests where the button of the six words now is: only who presses it needs them.
  expect([...weights.keys()].join()).not.toContain("seldom");
  await expectLight(page, weights);
});

test("the desk weighs at most 120 KB: links, a chat and the settings together", async ({
  agent,
  customer,
  deskContext,
}) => {
  await agent.openLinks();
  const theirs = await customer.enter(await agent.makeLink("weight"));
  await theirs.send("How heavy is it?");
  const page = await deskContext.newPage();
  await (await deskContext.newCDPSession(page)).send("Network.clearBrowserCache");
  const weights = await weigh(page, async () => {
    await page.goto(agent.page.url());
    await expect(page.getByRole("list", { name: "Your links" })).toBeVisible();
    await page.getByRole("link", { name: "Chats" }).click();
    await page.getByRole("link", { name: "weight" }).click();
    await expect(page.getByRole("log")).toContainText("How heavy is it?");
    await page.getByRole("link", { name: "Settings" }).click();
    await expect(page.getByRole("list", { name: "API keys" })).toBeVisible();
  });
  show("the desk:", weights);
  expect(sumOf(weights)).toBeLessThanOrEqual(DESK);
  await page.close();
});

/** A customer's visit, from the address to the chat. */
async function weighVisit(page: Page, address: string): Promise<ReadonlyMap<string, number>> {
  const weights = await weigh(page, async () => {
    await page.goto(address);
    await page.locator(".door .button.main").click();
    await expect(page.getByRole("log")).toBeVisible();
    await expect(page.getByRole("textbox")).toBeVisible();
  });
  expect([...weights.keys()].join()).toContain("customer.worker");
  return weights;
}

function textsIn(weights: ReadonlyMap<string, number>): readonly string[] {
  return [...weights.keys()].filter((name) => TEXTS.test(name));
}

/** One language is measured as it loads; each other one takes its place in the sum. */
async function expectLight(page: Page, weights: ReadonlyMap<string, number>): Promise<void> {
  const texts = textsIn(weights);
  const rest = sumOf(weights) - sumOf(new Map(texts.map((name) => [name, weights.get(name) ?? 0])));
  const sums = new Map([["the texts of this visit", sumOf(weights)]]);
  const { origin } = new URL(page.url());
  for (const file of await textFiles(page, origin)) {
    sums.set(file, rest + (await weighFile(page, `${origin}/${file}`)));
  }
  for (const [file, sum] of sums) console.log(`  ${sum.toLocaleString("en")} with ${file}`);
  expect(Math.max(...sums.values())).toBeLessThanOrEqual(CUSTOMER);
}

/** The files of texts that a customer's page may load. */
async function textFiles(page: Page, origin: string): Promise<readonly string[]> {
  const script = await page.evaluate(
    () => document.querySelector<HTMLScriptElement>("script[type='module']")?.src,
  );
  const source = await (await page.request.get(script ?? origin)).text();
  const files = [...source.matchAll(/import\(["`]\.\/([\w.-]+\.js)["`]\)/g)]
    .map(([, name]) => `assets/${name}`)
    .filter((name) => TEXTS.test(`/${name}`));
  expect(files).toHaveLength(19);
  return files;
}
