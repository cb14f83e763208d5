/** The inbox: what chats are called, how long customers wait, finding one among many, and going through by keyboard. */
import AxeBuilder from "@axe-core/playwright";
import type { Locator, Page } from "@playwright/test";
import { Latch } from "./support/latch.ts";
import { Agent, Customer, connected, Thread } from "./support/people.ts";
import type { Partner, TestServer } from "./support/server.ts";
import { expect, test } from "./support/talk.ts";

const row = (page: Page, name: string): Locator =>
  page.getByRole("region", { name: "Chats" }).getByRole("link", { name });

const names = (page: Page): Promise<string[]> => page.locator(".inbox-row-name").allTextContents();

/** Chats that somebody came into by a plain link, each the most recently active when it is made. */
async function fill(server: TestServer, { apiKey }: Partner, count: number): Promise<void> {
  const one = async (number: number) => {
    const chatId = `order-${String(number).padStart(4, "0")}`;
    const made = await server.call("/api/generate-secure-link", { key: apiKey, body: { chatId } });
    const { linkId } = (await made.json()) as { linkId: string };
    const used = await server.call("/api/validate-secure-link", { body: { linkId } });
    expect(used.ok).toBe(true);
  };
  for (let number = 0; number < count; number += 50)
    await Promise.all(Array.from({ length: Math.min(50, count - number) }, (_, step) => one(number + step)));
}

test.use({ alone: true });

test("a chat is called by its label, in the list and in its head, and the search finds it by both names", async ({
  agent,
  browserOf,
  link,
}) => {
  const { page } = agent;
  await page.goto(`${agent.server.url}/partners/chats`);
  const anna = new Customer(await (await browserOf()).newPage());
  await anna.enter(await link("table-4", "--label", "Zoë Müller"));
  const other = new Customer(await (await browserOf()).newPage());
  await other.enter(await link("table-5"));

  await test.step("live, from the moment the customer comes in", async () => {
    await expect(row(page, "Zoë Müller")).toContainText("table-4");
    await expect(row(page, "table-5")).toBeVisible();
  });
  await test.step("and after a reload", async () => {
    await page.reload();
    await row(page, "Zoë Müller").click();
    await expect(page.getByRole("heading", { name: "Zoë Müller", level: 2 })).toBeVisible();
    await expect(page.getByRole("region", { name: "Zoë Müller" })).toContainText("table-4");
  });
  await test.step("found without accents, and by the chat's own name", async () => {
    const field = page.getByRole("searchbox", { name: "Find a chat" });
    for (const words of ["zoe mull", "TABLE-4"]) {
      await field.fill(words);
      await expect(page.locator(".inbox-row")).toHaveCount(1);
      await expect(row(page, "Zoë Müller")).toBeVisible();
      await expect(page.getByText("1 chat found", { exact: true }).first()).toBeVisible();
    }
    await field.fill("nobody of this name");
    await expect(page.getByText("No chat found", { exact: true }).first()).toBeVisible();
    await field.press("Escape");
    await expect(field).toHaveValue("");
    await expect(row(page, "table-5")).toBeVisible();
  });
  await test.step("a new link keeps the label", async () => {
    await page.getByRole("button", { name: "New link" }).click();
    await page.getByRole("button", { name: "Make the link" }).click();
    await expect(agent.row("table-4").first()).toContainText("Zoë Müller");
  });
});

test("the last chat of a thousand is found page by page, and the list stays short", async ({
  browserOf,
  server,
  watch,
}) => {
  test.setTimeout(180_000);
  const busy = await server.createPartner("Busy Bakery");
  const options = ["--server", server.url, "--api-key", busy.apiKey, "--chat", "the-first", "--json"];
  const made = await server.run("link", "create", options, ["--label", "Wedding cake"]);
  await new Customer(await (await browserOf()).newPage()).enter(JSON.parse(made).secureUrl);
  await fill(server, busy, 1_000);
  const context = await browserOf();
  const desk = new Agent(await context.newPage(), server, watch);
  await desk.signIn(busy);
  const { page } = desk;
  await page.getByRole("link", { name: "Chats" }).click();

  await test.step("the first page is short; the rest comes when its end is near", async () => {
    await expect(page.locator(".inbox-row").first()).toBeVisible();
    expect(await page.locator(".inbox-row").count()).toBeLessThanOrEqual(200);
    const before = await page.locator(".inbox-row").count();
    await page.locator(".inbox-row").last().scrollIntoViewIfNeeded();
    await expect.poll(() => page.locator(".inbox-row").count()).toBeGreaterThan(before);
  });
  await test.step("found by its label, which no server can read", async () => {
    await page.reload();
    const pages: string[] = [];
    page.on("request", (request) => request.url().includes("/api/chats?") && pages.push(request.url()));
    await page.getByRole("searchbox").fill("wedding");
    await expect(row(page, "Wedding cake")).toBeVisible();
    await expect(page.locator(".inbox-progress")).toHaveText("1 chat found");
    expect(pages.length).toBeGreaterThanOrEqual(5);
    await page.getByRole("searchbox").press("Enter");
    await expect(page.getByRole("heading", { name: "Wedding cake", level: 2 })).toBeVisible();
  });
  await test.step("a search can be stopped, and says how far it came", async () => {
    await page.goto(`${server.url}/partners/chats`);
    const held = new Latch();
    await page.route(/\/api\/chats\?.*limit=200/, async (route) => {
      await held.opened;
      await route.continue();
    });
    await page.getByRole("searchbox").fill("order-0");
    await page.getByRole("button", { name: "Stop" }).click();
    await expect(page.locator(".inbox-progress")).toContainText(/\d+ chats searched/);
    held.open();
    await page.getByRole("button", { name: "Search further" }).click();
    await expect(page.locator(".inbox-progress")).toHaveText("1,000 chats found");
    expect(await page.locator(".inbox-row").count()).toBeLessThanOrEqual(200);
  });
});

