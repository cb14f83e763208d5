/** A very long chat: open at once, and read back without a jump, in a page that holds little of it. */
import type { Page } from "@playwright/test";
import { translated } from "./support/catalogue.ts";
import { Latch } from "./support/latch.ts";
import type { Thread } from "./support/people.ts";
import { DESKTOP, expect, PHONE, type Talk, test } from "./support/talk.ts";
import type { Watch } from "./support/watch.ts";

const COUNT = 3_000;
/** Messages that may stand in the page at once. */
const MOST = 300;

test("a chat of 3,000 messages opens at its end and is read back without a jump", async ({
  talk,
  agent,
  watch,
}) => {
  test.setTimeout(240_000);
  const chat = await talk("long", PHONE);
  await test.step("while they come, the page keeps a hundred", () => fill(chat));

  await test.step("the customer's page opens with one page of them", async () => {
    const asked = asksOf(watch);
    await chat.page.reload();
    await expect(chat.thread.message(`Line ${COUNT}`)).toBeInViewport();
    await chat.thread.composer.fill("I can write");
    await expect(chat.thread.composer).toHaveValue("I can write");
    expect(asksOf(watch) - asked).toBeLessThanOrEqual(2);
    await readBack(chat.thread, 400);
  });

  await test.step("the desk reads back 1,500", async () => {
    const before = asksOf(watch);
    await agent.page.setViewportSize({ width: 1280, height: 800 });
    const thread = await agent.openChat("long");
    await expect(thread.message(`Line ${COUNT}`)).toBeInViewport();
    expect(asksOf(watch) - before).toBeLessThanOrEqual(2);
    await readBack(thread, 1_500);
  });
});

test("the keys alone read a long chat back and go to its end", async ({ talk }) => {
  const chat = await talk("long-keys", DESKTOP);
  const { page, thread } = chat;
  await chat.hearMany(220, "Line");
  await page.reload();
  await expect(thread.message("Line 220")).toBeInViewport();
  await thread.log.focus();
  await expect(async () => {
    await page.keyboard.press("Home");
    await expect(page.getByText("This is the beginning of your chat")).toBeInViewport({ timeout: 100 });
  }).toPass();
  await expect(thread.message("Line 1")).toBeInViewport();
  await expect(thread.log).toBeFocused();
  await page.keyboard.press("End");
  await expect(thread.message("Line 220")).toBeInViewport();
  await expect(page.getByRole("button", { name: "Go to the newest message" })).toHaveCount(0);
  // All of it is loaded now, though the page holds its end: one press goes to the very top.
  await page.keyboard.press("Home");
  await expect(thread.message("Line 1")).toBeInViewport();
  await page.getByRole("button", { name: "Go to the newest message" }).press("Enter");
  await expect(thread.message("Line 220")).toBeInViewport();
});

test("another language, chosen at the beginning of a long chat, leaves the reader there", async ({
  talk,
}) => {
  const chat = await talk("long-language", DESKTOP);
  const { page, thread } = chat;
  await chat.hearMany(220, "Line");
  await page.reload();
  await expect(thread.message("Line 220")).toBeInViewport();
  await thread.send("Mine");
  await thread.log.focus();
  const list = page.getByRole("combobox");
  await expect(async () => {
    await page.keyboard.press("Home");
    await expect(list).toBeInViewport({ timeout: 100 });
  }).toPass();
  await list.selectOption("Deutsch");
  await expect(
    page.getByRole("textbox", { name: translated("de/customer", "composer.label"), exact: true }),
  ).toBeVisible();
  await expect(list).toBeFocused();
  await expect(list).toBeInViewport();
  await expect(thread.message("Line 1")).toBeInViewport();
});

test("a reader who waits at the top is given the page that comes", async ({ talk }) => {
  const chat = await talk("long-waiting", DESKTOP);
  const { page, thread } = chat;
  await chat.hearMany(320, "Line");
  const waiting = new Latch();
  await page.route(/\/messages\?.*before=171\b/, async (route) => {
    await waiting.opened;
    await route.continue();
  });
  await page.reload();
  await expect(thread.message("Line 320")).toBeInViewport();
  await thread.log.focus();
  await expect(async () => {
    await page.keyboard.press("Home");
    await expect(thread.message("Line 171")).toBeInViewport({ timeout: 100 });
  }).toPass();
  await expect(page.getByRole("button", { name: "Loading earlier messages" })).toBeVisible();
  waiting.open();
  await expect(thread.message("Line 121")).toBeAttached();
});

