/** Details 8, 9, 11, 12, 19, 20, 22 and 23: what a thread shows, and that it never jumps. */
import type { Locator } from "@playwright/test";
import { expect, test } from "./support/talk.ts";

const MINUTE = 60_000;

test("detail 8: a thread sticks to its end, holds what is read with a pill, and an own message goes to the end", async ({
  press,
  talk,
}) => {
  const chat = await talk("detail-8");
  const { page, thread } = chat;
  await chat.hearMany(40, "Line");

  await test.step("at the end, or within 32 px of it, it sticks", async () => {
    expect(await toEnd(thread.log)).toBeLessThanOrEqual(1);
    await scrollTo(thread.log, 30);
    await chat.hear("Near the end");
    await expect.poll(() => toEnd(thread.log)).toBeLessThanOrEqual(1);
    await expect(thread.message("Near the end")).toBeInViewport();
  });

  await test.step("scrolled up further it holds, and a pill counts", async () => {
    await scrollTo(thread.log, 40);
    const before = await firstVisible(thread.log);
    await chat.hear("While you read");
    const pill = page.getByRole("button", { name: "1 new message", exact: true });
    await expect(pill).toBeVisible();
    expectSame(await firstVisible(thread.log), before);
    await expect(thread.message("While you read")).not.toBeInViewport();
    await press(pill);
    await expect(thread.message("While you read")).toBeInViewport();
    await expect(pill).toHaveCount(0);
  });

  await test.step("an own message goes to the end", async () => {
    await scrollTo(thread.log, 600);
    await thread.send("Mine");
    await expect(thread.message("Mine")).toBeInViewport();
    expect(await toEnd(thread.log)).toBeLessThanOrEqual(1);
  });
});

test("detail 9: 50 earlier messages move the first one in sight by 1 px at most", async ({ talk }) => {
  const chat = await talk("detail-9");
  const { page, thread } = chat;
  await chat.hearMany(110, "Line");
  await page.reload();
  const messages = thread.log.locator(".message");
  await expect(messages).toHaveCount(50);
  await expect(thread.message("Line 110")).toBeInViewport();
  const before = await scrollToTop(thread.log);
  await expect(messages).toHaveCount(100);
  expectSame(await place(thread.log, before.cid), before);
});

test("detail 11: messages of three minutes show one time, and Today becomes Yesterday at midnight", async ({
  talk,
}) => {
  const evening = new Date();
  evening.setHours(23, 40, 0, 0);
  // The minutes between the messages are written into what the server says, so that nobody has to wait for them.
  const apart = [0, 1.4 * MINUTE, 2.8 * MINUTE, 10 * MINUTE];
  const chat = await talk("detail-11");
  const { page, thread } = chat;
  for (const words of ["one", "two", "three", "four"]) await chat.hear(words);
  await page.route(/\/api\/chats\/[\w-]+\/messages/, async (route) => {
    const answer = await route.fetch();
    const list = (await answer.json()) as { messages: { at: string }[] };
    for (const [index, message] of list.messages.entries()) {
      message.at = new Date(evening.getTime() + (apart[index] ?? 0)).toISOString();
    }
    await route.fulfill({ response: answer, json: list });
  });
  await page.clock.install({ time: evening.getTime() + 18 * MINUTE });
  await page.reload();
  await expect(thread.message("four")).toBeVisible();
  // A line that is still being made would seem to take minutes.
  await chat.customer.live();
  const timed = thread.log.locator(".message").filter({ has: page.locator("time") });
  await expect(timed).toHaveCount(2);
  await expect(timed.nth(0)).toContainText("three");
  await expect(timed.nth(1)).toContainText("four");

  await expect(thread.log.getByText("Today", { exact: true })).toHaveCount(1);
  await page.clock.fastForward(MINUTE);
  await expect(thread.log.getByText("Today", { exact: true })).toHaveCount(1);
  await page.clock.fastForward(2 * MINUTE);
  await expect(thread.log.getByText("Yesterday", { exact: true })).toHaveCount(1);
  await expect(thread.log.getByText("Today", { exact: true })).toHaveCount(0);
});

