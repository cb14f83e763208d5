/** A browser whose person has blocked all cookies in its settings. No context can be told to: it takes a profile. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { BrowserContext, BrowserContextOptions, BrowserType, LaunchOptions } from "@playwright/test";

/** As Chromium writes "block" into its preferences. */
const BLOCK = 2;

/** Starts one with a profile of its own, and ends it when `use` is done. */
export async function withoutCookies(
  browser: BrowserType,
  options: LaunchOptions & BrowserContextOptions,
  use: (context: BrowserContext) => Promise<void>,
): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "wicketgate-e2e-profile-"));
  const preferences = { profile: { default_content_setting_values: { cookies: BLOCK } } };
  mkdirSync(join(folder, "Default"));
  writeFileSync(join(folder, "Default", "Preferences"), JSON.stringify(preferences));
  const context = await browser.launchPersistentContext(folder, options);
  try {
    await use(context);
  } finally {
    await context.close();
    rmSync(folder, { recursive: true, force: true });
  }
}
