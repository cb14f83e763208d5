/** Open to everyone: axe on every page and state, one announcer, large text, forced colours, wide and narrow. */
import type { Page, Route } from "@playwright/test";
import {
  enlargeText,
  expectAccessible,
  expectReadable,
  picture,
  spaceText,
} from "./support/accessibility.ts";
import { Latch } from "./support/latch.ts";
import { heard, listen } from "./support/liveRegions.ts";
import { Customer, Thread } from "./support/people.ts";
import { refuseOnce } from "./support/refusal.ts";
import { DESKTOP, expect, PHONE, test } from "./support/talk.ts";

const DESK = ["/partners/qrcodes", "/partners/chats", "/partners/settings"] as const;

test("axe finds nothing at the door, in any of its states", async ({ browserOf, link, server, watch }) => {
  watch.declare(/\/secure\/chat\//, 404);
  watch.declare(/\/secure\/chat\//, 410);
  watch.declare(/\/api\/validate-secure-link$/, "ERR_FAILED");
  const page = await (await browserOf(PHONE)).newPage();
  const customer = new Customer(page);
  const address = await link("axe-door");
  await page.goto(address);
  await expect(customer.start).toBeEnabled();
  await expectAccessible(page, "door");
  await page.route(/validate-secure-link$/, (route) => route.abort());
  await customer.start.tap();
  await expect(page.getByRole("alert")).toBeVisible();
  await expectAccessible(page, "door-failed");
  await page.goto((await link("axe-incomplete")).split("#", 1)[0] ?? "");
  await expect(page.getByRole("heading", { name: "This address is incomplete" })).toBeVisible();
  await expectAccessible(page, "door-incomplete");
  await page.goto(`${server.url}/secure/chat/${"B".repeat(22)}`);
  await expect(page.getByRole("heading", { name: "Link not found" })).toBeVisible();
  await expectAccessible(page, "door-not-found");
});

test("axe finds nothing in the customer's chat, in any of its states", async ({ talk, watch }) => {
  watch.declare(/./, "ERR_INTERNET_DISCONNECTED");
  const chat = await talk("axe-chat", PHONE);
  const { page, thread } = chat;
  await expectAccessible(page, "chat-empty");
  await chat.hear("A word from the desk, with a link: https://example.org/a/b?c=d");
  await thread.send("An answer");
  await thread.status("An answer", "Read");
  await expectAccessible(page, "chat");
  await thread.composer.fill("x".repeat(17_000));
  await page.getByRole("button", { name: "Send", exact: true }).click();
  await expect(page.getByText("This message is too long.")).toBeVisible();
  await expectAccessible(page, "chat-too-long");
  await page.context().setOffline(true);
  await expect(page.getByText("You are offline. What you write waits here.").first()).toBeVisible();
  await thread.send("Waits");
  await expectAccessible(page, "chat-offline");
  await page.context().setOffline(false);
  await thread.status("Waits", "Read");
  await page.getByRole("button", { name: "End chat" }).click();
  await expect(page.getByRole("dialog")).toBeVisible();
  await expectAccessible(page, "chat-end");
  await page.getByRole("dialog").getByRole("button", { name: "End chat" }).click();
  await expect(page.getByText("You ended this chat.").first()).toBeVisible();
  await expectAccessible(page, "chat-ended");
});

test("axe finds nothing where a message was refused", async ({ talk }) => {
  const { customer, page, thread } = await talk("axe-refused", PHONE, async (page) => {
    (await refuseOnce(page)).next = true;
  });
  await customer.live();
  await thread.send("Not this one");
  await thread.status("Not this one", "Not sent");
  await expectAccessible(page, "chat-not-sent");
});

test("axe finds nothing on the desk: loading, failed, filled, with every question open", async ({
  agent,
  browserOf,
  link,
  server,
  watch,
}) => {
  test.setTimeout(300_000);
  const { page } = agent;
  await link("axe-desk");
  for (const path of DESK) {
    const failing = new Latch();
    watch.declare(/\/api\/(links|chats|keys|sessions)/, 503);
    const lists = (url: URL) => /^\/api\/(links|chats|keys|sessions)$/.test(url.pathname);
    const fail = async (route: Route) => {
      await failing.opened;
      await route.fulfill({ status: 503, json: {} });
    };
    await page.route(lists, fail);
    await page.goto(server.url + path);
    await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
    await expect(page.getByText("Loading…").first()).toBeVisible();
    const name = path.split("/").at(-1);
    await expectAccessible(page, `${name}-loading`);
    failing.open();
    await expect(page.getByRole("alert").first()).toBeVisible();
    await expectAccessible(page, `${name}-failed`);
    await page.unroute(lists, fail);
  }
  await agent.openLinks();
  const address = await agent.makeLink("axe-shown");
  await expectAccessible(page, "links-shown");
  await agent.panel.getByRole("button", { name: "Revoke" }).click();
  await expectAccessible(page, "links-revoke");
  await page.getByRole("button", { name: "Keep it" }).click();
  await new Customer(await (await browserOf()).newPage()).enter(address);
  await agent.openChat("axe-shown");
  await expectAccessible(page, "chat-desk");
  await page.getByRole("button", { name: "End chat" }).click();
  await expect(page.getByRole("dialog")).toBeVisible();
  await expectAccessible(page, "chat-end-question");
  await page.keyboard.press("Escape");
  await page.goto(`${server.url}/partners/settings`);
  await page.getByRole("button", { name: "Make API key" }).click();
  await expect(page.getByText("Please fill this in.")).toBeVisible();
  await expectAccessible(page, "settings-error");
  await page.getByLabel("What is it for?").fill("Axe");
  await page.getByRole("button", { name: "Make API key" }).click();
  await expect(page.getByLabel("API key", { exact: true })).toHaveValue(/^wg_/);
  await expectAccessible(page, "settings-key");
});

test("what happens by itself is said once, and what only changes its state is silent", async ({
  talk,
  watch,
}) => {
  watch.declare(/./, "ERR_INTERNET_DISCONNECTED");
  let refusals = { next: false };
  const chat = await talk("ears", DESKTOP, async (page) => {
    await listen(page);
    refusals = await refuseOnce(page);
  });
  const { page, thread } = chat;
  await expect(page.locator("[role=status], output, [aria-live=polite]:not([role=log])")).toHaveCount(1);
  await expect(thread.log).toHaveAttribute("aria-live", "polite");
  await heard(page);

  await test.step("a message is said once, and its way to Read not at all", async () => {
    await thread.send("Good morning");
    await thread.status("Good morning", "Read");
    await chat.hear("Good day");
    expect(await heard(page)).toEqual([
      "Today",
      expect.stringMatching(/You ?: Good morning/),
      expect.stringMatching(/: +Good day/),
    ]);
    await thread.send("First of two");
    await thread.status("First of two", "Read");
    await thread.send("Second of two");
    await thread.status("Second of two", "Read");
    expect(await heard(page)).toEqual([
      expect.stringContaining("First of two"),
      expect.stringContaining("Second of two"),
    ]);
  });

  await test.step("the connection goes and comes, each said once", async () => {
    await page.context().setOffline(true);
    const lost = "You are offline. What you write waits here.";
    await expect(page.getByRole("status")).toHaveText(lost);
    await page.context().setOffline(false);
    await expect(page.getByRole("status")).toHaveText("Connected");
    expect((await heard(page)).filter((words) => words === lost || words === "Connected")).toEqual([
      lost,
      "Connected",
    ]);
  });

  await test.step("what can't be sent is said once", async () => {
    refusals.next = true;
    await thread.send("Not this one");
    await expect(thread.log.locator(".message-refused")).toBeVisible();
    await thread.composer.fill("y".repeat(17_000));
    await page.getByRole("button", { name: "Send", exact: true }).click();
    await expect(page.getByRole("alert")).toBeVisible();
    const words = await heard(page);
    for (const reason of ["did not take this", "too long"]) {
      expect(words.filter((each) => each.includes(reason))).toHaveLength(1);
    }
    await thread.composer.fill("");
  });

  await test.step("what stands already is not read out again", async () => {
    await page.reload();
    await expect(thread.message("Second of two")).toBeVisible();
    await expect(thread.log).toHaveAttribute("aria-live", "polite");
    expect((await heard(page)).filter((words) => words.includes("of two"))).toEqual([]);
  });
});

test("the desk says what was copied and what could not be loaded, once", async ({ agent, server, watch }) => {
  const { page } = agent;
  await listen(page);
  await agent.openLinks();
  await expect(page.locator("[role=status], output, [aria-live=polite]:not([role=log])")).toHaveCount(1);
  await heard(page);
  await agent.makeLink();
  await expect(page.getByRole("status")).toHaveText("The link was copied.");
  expect((await heard(page)).filter((words) => words.includes("copied"))).toEqual(["The link was copied."]);
  watch.declare(/\/api\/keys$/, 503);
  await page.route(/\/api\/keys$/, (route) => route.fulfill({ status: 503, json: {} }));
  await page.goto(`${server.url}/partners/settings`);
  await expect(page.getByText("Your API keys could not be loaded.")).toBeVisible();
  const words = await heard(page);
  expect(words.filter((each) => each.includes("API keys could not be loaded"))).toHaveLength(1);
});

const WIDTHS = [
  [320, 640],
  [390, 844],
  [844, 390],
  [768, 1024],
  [1280, 800],
  [1920, 1080],
] as const;

test("from 320 to 1920 px, lying on its side, with large and with spaced text nothing is cut off", async ({
  agent,
  browserOf,
  link,
  server,
  talk,
  watch,
}) => {
  test.setTimeout(300_000);
  watch.declare(/\/api\/me$/, 401);
  watch.declare(/\/secure\/chat\//, 404);
  const chat = await talk("layout-thread");
  await chat.hear("A word from the desk that is long enough for a second line on a phone");
  await chat.thread.send("An answer");
  const stranger = await (await browserOf()).newPage();
  const address = await link("layout-door");
  await agent.openLinks();
  const pages: readonly [string, Page, string, string][] = [
    ["door", stranger, address, "Corner Bakery invites you to a private chat"],
    ["not-found", stranger, `${server.url}/secure/chat/${"B".repeat(22)}`, "Link not found"],
    ["sign-in", stranger, `${server.url}/signin`, "Sign in"],
    ["chat", chat.page, chat.page.url(), "Corner Bakery"],
    ...DESK.map(
      (path) =>
        [path.split("/")[2] ?? "", agent.page, server.url + path, ""] as [string, Page, string, string],
    ),
  ];
  for (const [name, page, url, heading] of pages) {
    await test.step(name, async () => {
      const open = async () => {
        // The same address once more is no load, where it has a fragment.
        await page.goto("about:blank");
        await page.goto(url);
        await expect(
          page.getByRole("heading", { level: 1, ...(heading ? { name: heading } : {}) }),
        ).toBeVisible();
        await expect(page.getByText("Loading…")).toHaveCount(0);
      };
      await open();
      for (const [width, height] of WIDTHS) {
        await page.setViewportSize({ width, height });
        await expectReadable(page, `${name}-${width}`);
      }
      await spaceText(page);
      for (const width of [320, 1280]) {
        await page.setViewportSize({ width, height: 800 });
        await expectReadable(page, `${name}-spaced-${width}`);
      }
      await open();
      await enlargeText(page, 2);
      for (const width of [390, 1280]) {
        await page.setViewportSize({ width, height: 800 });
        await expectReadable(page, `${name}-large-${width}`);
      }
      await enlargeText(page, 1);
    });
  }
});

test("in forced colours the state of a link, buttons, choices and what is open can be told", async ({
  browserOf,
  deskContext,
  link,
  server,
}) => {
  const options = { ...PHONE, forcedColors: "active" } as const;
  const page = await (await browserOf(options)).newPage();
  const customer = new Customer(page);
  await page.goto(await link("forced"));
  await expect(customer.start).toBeEnabled();
  const drawn = (selector: string) =>
    page
      .locator(selector)
      .first()
      .evaluate((element) => {
        const { stroke, borderTopStyle, borderTopColor, backgroundColor } = getComputedStyle(element);
        return { stroke, edge: borderTopStyle === "none" ? "none" : borderTopColor, ground: backgroundColor };
      });
  const wicket = await drawn(".wicket");
  const ground = await drawn("body");
  expect(wicket.stroke).not.toBe(ground.ground);
  const button = await drawn(".button.main");
  expect(button.edge).not.toBe(button.ground);
  await picture(page, "forced-door");
  await customer.start.tap();
  await new Thread(page).send("In two colours");
  await picture(page, "forced-chat");

  const desk = await deskContext.newPage();
  await desk.emulateMedia({ forcedColors: "active" });
  for (const path of DESK) {
    await desk.goto(server.url + path);
    await expect(desk.getByRole("heading", { level: 1 })).toBeVisible();
    await expect(desk.getByText("Loading…")).toHaveCount(0);
    await picture(desk, `forced-${path.split("/")[2]}`);
  }
  await desk.goto(`${server.url}/partners/qrcodes`);
  await expect(desk.getByRole("heading", { level: 1 })).toBeVisible();
  // A choice that is made differs from one that is not by more than its ground.
  const widths = await desk
    .locator("input[type=radio] + span")
    .evaluateAll((spans) =>
      spans.map((span) => [
        (span.previousElementSibling as HTMLInputElement).checked,
        `${getComputedStyle(span).borderTopWidth} ${getComputedStyle(span).outlineStyle}`,
      ]),
    );
  const [chosen, others] = [widths.filter(([on]) => on), widths.filter(([on]) => !on)];
  expect(chosen).toHaveLength(1);
  for (const [, look] of others) expect(look).not.toBe(chosen[0]?.[1]);
  await desk.close();
});

test("nothing moves where motion is reduced", async ({ agent, server, talk }) => {
  const moving = (page: Page) =>
    page.evaluate(() => {
      const slow = (value: string) => value.split(",").some((time) => Number.parseFloat(time) > 0);
      return [...document.querySelectorAll("*")].flatMap((element) =>
        ["", "::before", "::after", "::backdrop"].flatMap((part) => {
          const { animationName, animationDuration, transitionDuration, scrollBehavior } = getComputedStyle(
            element,
            part,
          );
          const moves =
            (animationName !== "none" && slow(animationDuration)) ||
            slow(transitionDuration) ||
            scrollBehavior === "smooth";
          return moves ? [`${element.tagName} ${element.className}${part}`] : [];
        }),
      );
    });
  const { page } = await talk("still", { ...PHONE, reducedMotion: "reduce" });
  expect(await moving(page)).toEqual([]);
  await agent.page.emulateMedia({ reducedMotion: "reduce" });
  for (const path of DESK) {
    await agent.page.goto(server.url + path);
    await expect(agent.page.getByRole("heading", { level: 1 })).toBeVisible();
    expect(await moving(agent.page), path).toEqual([]);
  }
});
