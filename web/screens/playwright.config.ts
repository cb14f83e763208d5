/** Pictures of every page in its states, for the eye: `cargo xtask screens`. */
import { defineConfig } from "@playwright/test";
import base from "../playwright.config.ts";

export default defineConfig({
  ...base,
  testDir: ".",
  testMatch: "*.screens.ts",
  outputDir: "../test-results/screens",
  workers: 1,
  timeout: 600_000,
});
