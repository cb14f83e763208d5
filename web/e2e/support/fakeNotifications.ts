/** A stand-in for what a browser asks, shows and plays: one without a window shows nothing. */
import type { Page } from "@playwright/test";

interface Shown {
  readonly title: string;
  readonly body: string;
  readonly tag: string;
  readonly silent: boolean;
}

export interface StandIn {
  asked: number;
  closed: number;
  rung: number;
  readonly shown: Shown[];
  press: () => void;
}

declare global {
  interface Window {
    standIn: StandIn;
  }
}

/** What a page asked of the browser, and what it showed. */
export async function record(page: Page): Promise<Omit<StandIn, "press">> {
  return page.evaluate(() => {
    const { asked, shown, closed, rung } = window.standIn;
    return { asked, shown, closed, rung };
  });
}

/** A browser's notifications, with an answer that is known beforehand; a chime is counted by its first note. */
export function standIn(answer: string): void {
  const stand: StandIn = { asked: 0, closed: 0, rung: 0, shown: [], press: () => {} };
  const kept = `stand-in ${answer}`;
  class Shows extends EventTarget {
    static get permission() {
      return localStorage.getItem(kept) ?? "default";
    }
    static async requestPermission() {
      stand.asked += 1;
      localStorage.setItem(kept, answer);
      return answer;
    }
    onclick: (() => void) | null = null;
    constructor(title: string, options: Omit<Shown, "title">) {
      super();
      // Before it is allowed, one only tries.
      if (Shows.permission !== "granted") return;
      const { body, tag, silent } = options;
      stand.shown.push({ title, body, tag, silent });
      stand.press = () => this.onclick?.();
    }
    close() {
      if (Shows.permission === "granted") stand.closed += 1;
    }
  }
  const { start } = OscillatorNode.prototype;
  OscillatorNode.prototype.start = function (when?: number) {
    if (this.frequency.value === 660) stand.rung += 1;
    start.call(this, when);
  };
  Object.assign(window, { standIn: stand, Notification: Shows });
}

/** Says that the page comes into sight or leaves it: a browser without a window never does by itself. */
export async function look(
  page: Page,
  visible: boolean,
  told: "visibilitychange" | "pageshow" = "visibilitychange",
): Promise<void> {
  await page.evaluate(
    ([state, event]) => {
      Object.defineProperty(document, "visibilityState", { configurable: true, get: () => state });
      Object.defineProperty(document, "hidden", { configurable: true, get: () => state === "hidden" });
      (event === "pageshow" ? window : document).dispatchEvent(new Event(event));
    },
    [visible ? "visible" : "hidden", told] as const,
  );
}
