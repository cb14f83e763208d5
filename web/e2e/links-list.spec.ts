/** The list of links: long ones, what changed while the line was down, links issued anew, alerts. */
import type { Page } from "@playwright/test";
import { Latch } from "./support/latch.ts";
import { holdLine } from "./support/network.ts";
import { Agent } from "./support/people.ts";
import { tryToo } from "./support/strangers.ts";
import { expect, test } from "./support/test.ts";

/** Makes many links as a program does; the numbers run from 1. */
async function makeMany(agent: Agent, key: string, count: number): Promise<void> {
  const numbers = Array.from({ length: count }, (_, index) => index + 1);
  for (let begin = 0; begin < count; begin += 100) {
    const body = (number: number) => ({ chatId: `bulk ${number}`, expiryHours: 24 });
    const made = await Promise.all(
      numbers
        .slice(begin, begin + 100)
        .map((number) => agent.server.call("/api/generate-secure-link", { key, body: body(number) })),
    );
    expect(made.every(({ ok }) => ok)).toBe(true);
  }
}

/** How often the text within each row changes in some seconds; by the row's place. */
function countChanges(page: Page): Promise<void> {
  return page.evaluate(() => {
    const changed = new Set<Element>();
    Object.assign(globalThis, { changed });
    new MutationObserver((records) => {
      for (const { target } of records) {
        const row = (target instanceof Element ? target : target.parentElement)?.closest(".link-row");
        if (row) changed.add(row);
      }
    }).observe(document.body, { subtree: true, childList: true, characterData: true });
  });
}

test.describe("with thousands of links", () => {
  const COUNT = 2500;
  test.describe.configure({ mode: "serial" });

  test("further pages come by themselves, and only rows in sight follow the clock", async ({
    browserOf,
    server,
    watch,
  }) => {
    test.setTimeout(120_000);
    const partner = await server.createPartner("Many Links");
    const context = await browserOf();
    const agent = new Agent(await context.newPage(), server, watch);
    await agent.signIn(partner);
    await agent.page.setViewportSize({ width: 1280, height: 700 });
    const labelled = await server.run("link", "create", [
      ...["--server", server.url, "--api-key", partner.apiKey, "--chat", "the needle"],
      ...["--label", "Café à la carte", "--expires", "30s", "--json"],
    ]);
    expect(JSON.parse(labelled).success ?? true).toBe(true);
    await makeMany(agent, partner.apiKey, COUNT);
    await agent.openLinks();
    const { page } = agent;
    const rows = page.getByRole("list", { name: "Your links" }).locator(":scope > li");

    await test.step("pages", async () => {
      await expect(rows.first()).toContainText(/bulk 2[45]\d\d/);
      for (let length = 50; length < 400; ) {
        await page.evaluate(() => window.scrollTo(0, document.documentElement.scrollHeight));
        await expect.poll(() => rows.count()).toBeGreaterThan(length);
        length = await rows.count();
      }
      await expect(rows.nth(300)).toContainText(/bulk 2[12]\d\d/);
    });

    await test.step("the clock", async () => {
      await page.evaluate(() => window.scrollTo(0, 0));
      await countChanges(page);
      await server.run("link", "create", [
        ...["--server", server.url, "--api-key", partner.apiKey, "--chat", "short", "--expires", "1m"],
      ]);
      await expect(rows.first()).toContainText("short");
      const left = rows.first().locator(".link-state-more");
      const before = await left.textContent();
      await expect(left).not.toHaveText(before ?? "");
      const changed = await page.evaluate(
        () =>
          [...(globalThis as unknown as { changed: Set<Element> }).changed].filter(
            (row) => row.getBoundingClientRect().top > window.innerHeight + 400,
          ).length,
      );
      expect(changed).toBe(0);
    });

    await test.step("the browser finds by label what the server can't, and says how far it looked", async () => {
      const find = page.getByRole("searchbox", { name: "Find" });
      await find.fill("cafe carte");
      await expect(page.getByRole("main").getByText("Searched all 2,502 links. Found 1.")).toBeVisible();
      await expect(rows).toHaveCount(1);
      await expect(rows.first()).toContainText("the needle");
      let reads = 0;
      page.on("request", (request) => {
        if (request.url().includes("/api/links?")) reads += 1;
      });
      await find.fill("bulk 1");
      await expect(rows).toHaveCount(50);
      await page.getByRole("button", { name: "Search further" }).click();
      await expect(rows).toHaveCount(100);
      await expect(
        page.getByRole("main").getByText(/^Searched [\d,]+ links, back to .*\. Found 100\.$/),
      ).toBeVisible();
      await find.fill("");
      await expect(rows.first()).toContainText("short");
      expect(reads).toBe(0);
    });

    await test.step("a search can be stopped", async () => {
      await page.reload();
      await expect(rows.first()).toContainText("short");
      let held: (() => Promise<void>) | undefined;
      await page.route(/\/api\/links\?.*after=/, (route) => {
        held = () => route.continue();
      });
      await page.getByRole("searchbox", { name: "Find" }).fill("the needle");
      const far = page.getByRole("main").getByText(/^Searched 200 links, back to .*\. Found 0\.$/);
      await expect(far).toBeVisible();
      await page.getByRole("button", { name: "Stop" }).click();
      await expect(page.getByRole("button", { name: "Search further" })).toBeVisible();
      await expect(far).toBeVisible();
      await page.unroute(/\/api\/links\?.*after=/);
      await held?.().catch(() => undefined);
      await page.getByRole("button", { name: "Search further" }).click();
      await expect(page.getByRole("main").getByText("Searched all 2,502 links. Found 1.")).toBeVisible();
    });
  });
});

