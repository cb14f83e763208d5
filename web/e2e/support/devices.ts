/** What a page is looked at with. The numbered details are shown on both: see `playwright.config.ts`. */
import type { BrowserContextOptions } from "@playwright/test";

/** A phone: a finger, a small screen. */
export const PHONE: BrowserContextOptions = {
  viewport: { width: 390, height: 844 },
  hasTouch: true,
  isMobile: true,
};

/** A window on a desk: a mouse, a keyboard. */
export const DESKTOP: BrowserContextOptions = { viewport: { width: 1280, height: 800 } };
