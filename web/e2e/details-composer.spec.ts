/** Details 6, 7, 16, 17 and 18: where one writes. */
import type { Page } from "@playwright/test";
import { expectReadable } from "./support/accessibility.ts";
import { draftsKept } from "./support/drafts.ts";
import { expect, type Talk, test } from "./support/talk.ts";

test("detail 6: above a keyboard that makes the page shorter, header, last message and composer are in sight", async ({
  press,
  talk,
}) => {
  const chat = await talk("detail-6");
  await chat.hearMany(20, "Line");
  await press(chat.thread.composer);
  await chat.page.setViewportSize({ width: 390, height: 420 });
  await inSight(chat, "Line 20", 0, 420);
  await expect(chat.thread.composer).toBeFocused();
});

test("detail 6: above a keyboard that only covers the page, as on iOS, the same are in sight", {
  tag: "@phone",
}, async ({ device, talk }) => {
  const chat = await talk("detail-6-covered", device, (page) => page.addInitScript(fakeViewport));
  await chat.hearMany(20, "Line");
  await chat.thread.composer.tap();
  await inSight(chat, "Line 20", 0, 844);
  await cover(chat.page, "resize", { height: 420 });
  expect(await chat.page.evaluate(() => innerHeight)).toBe(844);
  await inSight(chat, "Line 20", 0, 420);
  // It also moves what is in sight down the page, so that the field stands above the keyboard.
  await cover(chat.page, "scroll", { offsetTop: 120 });
  await inSight(chat, "Line 20", 120, 540);
  await chat.hear("While one writes");
  await inSight(chat, "While one writes", 120, 540);
  await expect(chat.thread.composer).toBeFocused();
});

test("detail 7: a chat of 320 px does not scroll sideways, and its composer has 16 px or more", async ({
  talk,
}) => {
  const chat = await talk("detail-7");
  const { page, thread } = chat;
  await chat.hear("w".repeat(400));
  await thread.send(`https://example.org/${"u".repeat(380)}`);
  await page.setViewportSize({ width: 320, height: 640 });
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(320);
  await expectReadable(page, "chat-320");
  // Below 16 px, a phone zooms in on what is written.
  const size = await thread.composer.evaluate((box) => Number.parseFloat(getComputedStyle(box).fontSize));
  expect(size).toBeGreaterThanOrEqual(16);
  const zoom = await page.locator("meta[name=viewport]").getAttribute("content");
  expect(zoom).not.toMatch(/user-scalable|maximum-scale/);
});

test("detail 16: Enter sends with a mouse, and Shift+Enter breaks the line", {
  tag: "@desktop",
}, async ({ talk }) => {
  const { thread } = await talk("detail-16-mouse");
  await thread.composer.fill("one");
  await thread.composer.press("Shift+Enter");
  await thread.composer.pressSequentially("two");
  await expect(thread.composer).toHaveValue("one\ntwo");
  await thread.composer.press("Enter");
  await expect(thread.message("one two")).toBeVisible();
  await expect(thread.composer).toHaveValue("");
  expect(await thread.texts()).toEqual(["one\ntwo"]);
});

test("detail 16: Enter breaks the line with a finger", { tag: "@phone" }, async ({ talk }) => {
  const { page, thread } = await talk("detail-16-finger");
  await thread.composer.tap();
  await thread.composer.pressSequentially("one");
  await thread.composer.press("Enter");
  await thread.composer.pressSequentially("two");
  await expect(thread.composer).toHaveValue("one\ntwo");
  await expect(thread.composer).toHaveAttribute("enterkeyhint", "enter");
  await page.getByRole("button", { name: "Send", exact: true }).tap();
  await expect(thread.message("one two")).toBeVisible();
  expect(await thread.texts()).toEqual(["one\ntwo"]);
});

