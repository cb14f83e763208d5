/** The desk's notifications, where nobody else reads what customers write. */
import { Customer } from "./support/people.ts";
import { look, record, standIn } from "./support/standIn.ts";
import { expect, PHONE, test } from "./support/talk.ts";

test.use({ alone: true });

test("the desk notifies of its chats by their names, and a press goes to the chat", async ({
  agent,
  browserOf,
  link,
  server,
}) => {
  const { page } = agent;
  await page.addInitScript(standIn, "granted");
  await page.goto(`${server.url}/partners/settings`);
  const section = page.getByRole("region", { name: "Sound and notifications" });
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
