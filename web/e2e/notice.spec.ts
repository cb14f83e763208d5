/** Sound and notifications, as each side chooses: nothing unasked, never a word of what was written. */
import type { Page } from "@playwright/test";
import { Customer } from "./support/people.ts";
import { DESKTOP, expect, PHONE, test } from "./support/talk.ts";

const BUTTON = { name: "Sound and notifications" };

test("the customer switches on notifications: the partner's name and how many, one for the chat, gone when looked at", async ({
  talk,
}) => {
  const chat = await talk("notice-customer", DESKTOP, (page) => page.addInitScript(standIn, "granted"));
  const { page, thread } = chat;
  await test.step("nothing is asked or shown before the press", async () => {
    await thread.loaded();
    await look(page, false);
    await chat.hear("A secret word");
    await expect(page).toHaveTitle(/^\(1\) /);
    expect(await record(page)).toEqual({ asked: 0, shown: [], closed: 0, rung: 1 });
    await look(page, true);
  });
  await page.getByRole("button", BUTTON).click();
  const dialog = page.getByRole("dialog", BUTTON);
  const alerts = dialog.getByRole("checkbox", { name: "Notifications" });
  await alerts.check();
  await expect(alerts).toBeChecked();
  await dialog.getByRole("button", { name: "Close" }).click();
  await expect(page.getByRole("button", BUTTON)).toBeFocused();

  await test.step("while one looks, none", async () => {
    await chat.hear("Seen at once");
    expect((await record(page)).shown).toEqual([]);
  });
  await test.step("while one does not, one for the chat", async () => {
    await look(page, false);
    await chat.hear("Another secret");
    await expect.poll(async () => (await record(page)).shown).toHaveLength(1);
    await chat.hear("And one more");
    await expect.poll(async () => (await record(page)).shown).toHaveLength(2);
    const { shown, asked } = await record(page);
    expect(asked).toBe(1);
    expect(shown.map(({ title }) => title)).toEqual(["1 new message", "2 new messages"]);
    expect(new Set(shown.map(({ tag }) => tag)).size, "the second takes the place of the first").toBe(1);
    for (const { body, silent } of shown) expect([body, silent]).toEqual(["Corner Bakery", true]);
    expect(JSON.stringify(shown)).not.toMatch(/secret|one more/);
  });
  await test.step("looking closes it", async () => {
    await look(page, true);
    await expect.poll(async () => (await record(page)).closed).toBeGreaterThanOrEqual(1);
  });
  await test.step("the choice stays, and is taken back", async () => {
    await page.reload();
    await thread.loaded();
    await page.getByRole("button", BUTTON).click();
    await expect(alerts).toBeChecked();
    await alerts.uncheck();
    await page.keyboard.press("Escape");
    await look(page, false);
    await chat.hear("Quietly");
    await expect(page).toHaveTitle(/^\(1\) /);
    expect((await record(page)).shown).toEqual([]);
  });
});

test("a customer who wants no sound hears none, after a reload as well, and one who wants it hears what it is", async ({
  talk,
}) => {
  const chat = await talk("notice-sound", PHONE, (page) => page.addInitScript(standIn, "granted"));
  const { page, thread } = chat;
  await page.getByRole("button", BUTTON).tap();
  const sound = page.getByRole("dialog").getByRole("checkbox", { name: "Sound" });
  await expect(sound).toBeChecked();
  await sound.uncheck();
  await page.reload();
  await thread.loaded();
  await thread.composer.tap();
  await look(page, false);
  await chat.hear("Without a sound");
  await expect(page).toHaveTitle(/^\(1\) /);
  expect((await record(page)).rung).toBe(0);
  await look(page, true);
  await page.getByRole("button", BUTTON).tap();
  await expect(sound).not.toBeChecked();
  await sound.check();
  await expect.poll(async () => (await record(page)).rung).toBe(1);
});

test("where the browser says no, the page says how to allow it; one that has none does not offer it", async ({
  talk,
}) => {
  const { page } = await talk("notice-denied", PHONE, (page) => page.addInitScript(standIn, "denied"));
  await page.getByRole("button", BUTTON).tap();
  const dialog = page.getByRole("dialog");
  const alerts = dialog.getByRole("checkbox", { name: "Notifications" });
  await expect(alerts).not.toBeChecked();
  await alerts.tap();
  await expect(dialog.getByRole("status")).toHaveText(/Your browser blocks them here\./);
  await expect(alerts).not.toBeChecked();
  const { page: without } = await talk("notice-none", PHONE, (page) =>
    page.addInitScript(() => {
      Reflect.deleteProperty(window, "Notification");
    }),
  );
  await without.getByRole("button", BUTTON).tap();
  await expect(without.getByRole("checkbox", { name: "Sound" })).toBeVisible();
  await expect(without.getByRole("checkbox")).toHaveCount(1);
});