test("detail 12: the unread line stands once, where the unread words begin", async ({ talk }) => {
  const chat = await talk("detail-12");
  const { page, thread } = chat;
  await chat.hear("Read at once");
  await page.goto("about:blank");
  chat.say("Said while you were away");
  chat.say("And one more");
  await page.goBack();
  await expect(thread.message("And one more")).toBeVisible();
  const line = thread.log.getByText("New messages", { exact: true });
  await expect(line).toHaveCount(1);
  expect(await order(thread.log)).toEqual([
    "Read at once",
    "New messages",
    "Said while you were away",
    "And one more",
  ]);
  await chat.hear("While you look");
  await expect(line).toHaveCount(0);
  await page.reload();
  await expect(thread.message("While you look")).toBeVisible();
  await expect(line).toHaveCount(0);
});

test("detail 19: long words and addresses wrap, and a lone emoji is big", async ({ talk }) => {
  const chat = await talk("detail-19");
  const { page, thread } = chat;
  await chat.hear("w".repeat(400));
  await chat.hear(`https://example.org/${"u".repeat(380)}`);
  await chat.hear("👍");
  await chat.hear("Fine 👍");
  const narrow = { width: 320, height: 640 };
  for (const { width, height } of [page.viewportSize() ?? narrow, narrow]) {
    await page.setViewportSize({ width, height });
    for (const bubble of await thread.log.locator(".bubble").all()) {
      const box = await bubble.boundingBox();
      expect(box && box.x >= 0 && box.x + box.width <= width).toBe(true);
    }
    expect(await thread.log.evaluate((log) => log.scrollWidth - log.clientWidth)).toBe(0);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
  }
  const size = (text: string) =>
    thread.message(text).evaluate((words) => Number.parseFloat(getComputedStyle(words).fontSize));
  expect(await size("👍")).toBeGreaterThanOrEqual(2 * (await size("Fine 👍")));
});

test("detail 20: only a clean https address is a link, and nothing is fetched by itself", async ({
  talk,
  watch,
}) => {
  const chat = await talk("detail-20");
  const { thread } = chat;
  const plain = [
    "javascript:alert(1)",
    "https://bank.example@evil.example/",
    "https://\u0430pple.example/",
    "https://example.org/\u202egpj.exe",
    "http://example.org/",
  ];
  for (const text of plain) await chat.hear(text);
  await chat.hear("See https://example.org/a?b=1#c.");
  await expect(thread.log.getByRole("link")).toHaveCount(1);
  const link = thread.log.getByRole("link");
  await expect(link).toHaveText("https://example.org/a?b=1#c");
  await expect(link).toHaveAttribute("href", "https://example.org/a?b=1#c");
  await expect(link).toHaveAttribute("rel", "noopener noreferrer");
  // In words from right to left its parts would change places.
  await expect(link).toHaveAttribute("dir", "ltr");
  expect(await thread.texts()).toEqual([...plain, "See https://example.org/a?b=1#c."]);
  expect(watch.requests.filter((request) => /example\.|evil|apple/.test(request))).toEqual([]);
  await expect(thread.log.locator("img, iframe, video, audio, object, embed")).toHaveCount(0);
});

