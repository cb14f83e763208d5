/** What every test is given: a server, a partner, browsers that may not complain. */
import {
  type BrowserContext,
  type BrowserContextOptions,
  test as base,
  expect,
  type Locator,
} from "@playwright/test";
import { DESKTOP } from "./devices.ts";
import { Agent, Customer } from "./people.ts";
import { type Partner, SETUP_TOKEN, TestServer } from "./server.ts";
import { Terminal } from "./terminal.ts";
import { Watch } from "./watch.ts";

export { expect } from "@playwright/test";

/** Shared by the tests of one worker. */
interface WorkerFixtures {
  /** A file that sets it has a server of its own, where no terminal of another test reads what customers write. */
  readonly alone: boolean;
  /** What this run of the tests looks at the pages with. */
  readonly device: BrowserContextOptions;
  readonly server: TestServer;
  readonly partner: Partner;
  /** A browser in which the partner's agent is signed in: stretching a password takes its time. */
  readonly deskContext: BrowserContext;
}

interface Fixtures {
  readonly watch: Watch;
  /** A browser of nobody yet; `origin` is the one that it may talk to, the worker's server when left out. */
  readonly browserOf: (options?: BrowserContextOptions, origin?: string) => Promise<BrowserContext>;
  /** The agent of `partner`, signed in, on a page of its own. */
  readonly agent: Agent;
  /** The agent of `partner` in a browser of their own: a clock that a test sets is the whole browser's. */
  readonly timedAgent: Agent;
  /** A customer in a browser of its own. */
  readonly customer: Customer;
  readonly terminal: (...words: readonly string[]) => Terminal;
  /** Presses with what the device has: a finger or a mouse. */
  readonly press: (place: Locator) => Promise<void>;
}

export const test = base.extend<Fixtures, WorkerFixtures>({
  alone: [false, { scope: "worker", option: true }],
  device: [DESKTOP, { scope: "worker", option: true }],

  server: [
    // biome-ignore lint/correctness/noEmptyPattern: the runner reads the names of the fixtures that one asks for
    async ({}, use) => {
      const server = await TestServer.start({ WICKETGATE_SETUP_TOKEN: SETUP_TOKEN });
      await use(server);
      await server.stop();
    },
    { scope: "worker" },
  ],

  partner: [
    async ({ server }, use) => {
      await use(await server.createPartner("Corner Bakery"));
    },
    { scope: "worker" },
  ],

  deskContext: [
    async ({ browser, device, server, partner }, use) => {
      const context = await browser.newContext({ ...device, permissions: ["clipboard-write"] });
      const page = await context.newPage();
      await new Agent(page, server, new Watch()).signIn(partner);
      await page.close();
      await use(context);
      await context.close();
    },
    { scope: "worker" },
  ],

  watch: [
    // biome-ignore lint/correctness/noEmptyPattern: the runner reads the names of the fixtures that one asks for
    async ({}, use) => {
      const watch = new Watch();
      await use(watch);
      expect(watch.complaints, "what the browsers complained about").toEqual([]);
    },
    { auto: true },
  ],

  browserOf: async ({ browser, server, watch }, use) => {
    const contexts: BrowserContext[] = [];
    await use(async (options = {}, origin = server.url) => {
      const context = await browser.newContext(options);
      watch.over(context, origin);
      contexts.push(context);
      return context;
    });
    for (const context of contexts) await context.close();
  },

  agent: async ({ deskContext, server, watch }, use) => {
    const unwatch = watch.over(deskContext, server.url);
    const page = await deskContext.newPage();
    await use(new Agent(page, server, watch));
    await page.close();
    unwatch();
  },

  timedAgent: async ({ browserOf, device, partner, server, watch }, use) => {
    const context = await browserOf({ ...device, permissions: ["clipboard-write"] });
    const agent = new Agent(await context.newPage(), server, watch);
    await agent.signIn(partner);
    await use(agent);
  },

  customer: async ({ browserOf, device }, use) => {
    const context = await browserOf(device);
    await use(new Customer(await context.newPage()));
  },

  press: async ({ device }, use) => {
    await use((place) => (device.hasTouch ? place.tap() : place.click()));
  },

  // biome-ignore lint/correctness/noEmptyPattern: the runner reads the names of the fixtures that one asks for
  terminal: async ({}, use) => {
    const terminals: Terminal[] = [];
    await use((...words) => {
      const terminal = new Terminal(...words);
      terminals.push(terminal);
      return terminal;
    });
    for (const terminal of terminals) await terminal.close();
  },
});
