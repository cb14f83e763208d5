/** What holds for each page: its headers, its weight, its states, at every width, for everyone. */
import type { Page, Response } from "@playwright/test";
import { expectAccessible } from "./support/accessibility.ts";
import { Latch } from "./support/latch.ts";
import type { Agent, Customer } from "./support/people.ts";
import type { TestServer } from "./support/server.ts";
import { expect, test } from "./support/test.ts";
import type { Watch } from "./support/watch.ts";

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
      const [answered, pressed] = [new Latch(), new Latch()];
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

test("detail 7: no page scrolls sideways at 320 px", async ({ agent, customer, server, watch }) => {
  await eachPage({ agent, customer, server, watch }, async (page, name) => {
    const size = page.viewportSize();
    await page.setViewportSize({ width: 320, height: 640 });
    const wide = await page.evaluate(() => document.documentElement.scrollWidth);
    expect(wide, `${name} at 320 px`).toBeLessThanOrEqual(320);
    if (size) await page.setViewportSize(size);
  });
});

test("detail 25: no page is closed to anyone in light or dark", async ({
  agent,
  customer,
  device,
  server,
  watch,
}) => {
  test.slow();
  const look = device.hasTouch ? "phone" : "desktop";
  await eachPage({ agent, customer, server, watch }, (page, name) =>
    expectAccessible(page, `${name}-${look}`),
  );
});

interface Visitors {
  readonly agent: Agent;
  readonly customer: Customer;
  readonly server: TestServer;
  readonly watch: Watch;
}

/** Goes to every page, with something in it, and looks at each. */
async function eachPage(
  { agent, customer, server, watch }: Visitors,
  look: (page: Page, name: string) => Promise<void>,
): Promise<void> {
  const see = (page: Page, name: string) => test.step(name, () => look(page, name));
  watch.declare(/\/api\/me$/, 401);
  watch.declare(/\/secure\/chat\//, 410);
  await agent.openLinks();
  const address = await agent.makeLink("for-everyone");
  await customer.look(address);
  await expect(customer.start).toBeVisible();
  await see(customer.page, "door");
  await customer.start.click();
  const theirs = await customer.thread();
  await theirs.send(`A long word: ${"x".repeat(400)}`);
  await theirs.send("https://example.org/a/rather/long/path?with=parameters&and=more#end");
  await see(customer.page, "chat");
  await customer.look(address);
  await expect(customer.page.getByText("Return to your chat")).toBeVisible();
  await see(customer.page, "used");

  await agent.openLinks();
  await agent.makeLink();
  await see(agent.page, "links");
  await agent.page.goto(`${server.url}/partners/chats`);
  await expect(agent.page.getByRole("link", { name: "for-everyone" })).toBeVisible();
  await see(agent.page, "chats");
  const ours = await agent.openChat("for-everyone");
  await ours.send("An answer");
  await see(agent.page, "desk-chat");
  await agent.page.goto(`${server.url}/partners/settings`);
  await expect(agent.page.getByRole("list", { name: "API keys" })).toBeVisible();
  await see(agent.page, "settings");

  const front = await customer.page.context().newPage();
  await front.goto(`${server.url}/signin`);
  await expect(front.getByRole("heading", { name: "Sign in" })).toBeVisible();
  await see(front, "sign-in");
  await front.goto(`${server.url}/setup#some-token`);
  await expect(front.getByRole("heading", { name: "Set up Wicketgate" })).toBeVisible();
  await see(front, "set-up");
}

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
