/** The main job: an agent makes a link, a customer opens it once, the two talk. */

import { Agent, Customer, connected } from "./support/people.ts";
import { readQr } from "./support/qr.ts";
import type { TestServer } from "./support/server.ts";
import { expect, test } from "./support/test.ts";

/** Milliseconds in which what one side does is seen on the other. */
const AT_ONCE = { timeout: 1_000 };

test("detail 10: a link is made, copied, drawn, opened once, and opens a chat that lasts", async ({
  agent,
  customer,
  deskContext,
  browserOf,
  server,
  watch,
}) => {
  await agent.openLinks();
  const address = await agent.makeLink("journey-1");
  const row = agent.row("journey-1");

  await test.step("the clipboard holds the address, and the code says it", async () => {
    await expect(agent.panel.getByRole("button", { name: "Copied" })).toBeVisible();
    expect(await agent.pasted()).toBe(address);
    expect(await readQr(agent.panel.getByRole("img", { name: "QR code" }))).toBe(address);
    await expect(row).toContainText("Valid");
  });

  await test.step("whatever only looks leaves it valid", async () => {
    expect((await fetch(address)).status).toBe(200);
    expect((await fetch(address, { method: "HEAD" })).status).toBe(200);
    const looker = new Customer(await (await browserOf()).newPage());
    await looker.look(address);
    await expect(looker.start).toBeVisible();
    await expect(looker.page.getByRole("heading", { level: 1 })).toContainText("Corner Bakery");
    await customer.look(address);
    await expect(customer.start).toBeVisible();
    expect(await doorState(server, address)).toBe("valid");
    await expect(row).toContainText("Valid");
  });

  const inbox = new Agent(await deskContext.newPage(), server, watch);
  const { theirs, ours } = await test.step("the tap opens the chat", async () => {
    await customer.start.click();
    const theirs = await customer.thread();
    await customer.live();
    await expect(row).toContainText("Used", AT_ONCE);
    return { theirs, ours: await inbox.openChat("journey-1") };
  });

  await test.step("messages both ways, at once, with their status words", async () => {
    await theirs.send("Is the rye bread still warm?");
    await expect(ours.message("Is the rye bread still warm?")).toBeVisible(AT_ONCE);
    await theirs.status("Is the rye bread still warm?", "Read");
    await ours.send("Straight from the oven.");
    await expect(theirs.message("Straight from the oven.")).toBeVisible(AT_ONCE);
    await ours.status("Straight from the oven.", "Read");
  });

  await test.step("a reload on each side loses nothing", async () => {
    await customer.page.reload();
    await inbox.page.reload();
    for (const thread of [theirs, ours]) {
      await expect(thread.message("Straight from the oven.")).toBeVisible();
      expect(await thread.texts()).toEqual(["Is the rye bread still warm?", "Straight from the oven."]);
    }
    await connected(inbox.page);
    await theirs.send("On my way.");
    await expect(ours.message("On my way.")).toBeVisible(AT_ONCE);
  });

  await test.step("the link does not open a second time", async () => {
    watch.declare(/\/secure\/chat\//, 410);
    const stranger = await (await browserOf()).newPage();
    await stranger.goto(address);
    await expect(stranger.getByRole("heading", { name: "Link has already been used" })).toBeVisible();
    await expect(stranger.getByText("Return to your chat")).toHaveCount(0);

    await customer.page.goto(address);
    await expect(customer.page.getByRole("heading", { name: "Link has already been used" })).toBeVisible();
    await customer.page.getByText("Return to your chat").click();
    await expect(theirs.message("On my way.")).toBeVisible();
  });
  await inbox.page.close();
});

test("partner and customer may share one browser", async ({ agent, deskContext, server }) => {
  await agent.openLinks();
  const customer = new Customer(await deskContext.newPage());
  const theirs = await customer.enter(await agent.makeLink("one-browser"));
  await customer.live();
  const ours = await agent.openChat("one-browser");
  await theirs.send("We share a cookie jar.");
  await expect(ours.message("We share a cookie jar.")).toBeVisible(AT_ONCE);
  await ours.send("And keep our roles.");
  await expect(theirs.message("And keep our roles.")).toBeVisible(AT_ONCE);
  await customer.page.reload();
  await agent.page.reload();
  await expect(theirs.message("And keep our roles.")).toBeVisible();
  await expect(ours.message("We share a cookie jar.")).toBeVisible();
  await agent.page.goto(`${server.url}/partners/settings`);
  await expect(agent.page.getByRole("heading", { name: "Settings", level: 1 })).toBeVisible();
  await customer.page.close();
});

test("a plain link is proven by six words that both sides see, a sealed one by itself", async ({
  agent,
  customer,
  partner,
  server,
}) => {
  const answer = await server.call("/api/generate-secure-link", {
    key: partner.apiKey,
    body: { chatId: "six-words" },
  });
  const { secureUrl } = (await answer.json()) as { secureUrl: string };
  const theirs = await customer.enter(secureUrl);
  await expect(theirs.log.getByText("End-to-end encrypted", { exact: true })).toBeVisible();
  await agent.openChat("six-words");
  const words = await Promise.all(
    [customer.page, agent.page].map(async (page) => {
      await page.getByRole("button", { name: "Compare six words" }).click();
      const six = page.getByRole("dialog").getByRole("listitem");
      await expect(six).toHaveCount(6);
      return six.allInnerTexts();
    }),
  );
  expect(words[0]).toEqual(words[1]);
  await customer.page.keyboard.press("Escape");
  await expect(customer.page.getByRole("button", { name: "Compare six words" })).toBeFocused();

  await agent.openLinks();
  const sealed = await customer.enter(await agent.makeLink("sealed-words"));
  await expect(sealed.log.getByText("End-to-end encrypted, verified by link")).toBeVisible();
  await expect(sealed.page.getByRole("button", { name: "Compare six words" })).toHaveCount(0);
  await agent.openChat("sealed-words");
  await expect(agent.page.getByRole("button", { name: "End chat" })).toBeVisible();
  await expect(agent.page.getByRole("button", { name: "Compare six words" })).toHaveCount(0);
});

test("a link of two seconds expires, at its door and on the desk", async ({
  timedAgent: agent,
  customer,
  partner,
  server,
  watch,
}) => {
  await agent.openLinks();
  // The desk's clock stands, so that the two seconds are not over before it is looked at.
  await agent.page.clock.setFixedTime(Date.now());
  const words = ["--api-key", partner.apiKey, "--expires", "2s", "--chat", "two-seconds", "--json"];
  const { secureUrl } = JSON.parse(await server.run("link", "create", "--server", server.url, words));
  watch.declare(/\/api\/validate-secure-link$/, 410);
  watch.declare(/\/secure\/chat\//, 410);
  await customer.look(secureUrl);
  await expect(agent.row("two-seconds")).toContainText("Valid", AT_ONCE);
  await expect.poll(() => doorState(server, secureUrl)).toBe("expired");
  await agent.page.clock.setFixedTime(Date.now() + 2_000);
  await expect(agent.row("two-seconds")).toContainText("Expired");
  const heading = customer.page.getByRole("heading", { name: "Link has expired" });
  if (await customer.start.isVisible()) await customer.start.click();
  await expect(heading).toBeVisible();
  await customer.page.reload();
  await expect(heading).toBeVisible();
});

test("a revoked link says so, and the row changes on every desk", async ({
  agent,
  customer,
  deskContext,
  server,
  watch,
}) => {
  await agent.openLinks();
  const address = await agent.makeLink("revoked");
  const other = new Agent(await deskContext.newPage(), server, watch);
  await other.openLinks();
  await expect(other.row("revoked")).toContainText("Valid");
  await customer.look(address);
  await expect(customer.start).toBeVisible();

  await agent.row("revoked").getByRole("button", { name: "Revoke" }).click();
  await agent.page.getByRole("dialog").getByRole("button", { name: "Revoke" }).click();
  await expect(agent.row("revoked")).toContainText("Revoked");
  await expect(other.row("revoked")).toContainText("Revoked", AT_ONCE);

  watch.declare(/\/api\/validate-secure-link$/, 410);
  watch.declare(/\/secure\/chat\//, 410);
  await customer.start.click();
  await expect(customer.page.getByRole("heading", { name: "Link has been revoked" })).toBeVisible();
  await customer.page.goto(address);
  await expect(customer.page.getByRole("heading", { name: "Link has been revoked" })).toBeVisible();
  await other.page.close();
});

test("a made-up link is not found, a shortened one is incomplete", async ({
  agent,
  customer,
  server,
  watch,
}) => {
  watch.declare(/\/secure\/chat\//, 404);
  await customer.look(`${server.url}/secure/chat/${"A".repeat(22)}#1.AAAA`);
  await expect(customer.page.getByRole("heading", { name: "Link not found" })).toBeVisible();
  await customer.look(`${server.url}/secure/chat/nonsense`);
  await expect(customer.page.getByRole("heading", { name: "Link not found" })).toBeVisible();

  await agent.openLinks();
  const address = await agent.makeLink();
  await customer.look(address.split("#", 1)[0] ?? "");
  await expect(customer.page.getByRole("heading", { name: "This address is incomplete" })).toBeVisible();
  await customer.look(address.replace("#", "%23"));
  await expect(customer.start).toBeVisible();
  await customer.enter(address);
});

async function doorState(server: TestServer, address: string): Promise<unknown> {
  const linkId = new URL(address).pathname.split("/").at(-1);
  const answer = await server.call("/api/links/door", { body: { linkId } });
  return ((await answer.json()) as { state: unknown }).state;
}
