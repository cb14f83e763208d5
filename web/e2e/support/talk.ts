/** A chat in which a browser is one side and a terminal the other: the quick way to a thread with something in it. */
import type { BrowserContextOptions, Page } from "@playwright/test";
import { Customer, type Thread } from "./people.ts";
import { Terminal } from "./terminal.ts";
import { test as base, expect } from "./test.ts";

export { expect } from "@playwright/test";
export { DESKTOP, PHONE } from "./devices.ts";

/** A customer's page and the agent's terminal. */
export class Talk {
  constructor(
    readonly chat: string,
    readonly customer: Customer,
    readonly thread: Thread,
    readonly attendant: Terminal,
  ) {}

  get page(): Page {
    return this.thread.page;
  }

  /** The agent says something, and it is seen. */
  async hear(text: string): Promise<void> {
    this.attendant.sayTo(this.chat, text);
    await expect(this.thread.log.locator(".message").filter({ hasText: text.trim() })).toHaveCount(1);
  }

  /** The agent says something that nobody waits for. */
  say(text: string): void {
    this.attendant.sayTo(this.chat, text);
  }

  /** The agent says this many things, and the last one is seen. */
  async hearMany(count: number, words: string): Promise<void> {
    for (let number = 1; number <= count; number += 1) this.say(`${words} ${number}`);
    // Each is durable before the next one goes.
    await expect(this.thread.message(`${words} ${count}`)).toBeVisible({ timeout: 10_000 + 100 * count });
  }
}

/** Prepares a page before it opens anything. */
export type Prepare = (page: Page) => Promise<unknown>;

interface TalkFixtures {
  /** Makes a link as a program does; `chat` names the chat. */
  readonly link: (chat: string, ...words: readonly string[]) => Promise<string>;
  /** Brings a customer into a new chat with the agent's terminal; without options on the test's device. */
  readonly talk: (chat: string, options?: BrowserContextOptions, before?: Prepare) => Promise<Talk>;
}

interface TalkWorkerFixtures {
  /** The agent at a terminal: signing in takes its time, so it stays for all tests of a worker. */
  readonly attendant: Terminal;
}

export const test = base.extend<TalkFixtures, TalkWorkerFixtures>({
  attendant: [
    async ({ partner, server }, use) => {
      const password = server.file("attendant", partner.password);
      const who = ["--server", server.url, "--email", partner.email, "--password-file", password];
      const attendant = new Terminal("chat", "attend", ...who, "--json");
      await attendant.event({ event: "ready" });
      await use(attendant);
      await attendant.close();
    },
    { scope: "worker" },
  ],

  link: async ({ partner, server }, use) => {
    await use(async (chat, ...words) => {
      const options = ["--server", server.url, "--api-key", partner.apiKey, "--chat", chat, "--json"];
      return JSON.parse(await server.run("link", "create", options, words)).secureUrl;
    });
  },

  talk: async ({ attendant, browserOf, device, link }, use) => {
    await use(async (chat, options = device, before = async () => {}) => {
      const address = await link(chat);
      const page = await (await browserOf(options)).newPage();
      const customer = new Customer(page);
      await before(page);
      return new Talk(chat, customer, await customer.enter(address), attendant);
    });
  },
});
