/** Makes a page as wide and as high as it is to be: its window is asked for, and what stands around it comes on top. */
import { expect } from "@playwright/test";
import { PATIENCE } from "./commands.ts";

/** In CSS pixels. */
export interface Size {
  readonly width: number;
  readonly height: number;
}

/** A window and the page in it. */
export interface Pane {
  /** The window's size, as the window itself knows it. */
  window(): Promise<Size>;
  /** The page's size, as the page has heard it so far. */
  page(): Promise<Size>;
  /** Asks for a window of this size. */
  ask(window: Size): Promise<unknown>;
}

/**
 * Asks once, and waits until the page has heard of it. It hears late: WebKit tells it nothing new before it has painted
 * what came before. Whoever takes what it says meanwhile for its new size, and asks again by that, asks for any window at
 * all: 500 less than nothing where the page still says 1280 and was to have 390.
 */
export async function sizeTo(pane: Pane, wanted: Size): Promise<void> {
  const around = await atRest(pane);
  await pane.ask({ width: wanted.width + around.width, height: wanted.height + around.height });
  await expect.poll(() => pane.page(), waiting("the page's size")).toEqual(wanted);
}

/** What stands around the page. Whoever called `sizeTo` before waited for it, so only a window just opened is not at rest. */
async function atRest(pane: Pane): Promise<Size> {
  let around: Size = { width: 0, height: 0 };
  const least = async () => {
    const [window, page] = [await pane.window(), await pane.page()];
    around = { width: window.width - page.width, height: window.height - page.height };
    return Math.min(around.width, around.height, page.width - 1, page.height - 1);
  };
  await expect.poll(least, waiting("the page is something, within its window")).toBeGreaterThanOrEqual(0);
  return around;
}

function waiting(message: string) {
  return { message, timeout: PATIENCE, intervals: [50] };
}