/** Says it all while the customer looks on. */
async function fill(chat: Talk): Promise<void> {
  for (let number = 1; number <= COUNT; number += 1) chat.say(`Line ${number}`);
  const messages = chat.thread.log.locator(".message");
  await expect(async () => {
    expect(await messages.count()).toBeLessThanOrEqual(MOST);
    await expect(chat.thread.message(`Line ${COUNT}`)).toBeVisible({ timeout: 500 });
  }).toPass({ timeout: 180_000 });
  expect(await messages.count()).toBe(100);
}

/** Turns the wheel until this many messages lie between the reader and the end, and goes back there. */
async function readBack(thread: Thread, goal: number): Promise<void> {
  const { page, log } = thread;
  await log.focus();
  await log.hover();
  await turn(page, -200);
  await expect(page.getByRole("button", { name: "Go to the newest message" })).toBeVisible();
  let oldest = COUNT;
  while (oldest > COUNT - goal) {
    // Whoever turns faster than pages come stands at the top of what is loaded, until more is there.
    await expect.poll(() => log.evaluate((element) => element.scrollTop)).toBeGreaterThan(0);
    const step = await turn(page, -600);
    expect(step.moved, `at ${step.first}`).toBeGreaterThanOrEqual(step.least - 1);
    expect(step.moved, `at ${step.first}`).toBeLessThanOrEqual(601);
    expect(step.messages).toBeLessThanOrEqual(MOST);
    expect(step.focused).toBe(true);
    oldest = Number(step.first.replace("Line ", ""));
  }
  await page.getByRole("button", { name: "Go to the newest message" }).click();
  await expect(thread.message(`Line ${COUNT}`)).toBeInViewport();
  expect(await log.locator(".message").count()).toBeLessThanOrEqual(MOST);
}

interface Turn {
  /** Pixels by which what was in sight has moved down. */
  readonly moved: number;
  /** The least of what it had to be: earlier messages that come in may stop the wheel, and so does their lack. */
  readonly least: number;
  /** The words of the first message in sight. */
  readonly first: string;
  readonly messages: number;
  readonly focused: boolean;
}

/** Turns the wheel once, and says what became of what was in sight. */
async function turn(page: Page, pixels: number): Promise<Turn> {
  // What is in sight is noted, and the end of the scroll awaited, before the wheel turns.
  const noted = await page.evaluateHandle((wanted) => {
    const log = document.querySelector("[role=log]") as HTMLElement;
    const edge = log.getBoundingClientRect().top;
    const bottom = (element: Element) => element.getBoundingClientRect().bottom;
    const all = () => [...log.querySelectorAll(".message")];
    const anchor = all().find((element) => bottom(element) > edge) as Element;
    const before = bottom(anchor);
    const room = log.scrollTop;
    const oldest = all()[0];
    const turned = new Promise<Turn>((resolve) => {
      let [wheeled, still] = [false, 0];
      const settled = () => {
        const first = all().find((element) => bottom(element) > edge) as Element;
        resolve({
          moved: bottom(anchor) - before,
          least: all()[0] === oldest ? Math.min(wanted, room) : 0,
          first: first.querySelector(".message-text")?.textContent ?? "",
          messages: all().length,
          focused: document.activeElement === log,
        });
      };
      // What is loaded on the way ends in a scroll too: all rests once some frames bring nothing more.
      const frame = () => {
        still += wheeled ? 1 : 0;
        if (still > 3) settled();
        else requestAnimationFrame(frame);
      };
      const moving = () => {
        still = 0;
      };
      log.addEventListener("scroll", moving);
      log.addEventListener("scrollend", () => requestAnimationFrame(frame), { once: true });
      log.addEventListener(
        "wheel",
        () => {
          wheeled = true;
        },
        { once: true, passive: true },
      );
    });
    return { turned };
  }, Math.abs(pixels));
  await page.mouse.wheel(0, pixels);
  return noted.evaluate(({ turned }) => turned);
}

/** How often messages were asked for. */
function asksOf(watch: Watch): number {
  return watch.requests.filter((request) => /^GET \S+\/messages\b/.test(request)).length;
}
