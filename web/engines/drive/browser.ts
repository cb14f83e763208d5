/** A person's browser, and what the person does with it. Everything waits for what it needs, and no longer than that. */
import { expect } from "@playwright/test";
import { type CommandName, ELEMENT, PATIENCE, type Parameters, type Wire } from "./commands.ts";
import { ENGINES, type EngineName, type Wishes } from "./engines.ts";
import { findAll, type Sought, wordsOf } from "./find.ts";
import { type Pane, type Size, sizeTo } from "./pane.ts";

type Reference = { readonly [ELEMENT]: string };

/** The key that pastes and copies with a letter. */
const CONTROL = "\uE009";

export const ENTER = "\uE007";

export class Browser {
  #isClosed = false;

  private constructor(
    private readonly wire: Wire,
    readonly engine: EngineName,
  ) {}

  static async start(engine: EngineName, wishes: Wishes): Promise<Browser> {
    return new Browser(await ENGINES[engine](wishes), engine);
  }

  async open(address: string): Promise<void> {
    await this.wire.command("open", { url: address });
  }

  async reload(): Promise<void> {
    await this.wire.command("reload");
  }

  async back(): Promise<void> {
    await this.wire.command("back");
  }

  async address(): Promise<string> {
    return String(await this.wire.command("address"));
  }

  /** Makes the page so wide and so high, and waits until it has drawn itself anew. */
  async resize(width: number, height: number): Promise<void> {
    const pane: Pane = {
      window: async () => {
        const { width, height } = (await this.wire.command("window")) as Size;
        return { width, height };
      },
      page: () => this.run(() => ({ width: innerWidth, height: innerHeight })),
      ask: (window) => this.wire.command("resize", { x: 0, y: 0, ...window }),
    };
    await sizeTo(pane, { width, height });
    await this.run(drawn);
  }

  /** Runs a function in the page. What it is given and gives is what JSON can say, or elements. */
  async run<Given extends readonly unknown[], Given1>(
    work: (...given: Given) => Given1,
    ...given: { [Index in keyof Given]: Given[Index] extends Element ? Reference : Given[Index] }
  ): Promise<Given1 extends Element[] ? Reference[] : Given1> {
    const ask = () => {
      const script = `return (${work.toString()})(...arguments);`;
      return this.wire.command("script", { script, args: given });
    };
    // WebKit's driver has no answer where another page comes while it asks.
    const again = (error: Error) => {
      if (!error.message.includes("Could not parse script result")) throw error;
      return ask();
    };
    return (await ask().catch(again)) as never;
  }

  /** Waits until exactly one is shown. */
  async one(sought: Sought): Promise<Reference> {
    let found: Reference[] = [];
    await expect
      .poll(
        async () => {
          found = await this.run(findAll, sought);
          return found.length;
        },
        { message: `${this.engine}: one ${JSON.stringify(sought)}`, timeout: PATIENCE, intervals: [50] },
      )
      .toBe(1);
    return found[0] as Reference;
  }

  /** Waits until none is shown. */
  async none(sought: Sought): Promise<void> {
    await expect.poll(async () => (await this.run(findAll, sought)).length).toBe(0);
  }

  /** Waits until one is shown that can be pressed, and presses it. */
  async press(sought: Sought): Promise<void> {
    await this.#with({ ...sought, enabled: true }, "click");
  }

  /** Types into a field, in place of what was there. */
  async type(called: string, text: string): Promise<void> {
    await this.#with({ is: "field", called, enabled: true }, "clear");
    await this.keys(called, text);
  }

  /** Presses keys in a field. */
  async keys(called: string, text: string): Promise<void> {
    await this.#with({ is: "field", called, enabled: true }, "keys", { text });
  }

  /** Pastes into a field; gives what it then holds. */
  async paste(called: string): Promise<string> {
    await this.type(called, `${CONTROL}v`);
    return this.words({ is: "field", called });
  }

  /** What it says, or holds if it is a field. */
  async words(sought: Sought): Promise<string> {
    return this.run(wordsOf, (await this.one(sought)) as never);
  }

  /** Waits until the page, or this part of it, says it. */
  async says(words: string | RegExp, within = "body"): Promise<void> {
    const text = () =>
      this.run((place) => document.querySelector<HTMLElement>(place)?.innerText ?? "", within);
    await expect
      .poll(text, { message: `${this.engine}: what ${within} says`, timeout: PATIENCE })
      .toMatch(words instanceof RegExp ? words : new RegExp(literal(words)));
  }

  /** Another window of the same browser; gives how to come back to this one. */
  async newWindow(): Promise<() => Promise<void>> {
    const before = await this.wire.command("handle");
    const { handle } = (await this.wire.command("newWindow", { type: "window" })) as { handle: string };
    await this.#switchTo(handle);
    return () => this.#switchTo(String(before));
  }

  /** A picture of what is shown, for whoever looks for a fault: PNG in base64. */
  async picture(): Promise<string> {
    return String(await this.wire.command("picture", { full: false }));
  }

  /** Closes it, unless it is closed. It may not have complained about a page. */
  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    const complaints = await this.wire.complaints().catch((error: Error) => [error.message]);
    await this.wire.close();
    expect(complaints, `${this.engine} complained`).toEqual([]);
  }

  // A page that has just come draws anew what the server wrote: what was found a moment ago may be gone.
  async #with(sought: Sought, command: CommandName, parameters: Parameters = {}): Promise<void> {
    await expect(async () => {
      const element = await this.one(sought);
      // WebKit's driver presses nothing that is out of sight.
      await this.run(bringIntoSight, element as never);
      await this.wire.command(command, { id: element[ELEMENT], ...parameters });
    }).toPass({ timeout: PATIENCE, intervals: [50] });
  }

  async #switchTo(handle: string): Promise<void> {
    await this.wire.command("switchTo", { handle });
  }
}

/** Resolves when whatever hears of the page's new size has done its work, and the page is drawn. */
function drawn(): Promise<boolean> {
  return new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(() => resolve(true))));
}

function bringIntoSight(element: Element): void {
  element.scrollIntoView({ block: "center" });
}

function literal(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}
