/** What a page's socket is told. */
import { expect, type Page } from "@playwright/test";

type Fields = Readonly<Record<string, unknown>>;

/** The frames that a page is told, from its next load on. */
export class Frames {
  readonly #frames: Fields[] = [];

  constructor(page: Page) {
    page.on("websocket", (socket) => {
      socket.on("framereceived", ({ payload }) => this.#frames.push(JSON.parse(String(payload))));
    });
  }

  /** How many there were with these fields. */
  count(fields: Fields): number {
    return this.#frames.filter((frame) =>
      Object.entries(fields).every(([name, value]) => frame[name] === value),
    ).length;
  }

  /** Waits until the socket has opened a chat. Before, messages go by another way, and some things are not said. */
  async opened(): Promise<void> {
    await expect.poll(() => this.count({ type: "opened" })).toBeGreaterThan(0);
  }
}
