/** Detail 8: a thread stays where its reader is, also when its size changes under them. */
import type { Thread } from "./support/people.ts";
import { expect, test } from "./support/test.ts";

test("detail 8: a new size of the thread does not count as scrolling away from its end", async ({
  agent,
  customer,
}) => {
  await agent.openLinks();
  await customer.page.setViewportSize({ width: 390, height: 420 });
  const theirs = await customer.enter(await agent.makeLink("new-size"));
  for (let number = 1; number <= 8; number++) await theirs.send(`Line ${number}`);
  // The browser tells of the scrolling first, and only then of the size that came in the same frame.
  await theirs.log.evaluate((scroller: HTMLElement) => {
    const content = scroller.firstElementChild as HTMLElement;
    scroller.scrollTop -= 1;
    content.style.paddingBlockEnd = "400px";
    return new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
  });
  expect(await fromEnd(theirs)).toBeLessThanOrEqual(1);
  await expect(customer.page.getByRole("button", { name: "Go to the newest message" })).toHaveCount(0);
});

test("detail 8: after their own message a reader can scroll up, and stays there", async ({
  agent,
  customer,
  press,
}) => {
  await agent.openLinks();
  await customer.page.setViewportSize({ width: 390, height: 420 });
  const theirs = await customer.enter(await agent.makeLink("scrolled-up"));
  for (let number = 1; number <= 12; number++) await theirs.send(`Line ${number}`);
  await theirs.log.hover();
  await customer.page.mouse.wheel(0, -200);
  await expect(customer.page.getByRole("button", { name: "Go to the newest message" })).toBeVisible();
  await expect.poll(() => fromEnd(theirs)).toBeGreaterThan(100);
  await press(customer.page.getByRole("button", { name: "Go to the newest message" }));
  await expect.poll(() => fromEnd(theirs)).toBeLessThanOrEqual(1);
});

/** Pixels between what is seen and the end. */
function fromEnd({ log }: Thread): Promise<number> {
  return log.evaluate((it) => it.scrollHeight - it.clientHeight - it.scrollTop);
}
