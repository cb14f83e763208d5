/** End-to-end tests against the release binary, in the system's Chromium: nothing is downloaded. */
import { type BrowserContextOptions, defineConfig } from "@playwright/test";
import { DESKTOP, PHONE } from "./e2e/support/devices.ts";

export default defineConfig<object, { device: BrowserContextOptions }>({
  testDir: "e2e",
  outputDir: "test-results",
  forbidOnly: true,
  workers: 2,
  retries: 0,
  timeout: 60_000,
  expect: { timeout: 10_000 },
  reporter: "list",
  // Everything at a desk; what shows one of the twenty-five details on a phone too, unless it is about one of the two.
  projects: [
    { name: "desktop", grepInvert: /@phone/, use: { device: DESKTOP } },
    { name: "phone", grep: /\bdetails? \d/, grepInvert: /@desktop/, use: { device: PHONE } },
  ],
  use: {
    browserName: "chromium",
    trace: "off",
    video: "off",
    launchOptions: {
      executablePath: process.env.CHROMIUM_PATH ?? "/usr/bin/chromium",
      args: [
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
      ],
    },
  },
});