test("detail 22: what is copied is exactly what was said, and what is pasted is plain", async ({
  device,
  talk,
}) => {
  const chat = await talk("detail-22", { ...device, permissions: ["clipboard-write"] });
  const { page, thread } = chat;
  const said = 'Two  spaces, <b>"marks"</b> & co.\n\nAn empty line above; https://example.org/x';
  await thread.send(said);
  await thread.log.focus();
  await thread.message(said).evaluate((words) => getSelection()?.selectAllChildren(words));
  await page.keyboard.press("ControlOrMeta+C");
  await thread.composer.focus();
  await page.keyboard.press("ControlOrMeta+V");
  await expect(thread.composer).toHaveValue(said);

  await thread.composer.fill("");
  await page.evaluate(async () => {
    const html = new Blob(["<h1>Big</h1><img src='/x.png' alt=''>"], { type: "text/html" });
    const text = new Blob(["Big"], { type: "text/plain" });
    await navigator.clipboard.write([new ClipboardItem({ "text/html": html, "text/plain": text })]);
  });
  await thread.composer.press("ControlOrMeta+V");
  await expect(thread.composer).toHaveValue("Big");
  await page.getByRole("button", { name: "Send", exact: true }).click();
  await expect(thread.message("Big")).toBeVisible();
  await expect(thread.log.locator("h1, img")).toHaveCount(0);
});

test("detail 22: a message under the mouse can be copied, exactly, and nothing moves for it", {
  tag: "@desktop",
}, async ({ device, talk }) => {
  const chat = await talk("detail-22-mouse", { ...device, permissions: ["clipboard-write"] });
  const { page, thread } = chat;
  const exact = 'Two  spaces, "marks" & co.\n\nhttps://example.org/x';
  await chat.hear("Another one");
  await thread.send(exact);
  await expect(thread.log.getByRole("button")).toHaveCount(0);
  const text = thread.log.getByRole("button", { name: "Copy text" });
  const before = await heights(thread.log);
  await thread.message(exact).hover();
  await expect(text).toHaveCount(1);
  await expect(text.locator("xpath=ancestor::*[@aria-live][1]")).toHaveAttribute("aria-live", "off");
  const box = await text.boundingBox();
  expect(box && box.width >= 44 && box.height >= 44).toBe(true);
  expect(await heights(thread.log)).toBe(before);
  await text.click();
  await expect(thread.log.getByRole("button", { name: "Text copied" })).toBeVisible();
  await expect(page.getByRole("status")).toHaveText("Text copied");
  expect(await heights(thread.log)).toBe(before);
  await thread.message("Another one").hover();
  await expect(text).toHaveCount(1);
  await thread.composer.click();
  await expect(text).toHaveCount(0);
  await thread.composer.press("ControlOrMeta+V");
  await expect(thread.composer).toHaveValue(exact);
});

test("detail 22: where the clipboard is closed, the words stand selected and nothing says that they were copied", {
  tag: "@desktop",
}, async ({ device, talk }) => {
  const chat = await talk("detail-22-closed", { ...device, permissions: ["clipboard-write"] });
  const { page, thread } = chat;
  await chat.hear("Flat 4, second floor");
  await page.evaluate(() => {
    navigator.clipboard.writeText = () => Promise.reject(new DOMException("closed", "NotAllowedError"));
  });
  await thread.message("Flat 4, second floor").hover();
  await thread.log.getByRole("button", { name: "Copy text" }).click();
  await expect.poll(() => page.evaluate(() => getSelection()?.toString())).toBe("Flat 4, second floor");
  await expect(thread.log.getByRole("button", { name: "Text copied" })).toHaveCount(0);
});

test("detail 22: with the keyboard the newest message in sight is copied, or another by the arrows", {
  tag: "@desktop",
}, async ({ device, talk }) => {
  const chat = await talk("detail-22-keys", { ...device, permissions: ["clipboard-write"] });
  const { page, thread } = chat;
  await chat.hear("First");
  await chat.hear("Second");
  await thread.send("Third");
  await thread.composer.press("Shift+Tab");
  const copy = page.getByRole("button", { name: "Copy text" });
  const holder = thread.log.locator(".message").filter({ has: copy });
  await expect(async () => {
    await page.keyboard.press("Shift+Tab");
    await expect(thread.log).toBeFocused({ timeout: 100 });
  }).toPass();
  await expect(holder).toContainText("Third");
  await expect(async () => {
    await page.keyboard.press("Tab");
    await expect(copy).toBeFocused({ timeout: 100 });
  }).toPass();
  await page.keyboard.press("ArrowUp");
  await expect(holder).toContainText("Second");
  await expect(copy).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("status")).toHaveText("Text copied");
  await page.keyboard.press("Tab");
  await expect(thread.composer).toBeFocused();
  await expect(copy).toHaveCount(0);
  await page.keyboard.press("ControlOrMeta+V");
  await expect(thread.composer).toHaveValue("Second");
});