test("waiting times tick, presence shows, and those who wait can be shown alone", async ({
  timedAgent: agent,
  browserOf,
  link,
}) => {
  const { page } = agent;
  await page.clock.install();
  await page.goto(`${agent.server.url}/partners/chats`);
  await connected(page);
  const waiting = await new Customer(await (await browserOf()).newPage()).enter(await link("waits"));
  const calm = await new Customer(await (await browserOf()).newPage()).enter(await link("calm"));
  await waiting.send("Is anybody there?");
  await calm.send("Hello");
  await expect(row(page, "waits")).toContainText("Wrote just now");
  await expect(row(page, "waits")).toContainText("Here now");
  await page.clock.fastForward("05:01");
  await expect(row(page, "waits")).toContainText("Waiting 5 min");
  await page.clock.fastForward("01:00:00");
  await expect(row(page, "waits")).toContainText("Waiting 1 hr");

  await row(page, "calm").click();
  await new Thread(page).send("Good morning");
  await expect(row(page, "calm")).not.toContainText("Waiting");
  await page.getByRole("checkbox", { name: "Waiting for an answer" }).check();
  await expect(row(page, "calm")).toHaveCount(0);
  await expect(row(page, "waits")).toBeVisible();
  await waiting.page.close();
  await expect(row(page, "waits")).not.toContainText("Here now");
});

test("an agent finds and opens chats by keyboard alone", async ({ agent, browserOf, link }) => {
  const { page } = agent;
  const people: Thread[] = [];
  for (const name of ["key-c", "key-b", "key-a"])
    people.push(await new Customer(await (await browserOf()).newPage()).enter(await link(name)));
  const [c, b] = people;
  await b?.send("Something from b");
  await c?.send("Something from c");
  await page.goto(`${agent.server.url}/partners/chats`);
  await expect(row(page, "key-a")).toBeVisible();
  const focused = () => page.locator(".inbox-row:focus .inbox-row-name");

  await test.step("one stop of the Tab key, arrow keys within", async () => {
    await page.keyboard.press("/");
    await expect(page.getByRole("searchbox")).toBeFocused();
    await page.keyboard.type("key-");
    await expect.poll(() => names(page)).toEqual(["key-c", "key-b", "key-a"]);
    await page.keyboard.press("ArrowDown");
    await expect(focused()).toHaveText("key-c");
    await page.keyboard.press("ArrowDown");
    await expect(focused()).toHaveText("key-b");
    await page.keyboard.press("End");
    await expect(focused()).toHaveText("key-a");
    await page.keyboard.press("Home");
    await expect(focused()).toHaveText("key-c");
    await page.keyboard.press("ArrowUp");
    await expect(focused()).toHaveText("key-c");
    await expect(page.locator(".inbox-row[tabindex='0']")).toHaveCount(1);
  });

  await test.step("a row that moves keeps the focus", async () => {
    await page.keyboard.press("End");
    await people[2]?.send("I am here too");
    await expect.poll(() => names(page)).toEqual(["key-a", "key-c", "key-b"]);
    await expect(focused()).toHaveText("key-a");
    await expect(row(page, "key-a")).toBeInViewport();
    await b?.send("And another thing");
    await expect.poll(() => names(page)).toEqual(["key-b", "key-a", "key-c"]);
    await expect(focused()).toHaveText("key-a");
  });

  await test.step("Enter opens and leads to where one writes; Escape leads back to the row", async () => {
    await page.keyboard.press("Enter");
    const thread = new Thread(page);
    await expect(thread.composer).toBeFocused();
    await expect(row(page, "key-a")).toHaveAttribute("aria-current", "page");
    await page.keyboard.type("What / is this?");
    await page.keyboard.press("Enter");
    await expect(thread.message("What / is this?")).toBeVisible();
    await page.keyboard.press("Escape");
    await expect(focused()).toHaveText("key-a");
  });

  await test.step("on to the next unread chat, from anywhere", async () => {
    await page.keyboard.press("Alt+Shift+ArrowDown");
    await expect(page.getByRole("heading", { level: 2 })).toHaveText(/key-[bc]/);
    const first = await page.getByRole("heading", { level: 2 }).textContent();
    await expect(new Thread(page).composer).toBeFocused();
    await expect(page.locator(".inbox-row[aria-current] .badge")).toHaveCount(0);
    await page.keyboard.press("Alt+Shift+ArrowDown");
    await expect(page.getByRole("heading", { level: 2 })).not.toHaveText(first ?? "");
  });

  await test.step("the list of keys says so, and single keys can be given up", async () => {
    await page.keyboard.press("Escape");
    await page.keyboard.press("?");
    const dialog = page.getByRole("dialog", { name: "Keyboard" });
    await expect(dialog).toContainText("Next or previous unread chat");
    const found = await new AxeBuilder({ page }).include("dialog").analyze();
    expect(found.violations).toEqual([]);
    await dialog.getByRole("checkbox").uncheck();
    await page.keyboard.press("Escape");
    await expect(dialog).toHaveCount(0);
    await page.keyboard.press("?");
    await page.keyboard.press("/");
    await expect(dialog).toHaveCount(0);
    await expect(page.getByRole("searchbox")).not.toBeFocused();
    await page.keyboard.press("Control+k");
    await expect(page.getByRole("searchbox")).toBeFocused();
    await page.getByRole("button", { name: "Keyboard" }).click();
    await dialog.getByRole("checkbox").check();
    await page.keyboard.press("Escape");
  });
});

