/** Who takes part: an agent at the desk, a customer with a link. Each verb is what a person does. */
import { expect, type Locator, type Page } from "@playwright/test";
import { Frames } from "./frames.ts";
import type { Partner, TestServer } from "./server.ts";
import type { Watch } from "./watch.ts";

/** One side of a chat on its page. */
export class Thread {
  readonly log: Locator;
  readonly composer: Locator;

  constructor(readonly page: Page) {
    this.log = page.getByRole("log");
    this.composer = page.getByRole("textbox", { name: "Message" });
  }

  /** Waits until what was said before is there: what comes from now on is news. */
  async loaded(): Promise<void> {
    await expect(this.log).toHaveAttribute("aria-live", "polite");
  }

  /** Writes a message and sends it by the button. */
  async send(text: string): Promise<void> {
    await this.composer.fill(text);
    await this.page.getByRole("button", { name: "Send", exact: true }).click();
    await expect(this.message(text)).toBeVisible();
  }

  /** The text of a message. */
  message(text: string): Locator {
    return this.log.locator(".message-text").getByText(text, { exact: true });
  }

  /** Waits until a message has come as far as this word says. */
  async status(text: string, word: string | RegExp): Promise<void> {
    const message = this.log.locator(".message").filter({ hasText: text });
    await expect(message.locator(".status")).toHaveText(word);
  }

  /** Waits until the server has a message. Who attends the chat may be quick: it may have been read by then. */
  sent(text: string): Promise<void> {
    return this.status(text, /^(Sent|Delivered|Read)$/);
  }

  /** Every message's text in their order. */
  texts(): Promise<string[]> {
    return this.log.locator(".message-text").allTextContents();
  }
}

/** Waits until a desk's line to the server is up: what happens elsewhere is told from then on. */
export async function connected(page: Page, line = "Connected"): Promise<void> {
  await expect(page.getByText(line, { exact: true }).first()).toBeAttached();
}

/** An agent of a partner in a browser. */
export class Agent {
  constructor(
    readonly page: Page,
    readonly server: TestServer,
    private readonly watch: Watch,
    /** What the desk says of a line that is up. */
    private readonly line = "Connected",
  ) {}

  /** The same agent on another page of the same browser. */
  on(page: Page): Agent {
    return new Agent(page, this.server, this.watch, this.line);
  }

  /** Signs in, and lands where the address says. */
  async signIn(partner: Partner): Promise<void> {
    this.watch.declare(/\/api\/me$/, 401);
    await this.page.goto(`${this.server.url}/signin`);
    await this.signInAgain(partner);
    await expect(this.page.getByRole("heading", { name: "Links", level: 1 })).toBeVisible();
    await connected(this.page, this.line);
  }

  /** Signs in on the page that asks for it, which may lead back to where it was. */
  async signInAgain(partner: Partner): Promise<void> {
    await this.page.getByLabel("E-mail").fill(partner.email);
    await this.page.getByLabel("Password", { exact: true }).fill(partner.password);
    await this.page.getByRole("button", { name: "Sign in", exact: true }).click();
  }

  /** Opens the page that makes links. */
  async openLinks(): Promise<void> {
    await this.page.goto(`${this.server.url}/partners/qrcodes`);
    await expect(this.generate).toBeVisible();
    await connected(this.page, this.line);
  }

  get generate(): Locator {
    return this.page.getByRole("button", { name: "Generate Secure Link" });
  }

  get panel(): Locator {
    return this.page.getByRole("region", { name: "The new link" });
  }

  /** Makes a link with the button; gives the address that is shown. */
  async makeLink(chat?: string): Promise<string> {
    if (chat !== undefined) {
      const options = this.page.getByText("Options", { exact: true });
      if (!(await this.page.getByLabel("Chat name").isVisible())) await options.click();
      await this.page.getByLabel("Chat name").fill(chat);
    }
    await this.generate.click();
    const yes = this.page.getByRole("button", { name: "Make the link" });
    await expect(this.panel.or(yes)).toBeVisible();
    if (await yes.isVisible()) await yes.click();
    const address = this.panel.getByLabel("Link address");
    await expect(address).toHaveValue(/^http/);
    return address.inputValue();
  }

  /** What the clipboard holds. The pages may not read it, but a person can paste. */
  async pasted(): Promise<string> {
    const label = this.page.getByLabel("Label");
    await label.clear();
    await label.press("ControlOrMeta+V");
    const text = await label.inputValue();
    await label.clear();
    return text;
  }

  /** The row of a chat's newest link in the list. */
  row(chat: string): Locator {
    return this.page
      .getByRole("list", { name: "Your links" })
      .getByRole("listitem")
      .filter({ hasText: chat });
  }

  /** Opens a chat by its name from the inbox. */
  async openChat(chat: string): Promise<Thread> {
    await this.page.goto(`${this.server.url}/partners/chats`);
    await this.page.getByRole("link", { name: chat }).click();
    const thread = new Thread(this.page);
    await expect(thread.log).toBeVisible();
    await connected(this.page, this.line);
    return thread;
  }
}

/** A customer in a browser. */
export class Customer {
  readonly #frames: Frames;

  constructor(readonly page: Page) {
    this.#frames = new Frames(page);
  }

  get start(): Locator {
    return this.page.getByRole("button", { name: "Start secure chat" });
  }

  /** Opens a link and stops at the door. */
  async look(address: string): Promise<void> {
    await this.page.goto(address);
  }

  /** Opens a link and goes in. */
  async enter(address: string): Promise<Thread> {
    await this.look(address);
    await this.start.click();
    return this.thread();
  }

  /** The chat, once it is there. */
  async thread(): Promise<Thread> {
    const thread = new Thread(this.page);
    await expect(thread.composer).toBeVisible();
    await expect(this.page).toHaveURL(/\/chat\/[A-Za-z0-9_-]{22}$/);
    return thread;
  }

  /** Waits until the chat is open on the page's line to the server. */
  async live(): Promise<void> {
    await expect.poll(() => this.#frames.live).toBe(true);
  }

  /** Deletes what the browser keeps, its cookie not, and comes back to the page. */
  async loseKey(): Promise<void> {
    // The page that holds the database open has to go before it can be deleted.
    await this.page.goto(new URL("/robots.txt", this.page.url()).href);
    await this.page.evaluate(
      () =>
        new Promise((resolve, reject) => {
          const deleting = indexedDB.deleteDatabase("wicketgate");
          deleting.onsuccess = resolve;
          deleting.onerror = reject;
        }),
    );
    await this.page.goBack();
  }
}
