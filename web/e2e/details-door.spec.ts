/** Details 1 to 5: the customer's door, what opens it and what does not. */
import type { Page } from "@playwright/test";
import { Latch } from "./support/latch.ts";
import { Customer } from "./support/people.ts";
import type { TestServer } from "./support/server.ts";
import { expect, test } from "./support/talk.ts";

/** Where somebody was before the link. */
const BEFORE = "about:blank#before";
/** The call that redeems. */
const REDEEM = /\/api\/validate-secure-link$/;

test("detail 1: looking never uses a link up, and two taps at once give one seat", async ({
  browserOf,
  device,
  link,
  server,
}) => {
  const address = await link("detail-1");
  for (let look = 0; look < 3; look += 1) expect((await fetch(address)).status).toBe(200);

  const reader = await (await browserOf()).newPage();
  await reader.clock.install();
  await reader.goto(address);
  await expect(new Customer(reader).start).toBeEnabled();
  await reader.clock.runFor(30_000);
  expect(await doorState(server, address)).toBe("valid");

  const customer = new Customer(await (await browserOf(device)).newPage());
  await customer.look(address);
  let posts = 0;
  customer.page.on("request", (request) => {
    if (REDEEM.test(request.url())) posts += 1;
  });
  await expect(customer.start).toBeEnabled();
  await customer.start.evaluate((button: HTMLButtonElement) => {
    button.click();
    button.click();
  });
  await customer.thread();
  expect(posts).toBe(1);
  expect(await doorState(server, address)).toBe("used");
});

test("detail 1: two browsers that tap at once get one seat between them", async ({
  browserOf,
  device,
  link,
  watch,
}) => {
  watch.declare(REDEEM, 410);
  const address = await link("detail-1-race");
  const customers = [await browserOf(device), await browserOf(device)].map(async (context) => {
    const customer = new Customer(await context.newPage());
    await customer.look(address);
    await expect(customer.start).toBeEnabled();
    return customer;
  });
  const [first, second] = await Promise.all(customers);
  if (!first || !second) throw new Error("two customers");
  await Promise.all([first.start.click(), second.start.click()]);
  const ends = await Promise.all([outcome(first.page), outcome(second.page)]);
  expect(ends.sort()).toEqual(["in the chat", "too late"]);
});