test("detail 22: on a phone a tap on a message shows Copy, which says so only when it did", {
  tag: "@phone",
}, async ({ device, talk }) => {
  const chat = await talk("detail-22-phone", device, (page) =>
    page.addInitScript(() => {
      const given: string[] = [];
      let refusals = 1;
      Object.defineProperty(navigator, "clipboard", {
        value: {
          async writeText(text: string) {
            if (refusals > 0) {
              refusals -= 1;
              throw new DOMException("no", "NotAllowedError");
            }
            given.push(text);
          },
        },
      });
      Object.assign(window, { given });
    }),
  );
  const { page, thread } = chat;
  const long = `Where do we meet? ${"At the corner, by the old oak. ".repeat(6)}`.trim();
  await chat.hear(long);
  await thread.send("At noon");
  // Its last word: until then the bubble may still grow.
  await thread.status("At noon", "Read");
  const copy = thread.log.getByRole("button", { name: "Copy text" });
  await expect(copy).toHaveCount(0);
  const before = await heights(thread.log);
  await thread.message(long).tap();
  await expect(copy).toBeInViewport({ ratio: 1 });
  await copy.tap();
  await expect(copy, "it was refused").toBeVisible();
  await copy.tap();
  await expect(thread.log.getByRole("button", { name: "Text copied" })).toBeVisible();
  expect(await page.evaluate(() => (window as unknown as { given: string[] }).given)).toEqual([long]);
  await thread.message("At noon").tap();
  await expect(copy).toBeInViewport({ ratio: 1 });
  expect(await heights(thread.log)).toBe(before);
  await thread.log.getByText("Today", { exact: true }).tap();
  await expect(copy).toHaveCount(0);
});

test("detail 23: the log is in the first HTML, holds one node a message, and reads well aloud", async ({
  talk,
}) => {
  const chat = await talk("detail-23");
  const { page, thread } = chat;
  const html = await (await page.request.get(page.url())).text();
  expect(html).toMatch(/<div[^>]* role="log"/);

  await chat.hear("Good morning");
  await thread.send("Hello there");
  await thread.status("Hello there", "Read");
  await expect(thread.log).toHaveAttribute("aria-live", "polite");
  await expect(thread.log).toHaveAttribute("aria-relevant", "additions");
  await expect(thread.log.locator(".message")).toHaveCount(2);
  await expect(thread.log).toMatchAriaSnapshot(`
    - log "Conversation":
      - paragraph: This is the beginning of your chat with Corner Bakery.
      - paragraph: /End-to-end encrypted/
      - paragraph: Today
      - text: "Corner Bakery:"
      - paragraph: Good morning
      - paragraph:
        - time: /\\d+:\\d+/
      - text: "You:"
      - paragraph: Hello there
      - paragraph:
        - time: /\\d+:\\d+/
        - text: Read
  `);
});

