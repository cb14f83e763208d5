/** Details 10, 24 and 25: the desk's list, what a page does while nobody looks, and that it is open to everyone. */
import type { Page } from "@playwright/test";
import { Customer } from "./support/people.ts";
import { expect, test } from "./support/talk.ts";
import { setVisible } from "./support/visibility.ts";

test("detail 10: a row changes within a second, and what is being typed keeps the focus", async ({
  agent,
  customer,
  link,
  press,
}) => {
  await agent.openLinks();
  await customer.look(await link("detail-10"));
  const row = agent.row("detail-10");
  await expect(row).toContainText("Valid", { timeout: 1_000 });
  await expect(customer.start).toBeEnabled();
  await agent.page.getByText("Options", { exact: true }).click();
  const label = agent.page.getByLabel("Label");
  await label.pressSequentially("Table");
  await press(customer.start);
  await customer.thread();
  await expect(row).toContainText("Used", { timeout: 1_000 });
  await expect(label).toBeFocused();
  await label.pressSequentially(" 4");
  await expect(label).toHaveValue("Table 4");
});

test("detail 10: Copy says Copied only when something was copied", async ({ agent }) => {
  await agent.page.addInitScript(() => {
    const refuse = () => Promise.reject(new DOMException("no", "NotAllowedError"));
    Object.assign(Clipboard.prototype, { write: refuse, writeText: refuse });
  });
  await agent.openLinks();
  const address = await agent.makeLink("detail-10-copy");
  await expect(agent.panel.getByText("The browser did not let us copy.")).toBeVisible();
  const copy = agent.panel.getByRole("button", { name: "Copy", exact: true });
  await copy.click();
  await expect(agent.panel.getByText("The browser did not let us copy.")).toBeVisible();
  await expect(agent.panel.getByRole("button", { name: "Copied" })).toHaveCount(0);
  const selected = await agent.panel
    .getByLabel("Link address")
    .evaluate((box: HTMLInputElement) => box.value.slice(box.selectionStart ?? 0, box.selectionEnd ?? 0));
  expect(selected).toBe(address);
});

test("detail 24: while nobody looks, title and favicon count, a sound is heard after a gesture, and no words leak", async ({
  device,
  talk,
}) => {
  const chat = await talk("detail-24", device, async (page) => page.addInitScript(countSounds));
  const { page, thread } = chat;
  const icon = page.locator("link[rel~=icon]");
  const [title, read] = [await page.title(), await icon.getAttribute("href")];
  expect(title).toBe("Private chat with Corner Bakery");

  await test.step("without a gesture on this page, silently", async () => {
    await page.reload();
    await thread.loaded();
    await setVisible(page, false);
    await chat.hear("A secret word");
    await expect(page).toHaveTitle(`(1) ${title}`);
    expect(await sounds(page)).toBe(0);
    await chat.hear("Another one");
    await expect(page).toHaveTitle(`(2) ${title}`);
    expect(await icon.getAttribute("href")).not.toBe(read);
  });
  await test.step("looking makes it good", async () => {
    await setVisible(page, true);
    await expect(page).toHaveTitle(title);
    await expect(icon).toHaveAttribute("href", read ?? "");
  });
  await test.step("after a gesture, with a sound; none while one looks", async () => {
    await thread.composer.click();
    await chat.hear("Seen at once");
    await expect(page).toHaveTitle(title);
    expect(await sounds(page)).toBe(0);
    await setVisible(page, false);
    await chat.hear("Heard");
    await expect(page).toHaveTitle(`(1) ${title}`);
    await expect.poll(() => sounds(page)).toBeGreaterThan(0);
  });
});

test("detail 25: forced colours keep every outline and shape", async ({ device, talk }) => {
  const chat = await talk("detail-25-forced", { ...device, forcedColors: "active" });
  const { page, thread } = chat;
  await thread.send("In two colours");
  await thread.status("In two colours", "Read");
  // A key makes the focus one that shows.
  await page.keyboard.press("Tab");
  for (const place of [page.getByRole("button", { name: "End chat" }), thread.composer]) {
    await place.focus();
    const { style, width } = await place.evaluate((element) => {
      const { outlineStyle, outlineWidth } = getComputedStyle(element);
      return { style: outlineStyle, width: Number.parseFloat(outlineWidth) };
    });
    expect(style).toBe("solid");
    expect(width).toBeGreaterThanOrEqual(2);
  }
  const bubble = thread.log.locator(".message.own .bubble");
  const [edge, paper] = await bubble.evaluate((element) => {
    const { borderInlineStartColor, borderInlineStartStyle, backgroundColor } = getComputedStyle(element);
    return [`${borderInlineStartStyle} ${borderInlineStartColor}`, `solid ${backgroundColor}`];
  });
  expect(edge).not.toBe(paper);
  await expect(thread.log.locator(".status svg")).toBeVisible();
});

test("detail 25: the leaf turns on Start, and nothing moves where motion is reduced", async ({
  browserOf,
  device,
  link,
  press,
}) => {
  for (const reducedMotion of ["no-preference", "reduce"] as const) {
    const { page, start } = new Customer(await (await browserOf({ ...device, reducedMotion })).newPage());
    // The call that redeems never comes back: the door stays busy.
    await page.route(/\/api\/validate-secure-link$/, () => {});
    await page.goto(await link("detail-25-motion"));
    await press(start);
    await expect(page.getByRole("button", { name: "Opening the door…" })).toBeVisible();
    const moving = await page.evaluate(
      () =>
        document.getAnimations().filter(({ effect }) => effect?.getComputedTiming().duration !== 0).length,
    );
    expect(moving > 0).toBe(reducedMotion === "no-preference");
  }
});

test("detail 25: nothing lies under a notch or a home bar", { tag: "@phone" }, async ({ talk }) => {
  const { page, thread } = await talk("detail-25-safe");
  const session = await page.context().newCDPSession(page);
  await session.send("Emulation.setSafeAreaInsetsOverride", {
    insets: { left: 40, right: 40, bottom: 34, top: 47 },
  });
  const { x = 0 } = (await thread.composer.boundingBox()) ?? {};
  expect(x).toBeGreaterThanOrEqual(40);
  const send = await page.getByRole("button", { name: "Send", exact: true }).boundingBox();
  expect((send?.x ?? 0) + (send?.width ?? 0)).toBeLessThanOrEqual(350);
  expect((send?.y ?? 0) + (send?.height ?? 0)).toBeLessThanOrEqual(844 - 34);
  const heading = await page.getByRole("heading", { name: "Corner Bakery" }).boundingBox();
  expect(heading?.y).toBeGreaterThanOrEqual(47);
});

declare const window: Window & { soundsStarted: number };

/** Counts the notes that begin to sound. */
function countSounds(): void {
  window.soundsStarted = 0;
  const { start } = OscillatorNode.prototype;
  OscillatorNode.prototype.start = function (when?: number) {
    window.soundsStarted += 1;
    start.call(this, when);
  };
}

function sounds(page: Page): Promise<number> {
  return page.evaluate(() => window.soundsStarted);
}
