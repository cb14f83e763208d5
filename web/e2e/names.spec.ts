/** Names and words that are written from right to left, on pages that are written from left to right. */
import type { Locator } from "@playwright/test";
import { Agent } from "./support/people.ts";
import { expect, test } from "./support/talk.ts";

/** A partner's name that would take the words around it along, if nothing kept it apart. */
const NAME = "مخبز الزاوية";
const LABEL = "طاولة 4 (قرب النافذة)";
const ARABIC = "مرحبا! متى تفتحون؟";
const ENGLISH = "At nine, as always.";

test("an Arabic name and Arabic words keep their own direction on English pages, and the page keeps its own", async ({
  browserOf,
  customer,
  server,
  watch,
}) => {
  const partner = await server.createPartner(NAME, "corner@bakery.example");
  const context = await browserOf({ permissions: ["clipboard-write"] });
  const agent = new Agent(await context.newPage(), server, watch);
  await agent.signIn(partner);
  await agent.page.getByText("Options", { exact: true }).click();
  await agent.page.getByLabel("Label").fill(LABEL);
  const address = await agent.makeLink("names");

  await test.step("at the door", async () => {
    await customer.look(address);
    await expect(customer.start).toBeEnabled();
    const { page } = customer;
    await expectApart(page.getByRole("heading", { level: 1 }), NAME);
    expect(await page.getByRole("heading", { level: 1 }).innerText()).toMatch(/invites you/);
  });
  const theirs = await customer.enter(address);
  const ours = await agent.openChat(LABEL);

  await test.step("names stand apart on the customer's page", async () => {
    const { page, log } = theirs;
    await expectApart(page.getByRole("heading", { level: 1 }), NAME);
    await expectApart(log.getByText(/This is the beginning of your chat with/), NAME);
    await ours.composer.pressSequentially(ENGLISH);
    await expectApart(page.getByText(/is typing…$/), NAME);
    await agent.page.getByRole("button", { name: "Send", exact: true }).click();
    await expect(theirs.message(ENGLISH)).toBeVisible();
    await expectApart(log.locator(".message.theirs .bubble"), NAME);
  });

  await test.step("names stand apart on the desk", async () => {
    const { page } = agent;
    await expectApart(page.getByRole("heading", { level: 2, name: LABEL }), LABEL);
    await expectApart(page.getByRole("list", { name: "Chats" }).getByRole("listitem"), LABEL);
    await expectApart(page.getByRole("banner").locator(".bar-partner"), NAME);
  });

  await test.step("words and what is being written have their own direction", async () => {
    await theirs.composer.fill(ARABIC);
    await expectWay(theirs.composer, "rtl");
    await theirs.send(ARABIC);
    await expect(ours.message(ARABIC)).toBeVisible();
    for (const thread of [theirs, ours]) {
      await expect(thread.page.locator("html")).toHaveAttribute("dir", "ltr");
      await expect(thread.log).toHaveCSS("direction", "ltr");
      await expectWay(thread.message(ARABIC), "rtl");
      await expectWay(thread.message(ENGLISH), "ltr");
    }
    await ours.composer.fill(ARABIC);
    await expectWay(ours.composer, "rtl");
    await ours.composer.fill(ENGLISH);
    await expectWay(ours.composer, "ltr");
  });
});

/** The name stands in a `bdi` of its own, which finds its direction by itself. */
async function expectApart(around: Locator, name: string): Promise<void> {
  const apart = around.locator("bdi").filter({ hasText: name });
  await expect(apart).toHaveCount(1);
  await expect(apart).toHaveCSS("direction", "rtl");
  await expect(apart).toHaveCSS("unicode-bidi", "isolate");
  await expect(around).toHaveCSS("direction", "ltr");
}

/** It finds its direction by itself, and it is this one. */
async function expectWay(place: Locator, way: "ltr" | "rtl"): Promise<void> {
  await expect(place).toHaveAttribute("dir", "auto");
  await expect(place).toHaveCSS("direction", way);
}