test("detail 16: an input method's Enter never sends", async ({ press, talk }) => {
  const { page, thread } = await talk("detail-16-method");
  await press(thread.composer);
  const keyboard = await page.context().newCDPSession(page);
  await test.step("while it composes", async () => {
    await keyboard.send("Input.imeSetComposition", { text: "にほん", selectionStart: 3, selectionEnd: 3 });
    await expect(thread.composer).toHaveValue("にほん");
    const enter = { key: "Enter", code: "Enter", windowsVirtualKeyCode: 13 } as const;
    await keyboard.send("Input.dispatchKeyEvent", { type: "rawKeyDown", ...enter });
    await keyboard.send("Input.dispatchKeyEvent", { type: "keyUp", ...enter });
    await keyboard.send("Input.insertText", { text: "日本" });
    await expect(thread.composer).toHaveValue("日本");
  });
  await test.step("where only keyCode 229 tells, as in Safari", async () => {
    const enter = { key: "Enter", code: "Enter", windowsVirtualKeyCode: 229 } as const;
    await keyboard.send("Input.dispatchKeyEvent", { type: "rawKeyDown", ...enter });
    await keyboard.send("Input.dispatchKeyEvent", { type: "keyUp", ...enter });
    await expect(thread.composer).toHaveValue("日本");
  });
  await press(page.getByRole("button", { name: "Send", exact: true }));
  await expect(thread.message("日本")).toBeVisible();
  expect(await thread.texts()).toEqual(["日本"]);
});

test("detail 17: the composer grows from 1 to 6 lines, and keeps the focus after Send", async ({
  press,
  talk,
}) => {
  const { page, thread } = await talk("detail-17");
  const height = async () => (await thread.composer.boundingBox())?.height ?? 0;
  await press(thread.composer);
  const heights = [await height()];
  for (let line = 1; line <= 8; line += 1) {
    await thread.composer.pressSequentially(`${line}`);
    if (line > 1) heights.push(await height());
    if (line < 8) await thread.composer.press("Shift+Enter");
  }
  await expect(thread.composer).toHaveValue("1\n2\n3\n4\n5\n6\n7\n8");
  const [one = 0, two = 0, three = 0, four = 0, five = 0, six = 0, seven = 0, eight = 0] = heights;
  for (const [less, more] of [
    [one, two],
    [two, three],
    [three, four],
    [four, five],
    [five, six],
  ] as const) {
    expect(more).toBeGreaterThan(less);
  }
  expect([seven, eight]).toEqual([six, six]);

  await press(page.getByRole("button", { name: "Send", exact: true }));
  await expect(thread.log.locator(".message")).toHaveCount(1);
  await expect(thread.composer).toBeFocused();
  expect(await height()).toBe(one);
});

test("detail 18: a draft survives a reload and is gone when the chat ends", async ({ talk, watch }) => {
  const { page, thread } = await talk("detail-18");
  await thread.composer.fill("Half a sent");
  await expect.poll(() => draftsKept(page)).toBe(1);
  await page.reload();
  await expect(thread.composer).toHaveValue("Half a sent");

  watch.declare(/\/api\/chats\/[^/]+\//, 410);
  await page.getByRole("button", { name: "End chat" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "End chat" }).click();
  await expect(page.getByText("You ended this chat.").first()).toBeVisible();
  await expect.poll(() => draftsKept(page)).toBe(0);
  await page.reload();
  await expect(page.getByText("You ended this chat.").first()).toBeVisible();
  await expect(page.getByText("Half a sent")).toHaveCount(0);
});

/** Makes sure that header, last message and composer stand whole between two heights of the page. */
async function inSight({ page, thread }: Talk, last: string, top: number, bottom: number): Promise<void> {
  for (const part of [
    page.getByRole("heading", { name: "Corner Bakery" }),
    thread.message(last),
    thread.composer,
    page.getByRole("button", { name: "Send", exact: true }),
  ]) {
    await expect(part).toBeInViewport({ ratio: 1 });
    await expect(async () => {
      const { y = -1, height = 0 } = (await part.boundingBox()) ?? {};
      expect(y, `${part}`).toBeGreaterThanOrEqual(top);
      expect(y + height, `${part}`).toBeLessThanOrEqual(bottom);
    }).toPass({ timeout: 5_000 });
  }
}

/** What a browser says of the part of the page that is in sight, where a keyboard does not change the page's size. */
function fakeViewport(): void {
  const stand = Object.assign(new EventTarget(), { width: 390, height: 844, offsetTop: 0, scale: 1 });
  Object.defineProperty(window, "visualViewport", { value: stand });
}

/** Changes what is in sight, and tells the page. */
async function cover(
  page: Page,
  event: "resize" | "scroll",
  seen: { readonly height?: number; readonly offsetTop?: number },
): Promise<void> {
  await page.evaluate(
    ([name, now]) => {
      Object.assign(visualViewport ?? {}, now);
      visualViewport?.dispatchEvent(new Event(name));
    },
    [event, seen] as const,
  );
}
