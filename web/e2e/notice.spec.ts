/** Sound and notifications, as each side chooses: nothing unasked, never a word of what was written. */
import { fakeNotifications, notificationsOf } from "./support/fakeNotifications.ts";
import { DESKTOP, expect, PHONE, test } from "./support/talk.ts";
import { setVisible } from "./support/visibility.ts";

const BUTTON = { name: "Sound and notifications" };

test("the customer switches on notifications: the partner's name and how many, one for the chat, gone when looked at", async ({
  talk,
}) => {
  const chat = await talk("notice-customer", DESKTOP, (page) =>
    page.addInitScript(fakeNotifications, "granted"),
  );
  const { page, thread } = chat;
  await test.step("nothing is asked or shown before the press", async () => {
    await thread.loaded();
    await setVisible(page, false);
    await chat.hear("A secret word");
    await expect(page).toHaveTitle(/^\(1\) /);
    expect(await notificationsOf(page)).toEqual({ asked: 0, shown: [], closed: 0, rung: 1 });
    await setVisible(page, true);
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
    expect((await notificationsOf(page)).shown).toEqual([]);
  });
  await test.step("while one does not, one for the chat", async () => {
    await setVisible(page, false);
    await chat.hear("Another secret");
    await expect.poll(async () => (await notificationsOf(page)).shown).toHaveLength(1);
    await chat.hear("And one more");
    await expect.poll(async () => (await notificationsOf(page)).shown).toHaveLength(2);
    const { shown, asked } = await notificationsOf(page);
    expect(asked).toBe(1);
    expect(shown.map(({ title }) => title)).toEqual(["1 new message", "2 new messages"]);
    expect(new Set(shown.map(({ tag }) => tag)).size, "the second takes the place of the first").toBe(1);
    for (const { body, silent } of shown) expect([body, silent]).toEqual(["Corner Bakery", true]);
    expect(JSON.stringify(shown)).not.toMatch(/secret|one more/);
  });
  await test.step("looking closes it", async () => {
    await setVisible(page, true);
    await expect.poll(async () => (await notificationsOf(page)).closed).toBeGreaterThanOrEqual(1);
  });
  await test.step("the choice stays, and is taken back", async () => {
    await page.reload();
    await thread.loaded();
    await page.getByRole("button", BUTTON).click();
    await expect(alerts).toBeChecked();
    await alerts.uncheck();
    await page.keyboard.press("Escape");
    await setVisible(page, false);
    await chat.hear("Quietly");
    await expect(page).toHaveTitle(/^\(1\) /);
    expect((await notificationsOf(page)).shown).toEqual([]);
  });
});

test("a customer who wants no sound hears none, after a reload as well, and one who wants it hears what it is", async ({
  talk,
}) => {
  const chat = await talk("notice-sound", PHONE, (page) => page.addInitScript(fakeNotifications, "granted"));
  const { page, thread } = chat;
  await page.getByRole("button", BUTTON).tap();
  const sound = page.getByRole("dialog").getByRole("checkbox", { name: "Sound" });
  await expect(sound).toBeChecked();
  await sound.uncheck();
  await page.reload();
  await thread.loaded();
  await thread.composer.tap();
  await setVisible(page, false);
  await chat.hear("Without a sound");
  await expect(page).toHaveTitle(/^\(1\) /);
  expect((await notificationsOf(page)).rung).toBe(0);
  await setVisible(page, true);
  await page.getByRole("button", BUTTON).tap();
  await expect(sound).not.toBeChecked();
  await sound.check();
  await expect.poll(async () => (await notificationsOf(page)).rung).toBe(1);
});

test("where the browser says no, the page says how to allow it; one that has none does not offer it", async ({
  talk,
}) => {
  const { page } = await talk("notice-denied", PHONE, (page) =>
    page.addInitScript(fakeNotifications, "denied"),
  );
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

test("the browser's own notifications work under the page's policy", async ({ talk }) => {
  const { page } = await talk("notice-policy", { ...DESKTOP, permissions: ["notifications"] });
  expect(await page.evaluate(() => Notification.permission)).toBe("granted");
  await page.getByRole("button", BUTTON).click();
  const alerts = page.getByRole("checkbox", { name: "Notifications" });
  // The browser's answer takes its time, however sure it is.
  await alerts.click();
  await expect(alerts).toBeChecked();
});