test("a list that can't be read again just now stays in sight, and is read again by itself", async ({
  timedAgent: agent,
  partner,
  watch,
}) => {
  const { page } = agent;
  const line = await holdLine(page);
  await agent.openLinks();
  await agent.makeLink("stays");
  await expect(agent.row("stays")).toBeVisible();
  line.isLost = ({ type }) => type === "link";
  const body = { chatId: "made meanwhile" };
  await agent.server.call("/api/generate-secure-link", { key: partner.apiKey, body });

  const lists = /\/api\/links(\?|$)/;
  let refused = 0;
  watch.declare(lists, 503);
  await page.route(lists, async (route) => {
    await route.fulfill({ status: 503, json: {} });
    refused += 1;
  });
  line.tell({ type: "reset" });
  await expect.poll(() => refused).toBeGreaterThan(1);
  await expect(agent.row("stays")).toBeVisible();
  await expect(page.getByText("Your links could not be loaded.")).toHaveCount(0);
  await page.unroute(lists);
  await expect(agent.row("made meanwhile")).toBeVisible();
});

test("a link on show that was used while the line was down is not called valid, whatever the list shows", async ({
  timedAgent: agent,
  customer,
  watch,
}) => {
  const { page, panel } = agent;
  await agent.openLinks();
  const address = await agent.makeLink("used-unheard");
  await expect(agent.row("used-unheard")).toBeVisible();
  await page.getByRole("combobox", { name: "Show" }).selectOption("revoked");
  await expect(agent.row("used-unheard")).toHaveCount(0);
  watch.declare(/./, "ERR_INTERNET_DISCONNECTED");
  await page.context().setOffline(true);
  await customer.enter(address);
  await expect(panel).toContainText(/left|Valid/);
  await page.context().setOffline(false);
  await expect(panel).toContainText("Used");
  await expect(panel.getByRole("button", { name: "Copy" })).toHaveCount(0);
});

