/** "… is typing", from a customer's page to the desk and back: seen at once, and gone when it is no longer so. */
import { Frames } from "./support/frames.ts";
import type { Thread } from "./support/people.ts";
import { expect, test } from "./support/talk.ts";

/** Milliseconds after which a side that says no more is thought to type no more. */
const FORGOTTEN = 7_000;
/** Sooner than anything is forgotten by itself: what goes in this time, goes because it was said. */
const SOON = { timeout: 5_000 };

/** Who writes, who reads it, and what the reader sees. */
interface Way {
  readonly from: Thread;
  readonly to: Thread;
  readonly words: string;
  /** How the message goes on that begins with "Good". */
  readonly rest: string;
}

test("who types is seen on the other side, until the message comes, it is cleared, or nobody types any more", async ({
  customer,
  link,
  timedAgent: agent,
}) => {
  for (const { page } of [customer, agent]) await page.clock.install();
  const frames = new Frames(agent.page);
  const told = () => frames.count({ type: "typing", typing: true });
  const theirs = await customer.enter(await link("typing"));
  const ours = await agent.openChat("typing");
  // Until a socket has opened the chat, nothing of this is said or heard.
  await customer.live();
  await expect.poll(() => frames.live).toBe(true);
  for (const [name, way] of [
    ["the customer types", { from: theirs, to: ours, words: "The other side is typing…", rest: "morning" }],
    ["the agent types", { from: ours, to: theirs, words: "Corner Bakery is typing…", rest: "day" }],
  ] as const) {
    await test.step(name, () => typeAndStop(way));
  }

  await test.step("whoever goes on typing is seen all the while, and it is not said with every key", async () => {
    const seen = ours.page.getByText("The other side is typing…");
    const before = told();
    await theirs.composer.pressSequentially("I am");
    await expect(seen).toBeVisible();
    expect(told() - before).toBe(1);
    await theirs.page.clock.fastForward(4_000);
    await ours.page.clock.fastForward(4_000);
    await theirs.composer.pressSequentially(" writing");
    await expect.poll(() => told() - before).toBe(2);
    await ours.page.clock.fastForward(4_000);
    await expect(seen).toBeVisible();
  });
});

async function typeAndStop({ from, to, words, rest }: Way): Promise<void> {
  const seen = to.page.getByText(words);
  await expect(seen).toBeHidden();

  await from.composer.pressSequentially("Good");
  await expect(seen).toBeVisible();
  await expect(from.page.getByText(/is typing…/), "nobody sees it of themselves").toBeHidden();
  await from.composer.pressSequentially(` ${rest}`);
  await from.page.getByRole("button", { name: "Send", exact: true }).click();
  await expect(to.message(`Good ${rest}`)).toBeVisible();
  await expect(seen, "the message is there").toBeHidden(SOON);

  await from.composer.pressSequentially("No");
  await expect(seen).toBeVisible();
  await from.composer.press("ControlOrMeta+A");
  await from.composer.press("Delete");
  await expect(seen, "nothing stands in the box any more").toBeHidden(SOON);

  await from.composer.pressSequentially("Half a");
  await expect(seen).toBeVisible();
  await from.page.clock.fastForward(5_000);
  await expect(seen, "no key is pressed any more").toBeHidden(SOON);

  await from.composer.pressSequentially(" word");
  await expect(seen).toBeVisible();
  await to.page.clock.fastForward(FORGOTTEN);
  await expect(seen, "nothing is heard any more").toBeHidden({ timeout: 2_000 });
  await from.composer.fill("");
}