test("on a phone the thread covers the list, and the way back leads to its row", async ({
  browserOf,
  link,
  partner,
  server,
  watch,
}) => {
  const context = await browserOf({ viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });
  const desk = new Agent(await context.newPage(), server, watch);
  await desk.signIn(partner);
  const { page } = desk;
  await new Customer(await (await browserOf()).newPage()).enter(await link("on-a-phone"));
  await page.getByRole("link", { name: "Chats" }).click();
  await row(page, "on-a-phone").click();
  await expect(page.getByRole("heading", { name: "on-a-phone", level: 2 })).toBeFocused();
  await expect(page.getByRole("searchbox")).toBeHidden();
  await page.getByRole("link", { name: "All chats" }).click();
  await expect(row(page, "on-a-phone")).toBeFocused();

  // Who is here is not known without a connection.
  await row(page, "on-a-phone").click();
  const presence = page.locator(".thread-presence");
  await expect(presence).toContainText("Here now");
  watch.declare(/./, "ERR_INTERNET_DISCONNECTED");
  await context.setOffline(true);
  await expect(presence).toHaveText("You are offline. What you write waits here.");
  await expect(presence).toBeInViewport({ ratio: 1 });
  await context.setOffline(false);
  await expect(presence).toContainText("Here now");
});

test("an empty list says what to do", async ({ browserOf, server, watch }) => {
  const fresh = await server.createPartner("Fresh Bakery");
  const page = await (await browserOf()).newPage();
  await new Agent(page, server, watch).signIn(fresh);
  await page.goto(`${server.url}/partners/chats`);
  await expect(page.getByRole("heading", { name: "No chats yet" })).toBeVisible();
  await expect(page.getByRole("searchbox")).toHaveCount(0);
});

test("whoever ends a chat, both sides read who it was and when, and what was said stays", async ({
  agent,
  browserOf,
  link,
  watch,
}) => {
  const { page } = agent;
  watch.declare(/\/api\/chats\/[^/]+\//, 410);
  const theirs = await new Customer(await (await browserOf()).newPage()).enter(await link("ends-here"));
  await theirs.send("That was all");
  const ours = await agent.openChat("ends-here");
  await expect(ours.message("That was all")).toBeVisible();
  await page.getByRole("button", { name: "End chat" }).click();
  const question = page.getByRole("dialog", { name: "End this chat?" });
  await question.getByRole("button", { name: "Keep chatting" }).click();
  await expect(ours.composer).toBeVisible();
  await page.getByRole("button", { name: "End chat" }).click();
  await question.getByRole("button", { name: "End chat" }).click();
  await expect(page.getByText(/^Your side ended this chat, .*\d\d/)).toBeVisible();
  await expect(ours.composer).toHaveCount(0);
  await expect(page.getByRole("button", { name: "New link" })).toHaveCount(0);
  await expect(page.getByRole("heading", { name: "ends-here", level: 2 })).toBeFocused();
  await expect(row(page, "ends-here")).toContainText("Ended");
  await page.reload();
  await expect(ours.message("That was all")).toBeVisible();
  await expect(page.getByText(/^Your side ended this chat, .*\d\d/)).toBeVisible();
  await expect(theirs.composer).toHaveCount(0);
});
