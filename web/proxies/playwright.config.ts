/** Both pages and the terminal through Debian's nginx, Caddy and HAProxy: `npm run proxies`. */
import { defineConfig } from "@playwright/test";
import base from "../playwright.config.ts";

export default defineConfig({
  ...base,
  testDir: ".",
  outputDir: "../test-results/proxies",
  fullyParallel: true,
  projects: [{ name: "proxies" }],
});