test("detail 2: without script the door names the inviter and says what is true", async ({
  browserOf,
  device,
  link,
  watch,
}) => {
  const page = await (await browserOf({ ...device, javaScriptEnabled: false })).newPage();
  const used = await link("detail-2-used");
  await new Customer(await (await browserOf()).newPage()).enter(used);
  await page.goto(await link("detail-2"));
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(
    "Corner Bakery invites you to a private chat",
  );
  await expect(page.getByText("Nothing happens until you press the button.")).toBeVisible();
  // A search by text leaves `noscript` out.
  const needs = page.locator("noscript > p");
  await expect(needs).toBeVisible();
  await expect(needs).toHaveText(/^The chat needs JavaScript\. .* it stays valid\.$/);
  await expect(page.getByRole("button", { name: "Start secure chat" })).toBeDisabled();

  watch.declare(/\/secure\/chat\//, 410);
  await page.goto(used);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Link has already been used");
  await expect(page.getByText("ask Corner Bakery for a new link")).toBeVisible();
});

test("detail 3: after the tap neither address nor history nor any request knows the fragment", async ({
  browserOf,
  device,
  link,
  watch,
}) => {
  const address = await link("detail-3");
  const [secret, linkId] = partsOf(address);
  const { page } = await entered(await (await browserOf(device)).newPage(), address);
  expect(page.url()).not.toContain("#");
  expect(page.url()).not.toContain(linkId);
  expect(watch.requests.filter((request) => request.includes(secret))).toEqual([]);

  const session = await page.context().newCDPSession(page);
  const { entries } = await session.send("Page.getNavigationHistory");
  expect(entries.filter(({ url }) => url.includes(linkId) || url.includes(secret))).toEqual([]);
  await page.goBack();
  await expect(page).toHaveURL(BEFORE);
  await page.goForward();
  await expect(page.getByRole("textbox", { name: "Message" })).toBeVisible();
  expect(await page.evaluate(() => location.href + document.referrer)).not.toContain(secret);
});

test("detail 3: an address that was bent on its way ends well", async ({
  browserOf,
  device,
  link,
  server,
}) => {
  for (const bend of [
    (address: string) => address.replace("#", "%23"),
    (address: string) => address.replace("#", "?utm_source=mail&fbclid=1#"),
    (address: string) => `${address}&utm_source=mail`,
  ]) {
    const address = bend(await link("detail-3-bent"));
    await entered(await (await browserOf(device)).newPage(), address);
  }
  const whole = await link("detail-3-cut");
  const cut = new Customer(await (await browserOf(device)).newPage());
  await cut.look(whole.split("#", 1)[0] ?? "");
  await expect(cut.page.getByRole("heading", { name: "This address is incomplete" })).toBeVisible();
  await expect(cut.start).toHaveCount(0);
  expect(await doorState(server, whole)).toBe("valid");
});

test("detail 4: each dead end has its own heading, one reason, one next step, and the focus", async ({
  browserOf,
  device,
  link,
  partner,
  server,
  watch,
}) => {
  const expired = await link("detail-4-expired", "--expires", "1s");
  const used = await link("detail-4-used");
  await new Customer(await (await browserOf()).newPage()).enter(used);
  const revoked = await link("detail-4-revoked");
  const list = await server.call("/api/links", { key: partner.apiKey });
  const { links } = (await list.json()) as { links: { ref: string; chatId: string }[] };
  const ref = links.find(({ chatId }) => chatId === "detail-4-revoked")?.ref;
  await server.call(`/api/links/${ref}/revoke`, { key: partner.apiKey, body: {} });
  await expect.poll(() => doorState(server, expired)).toBe("expired");

  watch.declare(/\/secure\/chat\//, 410);
  watch.declare(/\/secure\/chat\//, 404);
  const page = await (await browserOf(device)).newPage();
  const said = new Set<string>();
  for (const [address, heading] of [
    [used, "Link has already been used"],
    [expired, "Link has expired"],
    [revoked, "Link has been revoked"],
    [`${server.url}/secure/chat/${"D".repeat(22)}#1.${"D".repeat(43)}`, "Link not found"],
  ] as const) {
    await page.goto(address);
    const title = page.getByRole("heading", { name: heading, level: 1, exact: true });
    await expect(title).toBeFocused();
    await expect(page.getByRole("heading")).toHaveCount(1);
    const sentences = page.locator(".door > p");
    await expect(sentences).toHaveCount(2);
    await expect(sentences.last()).toContainText(/ask .* new link/i);
    await expect(page.locator(".door .wicket")).toBeVisible();
    said.add(await sentences.first().innerText());
    expect(await page.getByRole("button").count()).toBe(0);
  }
  expect(said.size).toBe(4);
});

test("detail 4: an address that is not whole, a link that lies, and a chat that is elsewhere say their own", async ({
  browserOf,
  device,
  link,
  server,
  watch,
}) => {
  watch.declare(/\/api\/chats\/[\w-]+\/seat$/, 401);
  const [address = "", fragment = ""] = (await link("detail-4-more")).split("#");
  const other = (await link("detail-4-other")).split("#")[1] ?? "";
  const page = await (await browserOf(device)).newPage();
  for (const [bent, heading, next] of [
    [address, "This address is incomplete", /^Open it again from the original message/],
    [`${address}#${fragment.slice(0, -9)}`, "This address is incomplete", /^Open it again/],
    [`${address}#${other}`, "This link does not check out", /^Tell Corner Bakery about it by another way/],
    [
      `${server.url}/chat/${"A".repeat(22)}`,
      "This chat is not open in this browser",
      /^Go back to that browser/,
    ],
  ] as const) {
    await page.goto("about:blank");
    await page.goto(bent);
    await expect(page.getByRole("heading", { name: heading, level: 1, exact: true })).toBeFocused();
    const sentences = page.locator(".door > p");
    await expect(sentences).toHaveCount(2);
    await expect(sentences.last()).toHaveText(next);
    expect(await page.getByRole("button").count()).toBe(0);
  }
  expect(await doorState(server, address), "none of it used the link").toBe("valid");
});

test("detail 5: Start is busy once, and a failure comes back in words while the link still works", async ({
  browserOf,
  device,
  link,
  press,
  watch,
}) => {
  watch.declare(REDEEM, "ERR_FAILED");
  const customer = new Customer(await (await browserOf(device)).newPage());
  const { page } = customer;
  const failing = new Latch();
  let posts = 0;
  await page.route(REDEEM, async (route) => {
    posts += 1;
    await failing.opened;
    await route.abort();
  });
  await customer.look(await link("detail-5"));
  await press(customer.start);
  const busy = page.getByRole("button", { name: "Opening the door…" });
  await expect(busy).toHaveAttribute("aria-busy", "true");
  await press(busy);
  expect(posts).toBe(1);
  failing.open();
  const words = "The connection failed before the chat opened. The same link still works.";
  await expect(page.getByRole("alert").filter({ hasText: words })).toBeVisible();
  expect(posts).toBe(1);
  await page.unroute(REDEEM);
  await press(customer.start);
  await customer.thread();
});

/** Comes from another page, opens the link and goes in. */
async function entered(page: Page, address: string): Promise<Customer> {
  const customer = new Customer(page);
  await page.goto(BEFORE);
  await customer.enter(address);
  return customer;
}

/** The secret of an address and its link's name. */
function partsOf(address: string): [string, string] {
  const { hash, pathname } = new URL(address);
  return [hash.slice(3), pathname.split("/").at(-1) ?? ""];
}

async function outcome(page: Page): Promise<"in the chat" | "too late"> {
  const composer = page.getByRole("textbox", { name: "Message" });
  const late = page.getByRole("heading", { name: "Link has already been used" });
  await expect(composer.or(late)).toBeVisible();
  return (await composer.isVisible()) ? "in the chat" : "too late";
}

async function doorState(server: TestServer, address: string): Promise<unknown> {
  const answer = await server.call("/api/links/door", { body: { linkId: partsOf(address)[1] } });
  return ((await answer.json()) as { state: unknown }).state;
}