test("a used and a revoked link are issued anew in one click; an ended chat has no such button", async ({
  timedAgent: agent,
  customer,
  watch,
}) => {
  const { page, panel } = agent;
  // The clock stands: a row changes with what the server tells, and not a second later.
  await page.clock.setFixedTime(Date.now());
  await agent.openLinks();

  await test.step("used while shown", async () => {
    await customer.enter(await agent.makeLink("anew-used"));
    await expect(panel).toContainText("Used");
    await expect(panel.getByRole("button", { name: "Print card" })).toHaveCount(0);
    await panel.getByRole("button", { name: "New link to this chat" }).click();
    await page.getByRole("button", { name: "Make the link" }).click();
    await expect(panel).toContainText("left");
  });

  await test.step("revoked while shown", async () => {
    await panel.getByRole("button", { name: "Revoke" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Revoke" }).click();
    await expect(panel).toContainText("Revoked");
    await expect(panel.getByRole("button", { name: "Copy" })).toHaveCount(0);
    const revoked = agent.row("anew-used").filter({ hasText: "Revoked" });
    await expect(revoked.getByRole("button", { name: "Revoke" })).toHaveCount(0);
    await revoked.getByRole("button", { name: "New link to this chat" }).click();
    await page.getByRole("button", { name: "Make the link" }).click();
    await expect(panel).toContainText("left");
  });

  await test.step("not to an ended chat", async () => {
    const thread = await agent.openChat("anew-used");
    await expect(thread.log).toBeVisible();
    watch.declare(/\/api\/chats\//, 410);
    await page.getByRole("button", { name: "End chat" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "End chat" }).click();
    await expect(page.getByText(/^Your side ended this chat, /)).toBeVisible();
    await page.goto(`${agent.server.url}/partners/qrcodes`);
    await expect(agent.row("anew-used").first()).toBeVisible();
    await expect(agent.row("anew-used").getByRole("button", { name: "New link to this chat" })).toHaveCount(
      0,
    );
  });
});

test("a link that expires while it is shown says so, and is issued anew in one click", async ({
  timedAgent: agent,
}) => {
  await agent.page.clock.install();
  await agent.openLinks();
  await agent.makeLink();
  await agent.page.clock.fastForward(25 * 3_600_000);
  await expect(agent.panel).toContainText("Expired");
  await expect(agent.panel.getByRole("button", { name: "Show large" })).toHaveCount(0);
  const made = agent.page.waitForResponse(/\/api\/links$/);
  await agent.panel.getByRole("button", { name: "New link to this chat" }).click();
  expect((await made).status()).toBe(200);
});

test("what is typed while a link is made stays, what fails is in sight, and each copy and each search is said", async ({
  timedAgent: agent,
  watch,
}) => {
  const { page, panel } = agent;
  const label = page.getByLabel("Label");
  const spoken = page.locator(".unseen[role=status]");
  await agent.openLinks();
  await agent.makeLink("said-again");

  await test.step("copied twice, and not copied", async () => {
    const copy = panel.getByRole("button", { name: /Copy|Copied/ });
    await expect(spoken).toHaveText("The link was copied.");
    await spoken.evaluate((region) => region.replaceChildren());
    await copy.click();
    await expect(spoken).toHaveText("The link was copied.");
    await page.evaluate(() => {
      navigator.clipboard.write = () => Promise.reject(new Error("no"));
      navigator.clipboard.writeText = () => Promise.reject(new Error("no"));
    });
    await copy.click();
    await expect(spoken).toHaveText(/^The browser did not let us copy/);
  });

  await test.step("two searches that come to the same", async () => {
    const find = page.getByRole("searchbox", { name: "Find" });
    for (const words of ["nothing like it", "nor like this"]) {
      await find.fill(words);
      await expect(spoken).toHaveText(/Found 0\.$/);
      await spoken.evaluate((region) => region.replaceChildren());
    }
    await find.fill("");
  });

  await test.step("a new link that fails far below", async () => {
    await panel.getByRole("button", { name: "Revoke" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Revoke" }).click();
    await expect(panel).toContainText("Revoked");
    await page.setViewportSize({ width: 1280, height: 300 });
    watch.declare(/\/api\/links$/, 503);
    await page.route(/\/api\/links$/, (route) => route.fulfill({ status: 503, json: {} }));
    await agent.row("said-again").first().getByRole("button", { name: "New link to this chat" }).click();
    await expect(page.getByText(/^No link was made: /)).toBeInViewport();
    await page.unroute(/\/api\/links$/);
  });

  await test.step("typed while it is made", async () => {
    const held = new Latch();
    await page.route(/\/api\/links$/, async (route) => {
      await held.opened;
      await route.continue();
    });
    await label.fill("The first");
    await agent.generate.click();
    await expect(page.getByRole("button", { name: "Generate Secure Link" })).toHaveCount(0);
    await label.fill("The second");
    held.open();
    await expect(panel).toContainText("The first");
    await expect(label).toHaveValue("The second");
  });
});

test("what was tried while the line was down is told when it is back, and that a link was used where it can't be revoked", async ({
  timedAgent: agent,
  customer,
  watch,
}) => {
  const { page } = agent;
  const line = await holdLine(page);
  line.isLost = ({ change }) => change === "used";
  await agent.openLinks();
  const address = await agent.makeLink("tried-unheard");
  const row = agent.row("tried-unheard");
  await expect(row).toContainText("left");
  watch.declare(/./, "ERR_INTERNET_DISCONNECTED");
  watch.declare(/\/revoke$/, 409);
  await customer.enter(address);

  await test.step("the question goes, and the row says why", async () => {
    await row.getByRole("button", { name: "Revoke" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Revoke" }).click();
    await expect(row).toContainText("Used");
    await expect(page.getByRole("dialog")).toHaveCount(0);
    await expect(page.getByText(/^The link could not be revoked: /)).toHaveCount(1);
  });

  await test.step("an attempt that nobody told of", async () => {
    await page.context().setOffline(true);
    await tryToo(agent.server, address);
    line.isLost = () => false;
    await page.context().setOffline(false);
    await expect(page.getByRole("region", { name: "Alerts" })).toContainText(
      "Someone else tried a used link",
    );
    await expect(row).toContainText("Someone else tried this link");
  });
});

test("whoever tries a used link is told of wherever the agent is, until it is dismissed", async ({
  agent,
  customer,
  watch,
}) => {
  const { page } = agent;
  await agent.openLinks();
  await page.getByText("Options", { exact: true }).click();
  await page.getByLabel("Label").fill("Table by the window");
  const address = await agent.makeLink("tried-twice");
  await agent.openLinks();
  await page.getByRole("combobox", { name: "Show" }).selectOption("revoked");
  await page.getByRole("link", { name: "Settings" }).click();
  await customer.enter(address);
  watch.declare(/\/api\/validate-secure-link$/, 410);
  const alert = page.getByRole("region", { name: "Alerts" });

  // The winner's own retry changes nothing.
  await customer.page.reload();
  await customer.thread();
  await expect(alert).toHaveCount(0);

  const attempt = () => tryToo(agent.server, address);
  await attempt();
  await expect(alert).toContainText("Someone else tried a used link");
  await expect(alert).toContainText("Table by the window");
  const announced = page.getByText("Someone else tried the used link Table by the window. Nobody came in.");
  await expect(announced).toHaveCount(1);

  await page.getByRole("link", { name: "Chats" }).click();
  await expect(alert).toBeVisible();
  await alert.getByRole("button", { name: "Show" }).click();
  await expect(alert).toHaveCount(0);
  const row = agent.row("tried-twice");
  await expect(row).toBeFocused();
  await expect(row).toContainText("Someone else tried this link");
  await expect(row).toBeInViewport();

  // On the page of links itself it leads to the row as well, not to the heading.
  await page.getByRole("heading", { name: "Links", level: 1 }).click();
  await attempt();
  await alert.getByRole("button", { name: "Show" }).click();
  await expect(row).toBeFocused();
  await expect(row).toBeInViewport();
});
