/** What is loaded of a long chat while somebody reads back is no news: nobody hears it. */
import { heard, listen } from "./support/liveRegions.ts";
import type { Thread } from "./support/people.ts";
import { DESKTOP, expect, test } from "./support/talk.ts";

const COUNT = 120;

test("earlier messages that are loaded while one reads back are silent, and what comes meanwhile is heard", async ({
  talk,
  timedAgent: agent,
}) => {
  const chat = await talk("silent-history", DESKTOP, listen);
  await chat.hearMany(COUNT, "Line");
  await chat.page.reload();
  await test.step("on the customer's page", () => readBack(chat.thread));
  await chat.hear("Still there?");
  expect((await heard(chat.page)).filter((words) => words.includes("Still there?"))).toHaveLength(1);

  await listen(agent.page);
  const ours = await agent.openChat("silent-history");
  await test.step("on the desk", () => readBack(ours));
  await chat.thread.send("I am");
  await expect(ours.log.locator(".message").filter({ hasText: "I am" })).toHaveCount(1);
  await expect
    .poll(async () => (await heard(agent.page)).filter((words) => words.includes("I am")))
    .toHaveLength(1);
});

/** Goes back to the very first message, and makes sure that no message is heard on the way. */
async function readBack(thread: Thread): Promise<void> {
  const { page, log } = thread;
  await expect(thread.message(`Line ${COUNT}`)).toBeVisible();
  await expect(log).toHaveAttribute("aria-live", "polite");
  await heard(page);
  await expect(thread.message("Line 1")).toHaveCount(0);
  await log.focus();
  await expect(async () => {
    await page.keyboard.press("Home");
    await expect(thread.message("Line 1")).toBeInViewport({ timeout: 100 });
  }).toPass();
  await expect(log, "from now on there is news again").toHaveAttribute("aria-live", "polite");
  expect((await heard(page)).filter((words) => /Line \d/.test(words))).toEqual([]);
}
