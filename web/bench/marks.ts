/** Looks into a page as a person would, and notes when each thing is on the screen. */
import type { Page } from "@playwright/test";

/** Milliseconds since the address was opened; what has not come about is not there. */
export type Marks = Readonly<Partial<Record<string, number>>>;

/** What is to be seen: every selector of a moment finds something. */
export type Moments = Readonly<Record<string, readonly string[]>>;

/** Notes the moments of every document that the page opens from now on, and the first press as `press`. */
export async function noteMoments(page: Page, moments: Moments): Promise<void> {
  await page.addInitScript(note, moments);
}

/** Waits for a moment; gives all that were noted. */
export async function marksAt(page: Page, moment: string): Promise<Marks> {
  await page.waitForFunction((name) => name in (globalThis as unknown as Noted).marks, moment, {
    polling: 100,
  });
  return page.evaluate(() => (globalThis as unknown as Noted).marks);
}

interface Noted {
  marks: Record<string, number>;
}

// Runs in the page: it holds everything that it needs.
function note(moments: Moments): void {
  const marks: Record<string, number> = {};
  const waiting = new Map(Object.entries(moments));
  (globalThis as unknown as Noted).marks = marks;
  const shown = (selector: string) => {
    const found = document.querySelector(selector);
    return found?.checkVisibility() ?? false;
  };
  const look = () => {
    for (const [name, selectors] of waiting) {
      if (!selectors.every(shown)) continue;
      waiting.delete(name);
      // The frame after next is the first that begins when this change has been painted.
      requestAnimationFrame(() =>
        requestAnimationFrame(() => {
          marks[name] = performance.now();
        }),
      );
    }
  };
  const press = ({ timeStamp }: Event) => {
    marks.press ??= timeStamp;
  };
  addEventListener("pointerdown", press, { capture: true });
  new MutationObserver(look).observe(document, { subtree: true, childList: true, attributes: true });
}
