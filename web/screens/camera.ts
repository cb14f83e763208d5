/** Takes a page as a phone and a desktop see it, in light and dark. */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { BrowserContextOptions, Page } from "@playwright/test";

/** Where the pictures go. */
export const FOLDER = process.env.SCREENS_FOLDER ?? join(import.meta.dirname, "../../target/screens");

/** What every browser is opened with: phones have two dots a pixel, and desktops are scaled back to one. */
export const LENS = {
  deviceScaleFactor: 2,
  permissions: ["clipboard-write"],
} satisfies BrowserContextOptions;

/** A customer's browser, which the server tells from a computer's by its name. */
export const PHONE = {
  ...LENS,
  viewport: { width: 390, height: 844 },
  userAgent:
    "Mozilla/5.0 (Linux; Android 15; Pixel 9) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Mobile Safari/537.36",
} satisfies BrowserContextOptions;

const SIZES = {
  phone: { viewport: { width: 390, height: 844 }, scale: "device" },
  desktop: { viewport: { width: 1280, height: 800 }, scale: "css" },
} as const;

const SCHEMES = ["light", "dark"] as const;

interface Shot {
  /** The whole length of the page, not only what is in sight. */
  readonly full?: boolean;
  /** Once more from right to left. */
  readonly mirrored?: boolean;
}

/** Takes a page in every size and scheme. */
export async function take(page: Page, name: string, { full = false, mirrored = false }: Shot = {}) {
  mkdirSync(FOLDER, { recursive: true });
  for (const size of ["phone", "desktop"] as const) {
    for (const scheme of SCHEMES) await takeOne(page, `${name}.${size}-${scheme}`, size, scheme, full);
    if (!mirrored) continue;
    await turn(page, "rtl");
    await takeOne(page, `${name}.${size}-rtl`, size, "light", full);
    await turn(page, "ltr");
  }
}

async function takeOne(
  page: Page,
  name: string,
  size: keyof typeof SIZES,
  scheme: (typeof SCHEMES)[number],
  full: boolean,
) {
  const { viewport, scale } = SIZES[size];
  await page.setViewportSize(viewport);
  await page.emulateMedia({ colorScheme: scheme });
  // As if the screen were as long as the page: what is fixed to its edges then stays out of the middle.
  if (full)
    await page.setViewportSize({ ...viewport, height: Math.max(viewport.height, await length(page)) });
  await painted(page);
  await page.screenshot({ path: join(FOLDER, `${name}.png`), scale, animations: "disabled" });
}

async function length(page: Page): Promise<number> {
  await painted(page);
  return page.evaluate(() => document.documentElement.scrollHeight);
}

/** Waits until what changed is on the screen. */
export async function painted(page: Page): Promise<void> {
  await page.evaluate(
    () => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))),
  );
}

async function turn(page: Page, direction: "ltr" | "rtl"): Promise<void> {
  await page.evaluate((to) => {
    document.documentElement.dir = to;
  }, direction);
}
