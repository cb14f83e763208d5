/** What went wrong by itself stands on the page, for those who see it, and is said to those who hear it. */
import { translated } from "./support/catalogue.ts";
import { expect, test } from "./support/talk.ts";
import { setVisible } from "./support/visibility.ts";

test("a message that can't be copied is selected, and a hint says so; nothing moves for it", async ({
  talk,
}) => {
  const chat = await talk("hint-copy");
  const { page, thread } = chat;
  await chat.hear("Flat 4, second floor");
  await page.evaluate(() => {
    navigator.clipboard.writeText = () => Promise.reject(new DOMException("closed", "NotAllowedError"));
  });
  await thread.message("Flat 4, second floor").hover();
  const before = await thread.log.evaluate((log) => log.scrollHeight);
  await thread.log.getByRole("button", { name: "Copy text" }).click();
  const hint = "The text is selected: copy it by hand.";
  await expect(thread.log.getByText(hint)).toBeInViewport({ ratio: 0.99 });
  await expect(page.getByRole("status")).toHaveText(hint);
  expect(await page.evaluate(() => getSelection()?.toString())).toBe("Flat 4, second floor");
  expect(await thread.log.evaluate((log) => log.scrollHeight)).toBe(before);
  await thread.composer.click();
  await expect(thread.log.getByText(hint)).toHaveCount(0);
});

test("a picture that the browser does not make leaves a way to have it", async ({ agent }) => {
  const { page, panel } = agent;
  await agent.openLinks();
  await agent.makeLink();
  await page.evaluate(() => {
    HTMLCanvasElement.prototype.toBlob = (callback) => callback(null);
  });
  await panel.getByRole("button", { name: "Save as PNG" }).click();
  await expect(panel).toContainText("The browser did not make the picture. Save it as SVG.");
});

test("a language that can't be had says so beside the list, until it can", async ({ talk, watch }) => {
  watch.declare(/\/assets\/ja\.customer-/, "ERR_FAILED");
  const { page } = await talk("hint-language");
  await page.route(/\/assets\/ja\.customer-/, (route) => route.abort());
  const list = page.getByRole("combobox");
  await list.selectOption("日本語");
  const hint = page.getByRole("main").getByText(translated("en/customer", "fault.network"));
  await expect(hint).toBeVisible();
  await expect(list).toHaveValue("en");
  await list.selectOption("Deutsch");
  await expect(
    page.getByRole("textbox", { name: translated("de/customer", "composer.label") }),
  ).toBeVisible();
  await expect(hint).toHaveCount(0);
});

test("a page that comes out of the back-forward cache is looked at, though nothing else tells of it", async ({
  talk,
}) => {
  const chat = await talk("hint-back");
  const { page } = chat;
  const title = await page.title();
  await setVisible(page, false);
  await chat.hear("While you were on another page");
  await expect(page).toHaveTitle(`(1) ${title}`);
  await setVisible(page, true, "pageshow");
  await expect(page).toHaveTitle(title);
  await expect(page.getByText("New messages", { exact: true })).toBeVisible();
  await chat.hear("Seen as it comes");
  await expect(page.getByText("New messages", { exact: true })).toHaveCount(0);
});
