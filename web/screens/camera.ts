/** Takes a page as a phone and a desktop see it, in light and dark, or in Arabic. */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { BrowserContextOptions, Page } from "@playwright/test";
import { PHONE as DEVICE } from "../e2e/support/devices.ts";

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
  ...DEVICE,
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
}

/** Takes a page in every size and scheme. */
export async function take(page: Page, name: string, { full = false }: Shot = {}): Promise<void> {
  await eachSize(page, async (size) => {
    for (const scheme of SCHEMES) await takeOne(page, `${name}.${size}-${scheme}`, size, scheme, full);
  });
}

/** Takes a page that speaks Arabic in every size. */
export async function takeArabic(page: Page, name: string, { full = false }: Shot = {}): Promise<void> {
  await eachSize(page, (size) => takeOne(page, `${name}.${size}-arabic`, size, "light", full));
}

type Size = keyof typeof SIZES;

/** A page of the size of a phone is looked at with a finger. */
async function eachSize(page: Page, look: (size: Size) => Promise<void>): Promise<void> {
  mkdirSync(FOLDER, { recursive: true });
  // A phone's own browser has its finger. Another one is given it for the moment, and finds its mouse at the next load.
  const finger = (await hasFinger(page)) ? null : await page.context().newCDPSession(page);
  await finger?.send("Emulation.setTouchEmulationEnabled", { enabled: true });
  await look("phone");
  await finger?.detach();
  await look("desktop");
}

function hasFinger(page: Page): Promise<boolean> {
  return page.evaluate(() => matchMedia("(any-pointer: coarse)").matches);
}

async function takeOne(
  page: Page,
  name: string,
  size: Size,
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
