/** What holds for each page: its headers, its weight, its states, at every width, for everyone. */
import AxeBuilder from "@axe-core/playwright";
import type { Page, Response } from "@playwright/test";
import { Gate } from "./support/gate.ts";
import { Customer } from "./support/people.ts";
import { expect, test } from "./support/test.ts";

const POLICY = {
  "default-src": ["'none'"],
  "script-src": ["'self'"],
  "style-src": ["'self'"],
  "img-src": ["'self'", "blob:"],
  "worker-src": ["'self'"],
  "base-uri": ["'none'"],
  "frame-ancestors": ["'none'"],
  "form-action": ["'self'"],
  "require-trusted-types-for": ["'script'"],
  "trusted-types": ["wicketgate"],
};

/** Desk pages, and the heading that each has. */
const DESK = [
  ["/partners/qrcodes", "Links"],
  ["/partners/chats", "Chats"],
  ["/partners/settings", "Settings"],
] as const;

test("each page opens by its address and has the strict headers", async ({
  agent,
  browserOf,
  server,
  watch,
}) => {
  watch.declare(/\/api\/me$/, 401);
  watch.declare(/\/secure\/chat\//, 404);
  const stranger = await (await browserOf()).newPage();
  const door = `/secure/chat/${"B".repeat(22)}`;
  const open: [Page, string, string][] = [
    ...DESK.map(([path, heading]) => [agent.page, path, heading] as [Page, string, string]),
    [stranger, "/signin", "Sign in"],
    [stranger, "/setup", "This server is set up already"],
    [stranger, door, "Link not found"],
  ];
  for (const [page, path, heading] of open) {
    await test.step(path, async () => {
      const answer = await page.goto(server.url + path);
      await expect(page.getByRole("heading", { name: heading, level: 1 })).toBeVisible();
      checkHeaders(answer);
      expect(await page.title()).not.toBe("");
      expect(await page.locator("script:not([src]):not([type='application/json'])").count()).toBe(0);
    });
  }
  const missing = await stranger.request.get(`${server.url}/nothing/here`);
  expect(missing.status()).toBe(404);
});

test("a chat opens by its address on the desk, and for its customer", async ({
  agent,
  browserOf,
  customer,
  server,
  watch,
}) => {
  await agent.openLinks();
  const theirs = await customer.enter(await agent.makeLink("deep"));
  await theirs.send("A deep link");
  await customer.page.goto(customer.page.url());
  await expect(theirs.message("A deep link")).toBeVisible();
  const ours = await agent.openChat("deep");
  const answer = await agent.page.goto(agent.page.url());
  checkHeaders(answer);
  await expect(ours.message("A deep link")).toBeVisible();

  watch.declare(/\/api\/chats\//, 404);
  await agent.page.goto(`${server.url}/partners/chats/${"C".repeat(22)}`);
  await expect(agent.page.getByRole("heading", { name: "There is no such chat" })).toBeVisible();
  const stranger = await (await browserOf()).newPage();
  watch.declare(/\/api\/chats\/[\w-]+\/seat$/, 401);
  await stranger.goto(customer.page.url());
  await expect(
    stranger.getByRole("heading", { name: "This chat is not open in this browser" }),
  ).toBeVisible();
  watch.declare(/\/chat\/C+$/, 404);
  await stranger.goto(`${server.url}/chat/${"C".repeat(22)}`);
  await expect(stranger.getByRole("heading", { name: "Page not found" })).toBeVisible();
});

test("lists say that they load, that they failed, and try again", async ({ agent, server, watch }) => {
  const { page } = agent;
  const lists = [
    ["/partners/qrcodes", "/api/links", "Your links could not be loaded."],
    ["/partners/chats", "/api/chats", "Your chats could not be loaded."],
    ["/partners/settings", "/api/keys", "Your API keys could not be loaded."],
  ] as const;
  for (const [path, call, sentence] of lists) {
    await test.step(path, async () => {
      const failed = page.getByText(sentence);
      const [answered, pressed] = [new Gate(), new Gate()];
      watch.declare(new RegExp(call), 503);
      let broken = true;
      await page.route(
        ({ pathname }) => pathname === call,
        async (route) => {
          const fails = broken;
          await (fails ? answered : pressed).opened;
          await (fails ? route.fulfill({ status: 503, json: {} }) : route.continue());
        },
      );
      await page.goto(server.url + path);
      await expect(page.getByText("Loading…").first()).toBeVisible();
      answered.open();
      await expect(failed).toBeVisible();
      // What a list asks for by itself waits from now on as well: only the button takes the sentence away.
      broken = false;
      await page.getByRole("button", { name: "Try again" }).click();
      await expect(failed).toHaveCount(0);
      await expect(page.getByText("Loading…").first()).toBeVisible();
      pressed.open();
      await expect(page.getByText("Loading…")).toHaveCount(0);
      await expect(failed).toHaveCount(0);
    });
  }
});

test("details 7 and 25: no page scrolls sideways at 320 px, and none is closed to anyone in light or dark", {
  tag: "@desktop",
}, async ({ agent, browser, deskContext, server, watch }) => {
  test.slow();
  await agent.openLinks();
  const address = await agent.makeLink("for-everyone");
  const customers = await browser.newContext();
  const unwatch = watch.over(customers, server.url);
  watch.declare(/\/api\/me$/, 401);
  watch.declare(/\/secure\/chat\//, 410);
  const door = new Customer(await customers.newPage());
  await door.look(address);
  await expect(door.start).toBeVisible();
  await everyLook(door.page, "door");
  await door.start.click();
  const theirs = await door.thread();
  await theirs.send(`A long word: ${"x".repeat(400)}`);
  await theirs.send("https://example.org/a/rather/long/path?with=parameters&and=more#end");
  await everyLook(door.page, "chat");
  await door.look(address);
  await expect(door.page.getByText("Return to your chat")).toBeVisible();
  await everyLook(door.page, "used");

  await agent.openLinks();
  await agent.makeLink();
  await everyLook(agent.page, "links");
  await agent.page.goto(`${server.url}/partners/chats`);
  await expect(agent.page.getByRole("link", { name: "for-everyone" })).toBeVisible();
  await everyLook(agent.page, "chats");
  const ours = await agent.openChat("for-everyone");
  await ours.send("An answer");
  await everyLook(agent.page, "desk chat");
  await agent.page.goto(`${server.url}/partners/settings`);
  await expect(agent.page.getByRole("list", { name: "API keys" })).toBeVisible();
  await everyLook(agent.page, "settings");

  const front = await customers.newPage();
  await front.goto(`${server.url}/signin`);
  await expect(front.getByRole("heading", { name: "Sign in" })).toBeVisible();
  await everyLook(front, "sign-in");
  await front.goto(`${server.url}/setup#some-token`);
  await expect(front.getByRole("heading", { name: "Set up Wicketgate" })).toBeVisible();
  await everyLook(front, "set-up");
  unwatch();
  await customers.close();
  expect(deskContext.pages().length).toBeGreaterThan(0);
});

function checkHeaders(answer: Response | null): void {
  const headers = answer?.headers() ?? {};
  const policy = new Map(
    (headers["content-security-policy"] ?? "").split(";").map((part) => {
      const [name = "", ...values] = part.trim().split(/\s+/);
      return [name, values] as const;
    }),
  );
  for (const [name, values] of Object.entries(POLICY)) expect(policy.get(name), name).toEqual(values);
  expect(policy.get("connect-src")?.[0]).toBe("'self'");
  expect(headers["content-security-policy"]).not.toMatch(/unsafe-|\*|data:/);
  expect(headers).toMatchObject({
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "cache-control": "no-store",
  });
  expect(headers["permissions-policy"]).toMatch(/camera=\(\)/);
}

const LOOKS = [
  ["phone", 390, 844],
  ["desktop", 1280, 800],
] as const;

/** Measures a page at 320 px, and asks axe in both colour schemes; where a folder is named, keeps pictures. */
async function everyLook(page: Page, name: string): Promise<void> {
  const folder = process.env.WICKETGATE_PICTURES;
  await test.step(name, async () => {
    for (const scheme of ["light", "dark"] as const) {
      await page.emulateMedia({ colorScheme: scheme, reducedMotion: "reduce" });
      await page.setViewportSize({ width: 320, height: 640 });
      const wide = await page.evaluate(() => document.documentElement.scrollWidth);
      expect(wide, `${name} at 320 px`).toBeLessThanOrEqual(320);
      for (const [look, width, height] of LOOKS) {
        await page.setViewportSize({ width, height });
        if (folder) await page.screenshot({ path: `${folder}/${name}-${look}-${scheme}.png` });
        const { violations } = await new AxeBuilder({ page }).analyze();
        expect(
          violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)]),
          `${name} ${look} ${scheme}`,
        ).toEqual([]);
      }
    }
  });
}
