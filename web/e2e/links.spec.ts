/** The page of links: how long, to which chat, on screen and paper, handed over, found, listed, watched. */
import { readFile } from "node:fs/promises";
import type { Locator, Page } from "@playwright/test";
import { Gate } from "./support/gate.ts";
import { Agent } from "./support/people.ts";
import { expect, test } from "./support/test.ts";

test("an own time is a number and a unit, and a bad one is said in one sentence", async ({ agent }) => {
  const { page } = agent;
  await agent.openLinks();
  await page.getByRole("radio", { name: "Own time" }).check();
  const amount = page.getByRole("textbox", { name: "How many" });
  await agent.generate.click();
  const bounds = page.getByRole("alert").filter({ hasText: "From 1 minute to 720 hours" });
  await expect(bounds).toBeVisible();
  await expect(amount).toBeFocused();
  await expect(amount).toHaveAttribute("aria-invalid", "true");
  await amount.fill("90");
  await page.getByRole("combobox", { name: "Unit" }).selectOption("minutes");
  await expect(bounds).toHaveCount(0);
  await agent.makeLink("own-time");
  await expect(agent.panel).toContainText(/1 hr, (29|30) min/);
  await page.getByRole("combobox", { name: "Unit" }).selectOption("days");
  await agent.generate.click();
  await expect(bounds).toBeVisible();
});

test("the chats that there are are suggested", async ({ agent, customer }) => {
  await agent.openLinks();
  await customer.enter(await agent.makeLink("suggested"));
  const field = agent.page.getByLabel("Chat name");
  const list = agent.page.locator(`datalist#${await field.getAttribute("list")}`);
  await expect(list.locator('option[value="suggested"]')).toHaveCount(1);
});

/** The shape of a code. That the panel's code is the link is read in `journey.spec.ts`. */
async function drawing(code: Locator): Promise<string> {
  const path = (await code.locator("path").getAttribute("d")) ?? "";
  expect(path).toMatch(/^M4 4h7/);
  return path;
}

/** The shape of a picture of modules of 16 pixels, read off its pixels. Runs in a page. */
async function pathOf(address: string): Promise<string> {
  const picture = new Image();
  picture.src = address;
  await picture.decode();
  const size = picture.naturalWidth / 16;
  const pen = new OffscreenCanvas(size * 16, size * 16).getContext("2d");
  if (!pen) throw new Error("no canvas");
  pen.drawImage(picture, 0, 0);
  const { data, width } = pen.getImageData(0, 0, size * 16, size * 16);
  const dark = (x: number, y: number) => (data[((y * 16 + 8) * width + x * 16 + 8) * 4] ?? 255) < 128;
  let path = "";
  for (let y = 0; y < size; y += 1) {
    for (let x = 0; x < size; x += 1) {
      let length = 0;
      while (dark(x + length, y)) length += 1;
      if (length > 0) path += `M${x} ${y}h${length}v1h-${length}z`;
      x += length;
    }
  }
  return path;
}

test("the code is large, and goes into files of both kinds", async ({ agent, browserOf }) => {
  const { page, panel } = agent;
  await agent.openLinks();
  await agent.makeLink("Tisch 4/../x");
  const drawn = await drawing(panel.locator(".qr"));

  await test.step("large on the screen", async () => {
    await panel.getByRole("button", { name: "Show large" }).click();
    const dialog = page.getByRole("dialog", { name: "Scan to open a private chat with Corner Bakery." });
    const code = dialog.getByRole("img", { name: "QR code" });
    const [wide, high] = [page.viewportSize()?.height ?? 0, (await code.boundingBox())?.height ?? 0];
    expect(high).toBeGreaterThan(wide * 0.6);
    expect(await drawing(code)).toBe(drawn);
    await page.keyboard.press("Escape");
    await expect(dialog).toHaveCount(0);
    await expect(panel.getByRole("button", { name: "Show large" })).toBeFocused();
  });

  for (const kind of ["SVG", "PNG"]) {
    await test.step(`as ${kind}`, async () => {
      const coming = page.waitForEvent("download");
      await panel.getByRole("button", { name: `Save as ${kind}` }).click();
      const file = await coming;
      expect(file.suggestedFilename()).toBe(`wicketgate-Tisch-4-x.${kind.toLowerCase()}`);
      const type = kind === "SVG" ? "svg+xml" : "png";
      const bytes = (await readFile(await file.path())).toString("base64");
      const scratch = await (await browserOf()).newPage();
      expect(await scratch.evaluate(pathOf, `data:image/${type};base64,${bytes}`)).toBe(drawn);
    });
  }
});

