/** Fakes the notifications and the chime of a browser, and notes them: one without a window shows nothing. */
import type { Page } from "@playwright/test";

interface Shown {
  readonly title: string;
  readonly body: string;
  readonly tag: string;
  readonly silent: boolean;
}

export interface FakeNotifications {
  asked: number;
  closed: number;
  rung: number;
  readonly shown: Shown[];
  press: () => void;
}

declare global {
  interface Window {
    fakeNotifications: FakeNotifications;
  }
}

/** What a page asked of the browser, and what it showed and played. */
export async function notificationsOf(page: Page): Promise<Omit<FakeNotifications, "press">> {
  return page.evaluate(() => {
    const { asked, shown, closed, rung } = window.fakeNotifications;
    return { asked, shown, closed, rung };
  });
}

/** Puts them in place, with an answer that is known beforehand; a chime is counted by its first note. */
export function fakeNotifications(answer: string): void {
  const fake: FakeNotifications = { asked: 0, closed: 0, rung: 0, shown: [], press: () => {} };
  const kept = `fake notifications ${answer}`;
  class Shows extends EventTarget {
    static get permission() {
      return localStorage.getItem(kept) ?? "default";
    }
    static async requestPermission() {
      fake.asked += 1;
      localStorage.setItem(kept, answer);
      return answer;
    }
    onclick: (() => void) | null = null;
    constructor(title: string, options: Omit<Shown, "title">) {
      super();
      // Before it is allowed, one only tries.
      if (Shows.permission !== "granted") return;
      const { body, tag, silent } = options;
      fake.shown.push({ title, body, tag, silent });
      fake.press = () => this.onclick?.();
    }
    close() {
      if (Shows.permission === "granted") fake.closed += 1;
    }
  }
  const { start } = OscillatorNode.prototype;
  OscillatorNode.prototype.start = function (when?: number) {
    if (this.frequency.value === 660) fake.rung += 1;
    start.call(this, when);
  };
  Object.assign(window, { fakeNotifications: fake, Notification: Shows });
}