test("detail 23: door and desk read well aloud", async ({ agent, customer, link }) => {
  const { page } = customer;
  await page.goto(await link("detail-23-door"));
  await expect(page.getByText("Verified by link")).toBeVisible();
  await expect(page.getByRole("main")).toMatchAriaSnapshot(`
    - main:
      - heading "Corner Bakery invites you to a private chat" [level=1]
      - paragraph: Only you and Corner Bakery can read it. Nothing happens until you press the button.
      - paragraph: This link works once. It expires in 24 hours.
      - button "Start secure chat"
      - paragraph: "Verified by link: this address itself proves that it is Corner Bakery."
  `);
  await agent.openLinks();
  await expect(agent.row("detail-23-door")).toBeVisible();
  await expect(agent.page.getByRole("banner")).toMatchAriaSnapshot(`
    - banner:
      - navigation "Desk":
        - list:
          - listitem:
            - link "Links"
          - listitem:
            - link /Chats/
          - listitem:
            - link "Settings"
  `);
  await expect(agent.page.getByRole("main")).toMatchAriaSnapshot(`
    - main:
      - heading "Links" [level=1]
      - button "Generate Secure Link"
      - group "Valid for":
        - radio "24 hours" [checked]
      - region "Your links":
        - heading "Your links" [level=2]
        - combobox "Show"
        - list "Your links":
          - listitem:
            - paragraph:
              - strong: Valid
            - button "New link to this chat"
            - button "Revoke"
  `);
});

interface Place {
  readonly cid: string;
  /** Pixels from the log's upper edge. */
  readonly top: number;
}

/** Pixels that are left below what is seen. */
function toEnd(log: Locator): Promise<number> {
  return log.evaluate((box) => box.scrollHeight - box.clientHeight - box.scrollTop);
}

/** The size of all that scrolls, and of each bubble. */
function heights(log: Locator): Promise<string> {
  return log.evaluate((box) => {
    const bubbles = [...box.querySelectorAll(".bubble")].map((bubble) => {
      const { x, width, height } = bubble.getBoundingClientRect();
      return [x, width, height];
    });
    return JSON.stringify([box.scrollWidth, box.scrollHeight, bubbles]);
  });
}

/** Scrolls to so many pixels above the end, and waits until the page has taken note. */
async function scrollTo(log: Locator, above: number): Promise<void> {
  await log.evaluate(
    (box, distance) =>
      new Promise<void>((resolve) => {
        box.addEventListener("scrollend", () => resolve(), { once: true });
        box.scrollTop = box.scrollHeight - box.clientHeight - distance;
      }),
    above,
  );
}

/** The first message in sight. */
function firstVisible(log: Locator): Promise<Place> {
  return log.evaluate(visible);
}

/** Scrolls near the top and says, before anything else can happen, what is first in sight. */
async function scrollToTop(log: Locator): Promise<Place> {
  const [place] = await log.evaluate((box) => {
    box.scrollTop = 150;
    const edge = box.getBoundingClientRect().top;
    return [...box.querySelectorAll<HTMLElement>(".message")]
      .map((message) => ({ cid: message.dataset.cid ?? "", box: message.getBoundingClientRect() }))
      .filter((message) => message.box.bottom > edge)
      .map((message) => ({ cid: message.cid, top: message.box.top - edge }));
  });
  if (!place) throw new Error("no message in sight");
  return place;
}

function visible(box: Element): Place {
  const edge = box.getBoundingClientRect().top;
  const messages = [...box.querySelectorAll<HTMLElement>(".message")];
  const first = messages.find((message) => message.getBoundingClientRect().bottom > edge);
  if (!first) throw new Error("no message in sight");
  return { cid: first.dataset.cid ?? "", top: first.getBoundingClientRect().top - edge };
}

/** Where a message is now. */
function place(log: Locator, cid: string): Promise<Place> {
  return log.evaluate((box, name) => {
    const message = box.querySelector(`[data-cid="${name}"]`);
    if (!message) throw new Error("the message is gone");
    return { cid: name, top: message.getBoundingClientRect().top - box.getBoundingClientRect().top };
  }, cid);
}

function expectSame(now: Place, before: Place): void {
  expect(now.cid).toBe(before.cid);
  expect(Math.abs(now.top - before.top)).toBeLessThanOrEqual(1);
}

/** The unread line and the messages in the order in which they stand. */
function order(log: Locator): Promise<string[]> {
  return log.locator(".divider.unread, .message-text").allTextContents();
}