test("the desk notifies of its chats by their names, and a press goes to the chat", async ({
  agent,
  browserOf,
  link,
  server,
}) => {
  const { page } = agent;
  await page.addInitScript(standIn, "granted");
  await page.goto(`${server.url}/partners/settings`);
  const section = page.getByRole("region", BUTTON);
  await section.getByRole("checkbox", { name: "Notifications" }).check();
  await expect(section.getByRole("checkbox", { name: "Notifications" })).toBeChecked();
  const theirs = await new Customer(await (await browserOf(PHONE)).newPage()).enter(
    await link("notice-desk"),
  );
  await theirs.send("Is anybody there?");
  await expect(page.getByRole("link", { name: /^Chats.*unread/ })).toBeVisible();
  await look(page, false);
  await theirs.send("A customer's secret");
  await expect.poll(async () => (await record(page)).shown).toHaveLength(1);
  const [shown] = (await record(page)).shown;
  expect(shown).toMatchObject({ title: "1 new message", body: "notice-desk" });
  await page.evaluate(() => window.standIn.press());
  await look(page, true);
  await expect(page.getByText("A customer's secret")).toBeVisible();
  await expect(page).toHaveURL(/\/partners\/chats\/[\w-]{22}$/);
  await section.page().goto(`${server.url}/partners/settings`);
  await section.getByRole("checkbox", { name: "Notifications" }).uncheck();
});

test("the browser's own notifications work under the page's policy", async ({ talk }) => {
  const { page } = await talk("notice-policy", { ...DESKTOP, permissions: ["notifications"] });
  expect(await page.evaluate(() => Notification.permission)).toBe("granted");
  await page.getByRole("button", BUTTON).click();
  const alerts = page.getByRole("checkbox", { name: "Notifications" });
  // The browser's answer takes its time, however sure it is.
  await alerts.click();
  await expect(alerts).toBeChecked();
});

interface Shown {
  readonly title: string;
  readonly body: string;
  readonly tag: string;
  readonly silent: boolean;
}

interface StandIn {
  asked: number;
  closed: number;
  rung: number;
  readonly shown: Shown[];
  press: () => void;
}

declare const window: Window & { standIn: StandIn };

/** What a page asked of the browser, and what it showed. */
async function record(page: Page): Promise<Omit<StandIn, "press">> {
  return page.evaluate(() => {
    const { asked, shown, closed, rung } = window.standIn;
    return { asked, shown, closed, rung };
  });
}

/** A browser's notifications, with an answer that is known beforehand; a chime is counted by its first note. */
function standIn(answer: string): void {
  const stand: StandIn = { asked: 0, closed: 0, rung: 0, shown: [], press: () => {} };
  const kept = `stand-in ${answer}`;
  class Shows extends EventTarget {
    static get permission() {
      return localStorage.getItem(kept) ?? "default";
    }
    static async requestPermission() {
      stand.asked += 1;
      localStorage.setItem(kept, answer);
      return answer;
    }
    onclick: (() => void) | null = null;
    constructor(title: string, options: Omit<Shown, "title">) {
      super();
      // Before it is allowed, one only tries.
      if (Shows.permission !== "granted") return;
      const { body, tag, silent } = options;
      stand.shown.push({ title, body, tag, silent });
      stand.press = () => this.onclick?.();
    }
    close() {
      if (Shows.permission === "granted") stand.closed += 1;
    }
  }
  const { start } = OscillatorNode.prototype;
  OscillatorNode.prototype.start = function (when?: number) {
    if (this.frequency.value === 660) stand.rung += 1;
    start.call(this, when);
  };
  Object.assign(window, { standIn: stand, Notification: Shows });
}

/** Says that the page comes into sight or leaves it: a browser without a window never does by itself. */
async function look(page: Page, visible: boolean): Promise<void> {
  await page.evaluate(
    (state) => {
      Object.defineProperty(document, "visibilityState", { configurable: true, get: () => state });
      Object.defineProperty(document, "hidden", { configurable: true, get: () => state === "hidden" });
      document.dispatchEvent(new Event("visibilitychange"));
    },
    visible ? "visible" : "hidden",
  );
}