test("on paper there is the card and nothing else", async ({ agent }) => {
  const { page } = agent;
  await agent.openLinks();
  const address = await agent.makeLink("on-paper");
  const drawn = await drawing(agent.panel.locator(".qr"));
  await page.evaluate(() => {
    window.print = () => document.documentElement.setAttribute("data-printed", "");
  });
  await agent.panel.getByRole("button", { name: "Print card" }).click();
  await expect(page.locator("html[data-printed]")).toHaveCount(1);
  await page.emulateMedia({ media: "print" });
  const card = page.getByRole("article");
  const seen = await page.evaluate(() => document.body.innerText);
  expect(seen.replace(/\s+/g, " ").trim()).toMatch(
    /^Corner Bakery Scan to open a private chat with Corner Bakery\. It works once, until \w+, \w+ \d+, \d{4} at \d+:\d\d.[AP]M \S+\. http\S+$/,
  );
  await expect(card).toContainText(address);
  expect(await drawing(card.locator(".qr"))).toBe(drawn);
  const pdf = await page.pdf({ preferCSSPageSize: true });
  expect(pdf.toString("latin1").match(/\/Type\s*\/Page\b/g)).toHaveLength(1);
  await page.emulateMedia({ media: null });
  await expect(card).toBeHidden();
});

test("a link is handed to mail, messages and the share sheet, and its last part never to the server", async ({
  agent,
  watch,
}) => {
  const { page, panel } = agent;
  await page.addInitScript(() => {
    const shared: unknown[] = [];
    Object.assign(globalThis, { shared });
    navigator.canShare = () => true;
    navigator.share = async (data) => void shared.push(data);
  });
  await agent.openLinks();
  const address = await agent.makeLink("handed-over");
  const fragment = address.split("#")[1] ?? "";
  const mail = new URL((await panel.getByRole("link", { name: "E-mail" }).getAttribute("href")) ?? "");
  expect([mail.protocol, mail.hash]).toEqual(["mailto:", ""]);
  expect(mail.searchParams.get("subject")).toBe("Private chat with Corner Bakery");
  expect(mail.searchParams.get("body")).toContain(`\r\n\r\n${address}\r\n`);
  const sms = panel.locator('a[href^="sms:"]');
  await expect(sms).toBeHidden();
  expect(new URL((await sms.getAttribute("href")) ?? "").searchParams.get("body")).toContain(address);
  await panel.getByRole("button", { name: "Share…" }).click();
  const shared = await page.evaluate(() => (globalThis as unknown as { shared: ShareData[] }).shared);
  expect(shared).toMatchObject([{ url: address, text: expect.stringContaining("It works once, until ") }]);
  expect(watch.requests.filter((request) => request.includes(fragment))).toEqual([]);
});

test("without a share sheet there is no button for it, and a finger is offered a text message", async ({
  agent,
}) => {
  await agent.openLinks();
  await agent.makeLink("no-sheet");
  await expect(agent.panel.getByRole("button", { name: "Share…" })).toHaveCount(0);
  const message = agent.panel.getByRole("link", { name: "Text message" });
  await expect(message).toHaveCount(0);
  const device = await agent.page.context().newCDPSession(agent.page);
  await device.send("Emulation.setTouchEmulationEnabled", { enabled: true });
  await expect(message).toBeVisible();
});

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
  await agent.openLinks();
  await agent.makeLink("stays");
  await expect(agent.row("stays")).toBeVisible();
  watch.declare(/./, "ERR_INTERNET_DISCONNECTED");
  await page.context().setOffline(true);
  const body = { chatId: "made meanwhile" };
  await agent.server.call("/api/generate-secure-link", { key: partner.apiKey, body });

  const lists = /\/api\/links(\?|$)/;
  let refused = 0;
  watch.declare(lists, 503);
  await page.route(lists, async (route) => {
    await route.fulfill({ status: 503, json: {} });
    refused += 1;
  });
  await page.context().setOffline(false);
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
    const held = new Gate();
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

/** Tries a link as somebody does who has its address and nothing else. */
async function tryToo(agent: Agent, address: string): Promise<void> {
  const linkId = /secure\/chat\/([\w-]{22})/.exec(address)?.[1] ?? "";
  const claim = Buffer.from(crypto.getRandomValues(new Uint8Array(32))).toString("base64url");
  const proof = Buffer.from(crypto.getRandomValues(new Uint8Array(32))).toString("base64url");
  const tried = await agent.server.call("/api/validate-secure-link", { body: { linkId, claim, proof } });
  expect(tried.status).toBe(410);
}

test("what was used and tried while the line was down is told when it is back, and where it can't be revoked", async ({
  timedAgent: agent,
  customer,
  watch,
}) => {
  const { page } = agent;
  const lists = /\/api\/links(\?|$)/;
  await agent.openLinks();
  const address = await agent.makeLink("tried-unheard");
  const row = agent.row("tried-unheard");
  await expect(row).toContainText("left");
  watch.declare(/./, "ERR_INTERNET_DISCONNECTED");
  watch.declare(lists, 503);
  watch.declare(/\/revoke$/, 409);
  await page.route(lists, (route) => route.fulfill({ status: 503, json: {} }));
  await page.context().setOffline(true);
  await customer.enter(address);
  await page.context().setOffline(false);

  await test.step("the question goes, and the row says why", async () => {
    await row.getByRole("button", { name: "Revoke" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Revoke" }).click();
    await expect(row).toContainText("Used");
    await expect(page.getByRole("dialog")).toHaveCount(0);
    await expect(page.getByText(/^The link could not be revoked: /)).toHaveCount(1);
  });

  await test.step("an attempt that nobody told of", async () => {
    await page.context().setOffline(true);
    await tryToo(agent, address);
    await page.unroute(lists);
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

  const attempt = () => tryToo(agent, address);
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
