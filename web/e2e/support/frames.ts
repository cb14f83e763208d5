/** What a page's socket is told. */
import type { Page, WebSocket } from "@playwright/test";

type Fields = Readonly<Record<string, unknown>>;

/** The frames that a page is told, from its next load on. */
export class Frames {
  readonly #frames: Fields[] = [];
  /** The sockets that have opened a chat and are still up. */
  readonly #live = new Set<WebSocket>();

  constructor(page: Page) {
    page.on("domcontentloaded", () => this.#live.clear());
    page.on("websocket", (socket) => {
      socket.on("framereceived", ({ payload }) => {
        const frame: Fields = JSON.parse(String(payload));
        this.#frames.push(frame);
        if (frame.type === "opened") this.#live.add(socket);
      });
      socket.on("close", () => this.#live.delete(socket));
    });
  }

  /** Whether a chat is open on the line: before, messages go by another way, and that one types is not said. */
  get live(): boolean {
    return this.#live.size > 0;
  }

  /** How many there were with these fields. */
  count(fields: Fields): number {
    return this.#frames.filter((frame) =>
      Object.entries(fields).every(([name, value]) => frame[name] === value),
    ).length;
  }
}
