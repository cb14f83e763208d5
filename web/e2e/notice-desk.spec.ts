/** The desk's notifications, where nobody else reads what customers write. */

import { fakeNotifications, notificationsOf } from "./support/fakeNotifications.ts";
import { Customer, connected } from "./support/people.ts";
import { expect, PHONE, test } from "./support/talk.ts";
import { setVisible } from "./support/visibility.ts";

test.use({ alone: true });

test("the desk notifies of its chats by their names, and a press goes to the chat", async ({
  agent,
  browserOf,
  link,
  server,
}) => {
  const { page } = agent;
  await page.addInitScript(fakeNotifications, "granted");
  await page.goto(`${server.url}/partners/settings`);
  await connected(page);
  const section = page.getByRole("region", { name: "Sound and notifications" });
  await section.getByRole("checkbox", { name: "Notifications" }).check();
  await expect(section.getByRole("checkbox", { name: "Notifications" })).toBeChecked();
  await page.getByRole("link", { name: /^Chats/ }).click();
  const theirs = await new Customer(await (await browserOf(PHONE)).newPage()).enter(
    await link("notice-desk"),
  );
  await theirs.send("Is anybody there?");
  // Other chats may have something unread from before.
  await expect(page.getByRole("link", { name: "notice-desk" })).toContainText("Wrote");
  await setVisible(page, false);
  await theirs.send("A customer's secret");
  await expect.poll(async () => (await notificationsOf(page)).shown).toHaveLength(1);
  const [shown] = (await notificationsOf(page)).shown;
  expect(shown).toMatchObject({ title: "1 new message", body: "notice-desk" });
  await page.evaluate(() => window.fakeNotifications.press());
  await setVisible(page, true);
  await expect(page.getByText("A customer's secret")).toBeVisible();
  await expect(page).toHaveURL(/\/partners\/chats\/[\w-]{22}$/);
  await section.page().goto(`${server.url}/partners/settings`);
  await section.getByRole("checkbox", { name: "Notifications" }).uncheck();
});

test("what customers wrote while the connection was down is told of when it is back", async ({
  browserOf,
  link,
  timedAgent: agent,
  watch,
}) => {
  const { page } = agent;
  const customers = [];
  for (const chat of ["gone-first", "gone-second"]) {
    const customer = new Customer(await (await browserOf(PHONE)).newPage());
    customers.push(await customer.enter(await link(chat)));
  }
  await page.addInitScript(fakeNotifications, "granted");
  await page.goto(`${agent.server.url}/partners/settings`);
  await connected(page);
  await page.getByRole("checkbox", { name: "Notifications" }).check();
  await setVisible(page, false);
  watch.declare(/./, "ERR_INTERNET_DISCONNECTED");
  await page.context().setOffline(true);
  for (const thread of customers) {
    await thread.send("Is anybody there?");
    await thread.sent("Is anybody there?");
  }
  await page.context().setOffline(false);
  const bodies = async () => (await notificationsOf(page)).shown.map(({ body }) => body).sort();
  await expect.poll(bodies).toEqual(["gone-first", "gone-second"]);
  await expect(page).toHaveTitle(/^\(2\) /);
});
