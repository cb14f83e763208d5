/** The way through both pages in the system's Firefox: `npm run firefox`. Nothing is downloaded. */
import { join } from "node:path";
import { defineConfig, type PlaywrightTestProject } from "@playwright/test";

/** What Firefox says of the pointing device where it has no screen: a finger, or a mouse. */
const FINGER = 1;
const MOUSE = 2 | 4;

export default defineConfig({
  testDir: ".",
  outputDir: "../test-results/firefox",
  forbidOnly: true,
  workers: 1,
  retries: 0,
  timeout: 120_000,
  expect: { timeout: 10_000 },
  reporter: "list",
  use: {
    browserName: "firefox",
    channel: "moz-firefox",
    trace: "off",
    video: "off",
  },
  projects: [
    window("phone", { width: 390, height: 844 }, FINGER),
    window("desktop", { width: 1280, height: 800 }, MOUSE),
  ],
});

function window(
  name: string,
  viewport: { width: number; height: number },
  pointer: number,
): PlaywrightTestProject {
  const firefoxUserPrefs = { "ui.primaryPointerCapabilities": pointer, "ui.allPointerCapabilities": pointer };
  const executablePath = join(import.meta.dirname, "firefox.mjs");
  return { name, use: { viewport, launchOptions: { executablePath, firefoxUserPrefs } } };
}
