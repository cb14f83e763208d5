/** Who takes part in the pictures: a server with one partner, an agent at the desk, customers with phones. */
import type { Browser, BrowserContext, BrowserContextOptions } from "@playwright/test";
import { Agent, Customer, type Thread } from "../e2e/support/people.ts";
import { type Partner, SETUP_TOKEN, TestServer } from "../e2e/support/server.ts";
import { Watch } from "../e2e/support/watch.ts";
import { LENS, PHONE } from "./camera.ts";
import { WORKSHOP } from "./story.ts";

/** A server, and everybody who comes to it. */
export class Stage {
  private constructor(
    readonly server: TestServer,
    readonly partner: Partner,
    readonly agent: Agent,
    readonly desk: BrowserContext,
    private readonly browser: Browser,
  ) {}

  /** Starts a server, and signs its agent in. */
  static async open(browser: Browser): Promise<Stage> {
    const server = await TestServer.start({ WICKETGATE_SETUP_TOKEN: SETUP_TOKEN });
    const partner = await server.createPartner(WORKSHOP.name);
    const desk = await browser.newContext(LENS);
    const agent = new Agent(await desk.newPage(), server, new Watch());
    await agent.signIn(partner);
    return new Stage(server, partner, agent, desk, browser);
  }

  async close(): Promise<void> {
    await this.desk.close();
    await this.server.stop();
  }

  /** Makes a link by the terminal; gives its address. */
  async link(chat: string, ...words: readonly string[]): Promise<string> {
    const options = ["--server", this.server.url, "--api-key", this.partner.apiKey, "--chat", chat, "--json"];
    return JSON.parse(await this.server.run("link", "create", options, words)).secureUrl;
  }

  /** Makes a link by the bare call, with no secret of its own; gives its address. */
  async plainLink(chatId: string): Promise<string> {
    const asked = { key: this.partner.apiKey, body: { chatId } };
    const answer = await this.server.call("/api/generate-secure-link", asked);
    return ((await answer.json()) as { secureUrl: string }).secureUrl;
  }

  /** Somebody else tries a link that was used. */
  async tryAgain(address: string): Promise<void> {
    const linkId = /secure\/chat\/([\w-]{22})/.exec(address)?.[1];
    const secret = () => Buffer.from(crypto.getRandomValues(new Uint8Array(32))).toString("base64url");
    const body = { linkId, claim: secret(), proof: secret() };
    await this.server.call("/api/validate-secure-link", { body });
  }

  /** A customer with a phone. */
  async customer(options: BrowserContextOptions = {}): Promise<Customer> {
    const context = await this.browser.newContext({ ...PHONE, ...options });
    return new Customer(await context.newPage());
  }

  /** A customer comes by a new link, and says these things. */
  async visit(chat: string, label: string, ...lines: readonly string[]): Promise<Thread> {
    const customer = await this.customer();
    const thread = await customer.enter(await this.link(chat, "--label", label));
    for (const words of lines) {
      await thread.send(words);
      await thread.status(words, "Sent");
    }
    return thread;
  }
}
