/** What happened while no desk was there to hear it: told once, when one comes back, and without reading everything. */
import type { Page } from "@playwright/test";
import { Frames } from "./support/frames.ts";
import { type Agent, Customer } from "./support/people.ts";
import { tryToo } from "./support/strangers.ts";
import { expect, PHONE, test } from "./support/talk.ts";

/** Another visit to the desk, and what its line was told. */
async function visit(page: Page, before: Agent, chat: string): Promise<{ agent: Agent; frames: Frames }> {
  const frames = new Frames(page);
  const agent = before.on(page);
  await agent.openLinks();
  await expect(agent.row(chat)).toContainText("Used");
  await expect.poll(() => frames.count({ type: "upto" })).toBeGreaterThan(0);
  return { agent, frames };
}

/** The minutes of this span as the page would say them. */
function minutes(page: Page, from: number, to: number): Promise<string[]> {
  return page.evaluate(
    ([first, last]) => {
      const format = new Intl.DateTimeFormat(navigator.language, { timeStyle: "short" });
      const said: string[] = [];
      for (let time = first - (first % 60_000); time <= last; time += 60_000) said.push(format.format(time));
      return said;
    },
    [from, to] as const,
  );
}

test("an attempt while no desk is open is told on the next visit, once, with its time", async ({
  customer,
  timedAgent,
}) => {
  const context = timedAgent.page.context();
  const address = await timedAgent.makeLink("tried-unseen");
  await customer.enter(address);
  await expect(timedAgent.row("tried-unseen")).toContainText("Used");
  await timedAgent.page.close();
  const from = Date.now();
  await tryToo(timedAgent.server, address);
  await tryToo(timedAgent.server, address);
  const to = Date.now();

  const page = await context.newPage();
  // Nobody is to take the time of the visit for the time of the attempt.
  await page.clock.setFixedTime(to + 10 * 60_000);
  const { agent } = await visit(page, timedAgent, "tried-unseen");
  const alerts = page.getByRole("region", { name: "Alerts" });
  await expect(alerts.locator(".link-alert")).toHaveCount(1);
  await expect(alerts).toContainText("tried-unseen");
  await expect(page.getByText(/^Someone else tried the used link tried-unseen/)).toHaveCount(1);
  const said = await alerts.textContent();
  expect((await minutes(page, from, to)).some((time) => said?.includes(time))).toBe(true);
  await expect(agent.row("tried-unseen")).toContainText("Someone else tried this link, 2 times");

  await test.step("not after a reload, nor in another tab", async () => {
    for (const again of [page, await context.newPage()]) {
      const { agent } = await visit(again, timedAgent, "tried-unseen");
      await expect(agent.row("tried-unseen")).toContainText("Someone else tried this link, 2 times");
      await expect(again.getByRole("region", { name: "Alerts" })).toHaveCount(0);
    }
  });
});

test("an attempt that two tabs are told of is not told again when both are closed", async ({
  customer,
  timedAgent,
}) => {
  const context = timedAgent.page.context();
  const address = await timedAgent.makeLink("tried-in-two");
  await customer.enter(address);
  const tabs = [timedAgent.page, await context.newPage()];
  for (const tab of tabs) await visit(tab, timedAgent, "tried-in-two");
  await tryToo(timedAgent.server, address);
  for (const tab of tabs)
    await expect(tab.getByRole("region", { name: "Alerts" })).toContainText("tried-in-two");
  for (const tab of tabs) await tab.close({ runBeforeUnload: true });
  const page = await context.newPage();
  await visit(page, timedAgent, "tried-in-two");
  await expect(page.getByRole("region", { name: "Alerts" })).toHaveCount(0);
});

test("whoever signs out leaves nothing of how far they were told", async ({ timedAgent: agent }) => {
  const { page } = agent;
  const kept = () =>
    page.evaluate(() => Object.keys(localStorage).filter((name) => /told/.test(name)).length);
  await expect.poll(kept).toBe(1);
  await page.getByRole("button", { name: "Sign out" }).click();
  await expect(page.getByRole("heading", { name: "Sign in" })).toBeVisible();
  expect(await kept()).toBe(0);
});

test("after a cut the desk shows what customers did meanwhile, and reads no list for it", async ({
  browserOf,
  link,
  timedAgent: agent,
  watch,
}) => {
  const { page } = agent;
  const known = new Customer(await (await browserOf(PHONE)).newPage());
  const theirs = await known.enter(await link("known-before"));
  const address = await link("new-meanwhile");
  const frames = new Frames(page);
  await agent.openLinks();
  await expect(agent.row("new-meanwhile")).toContainText("Valid");
  await page.getByRole("link", { name: /^Chats/ }).click();
  const row = (chat: string) => page.getByRole("link", { name: chat });
  await expect(row("known-before")).toBeVisible();
  await expect(row("new-meanwhile")).toHaveCount(0);

  watch.declare(/./, "ERR_INTERNET_DISCONNECTED");
  await page.context().setOffline(true);
  await expect(page.getByText("Connected", { exact: true })).toHaveCount(0);
  await theirs.send("Is anybody there?");
  await theirs.sent("Is anybody there?");
  await new Customer(await (await browserOf(PHONE)).newPage()).enter(address);
  const lists: string[] = [];
  page.on("request", (request) => {
    if (/\/api\/(chats|links)(\?|$)/.test(request.url())) lists.push(request.url());
  });
  const told = frames.count({ type: "upto" });
  await page.context().setOffline(false);

  await expect(row("known-before")).toContainText("Wrote");
  await expect(row("new-meanwhile")).toBeVisible();
  await expect.poll(() => frames.count({ type: "upto" })).toBeGreaterThan(told);
  await page.getByRole("link", { name: /^Links/ }).click();
  await expect(agent.row("new-meanwhile")).toContainText("Used");
  expect(lists).toEqual([]);
});

test("the valid links of a chat that ends are revoked on an open list of links", async ({
  customer,
  link,
  timedAgent: agent,
}) => {
  const { page } = agent;
  const theirs = await customer.enter(await link("ends"));
  const again = await link("ends");
  await link("goes-on");
  const frames = new Frames(page);
  await agent.openLinks();
  const valid = agent.row("ends").filter({ hasText: "Valid" });
  const revoked = agent.row("ends").filter({ hasText: "Revoked" });
  await expect(valid).toHaveCount(1);
  await theirs.page.getByRole("button", { name: "End chat" }).click();
  await theirs.page.getByRole("dialog").getByRole("button", { name: "End chat" }).click();
  await expect(revoked).toHaveCount(1);
  await expect(revoked.getByRole("button")).toHaveCount(0);
  await expect(agent.row("ends").filter({ hasText: "Used" })).toHaveCount(1);
  await expect(agent.row("goes-on")).toContainText("Valid");
  expect(frames.count({ type: "link", change: "revoked" })).toBe(0);

  await test.step("as the server says when it is asked", async () => {
    const words = await revoked.textContent();
    await page.reload();
    await expect(revoked).toHaveText(words ?? "");
    const linkId = /secure\/chat\/([\w-]{22})/.exec(again)?.[1];
    const gone = await agent.server.call(`/secure/chat/${linkId}`);
    expect(gone.status).toBe(410);
  });
});
