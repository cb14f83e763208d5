/** The main job in three engines, driven by WebDriver: `npm run engines`. Playwright only runs the tests. */
import { defineConfig } from "@playwright/test";
import { ENGINES, type EngineName } from "./drive/engines.ts";

export default defineConfig<object, { engine: EngineName }>({
  testDir: ".",
  outputDir: "../test-results/engines",
  forbidOnly: true,
  fullyParallel: true,
  workers: 2,
  retries: 0,
  timeout: 180_000,
  expect: { timeout: 10_000 },
  reporter: "list",
  projects: (Object.keys(ENGINES) as EngineName[]).map((engine) => ({ name: engine, use: { engine } })),
});
