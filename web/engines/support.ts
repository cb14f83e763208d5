/** What every test of the engines is given: a server, a line to it that can be cut, browsers with profiles that stay. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { test as base } from "@playwright/test";
import { freePort, SETUP_TOKEN, TestServer } from "../e2e/support/server.ts";
import { Browser } from "./drive/browser.ts";
import type { EngineName, Wishes } from "./drive/engines.ts";
import { Line } from "./line.ts";

export { expect } from "@playwright/test";

interface Fixtures {
  /** What all browsers reach the server by. */
  readonly line: Line;
  readonly server: TestServer;
  /** Starts a browser; a profile that was used before is the same browser, started again. */
  readonly browserOf: (who: string, wishes?: Partial<Wishes>) => Promise<Browser>;
}

interface WorkerFixtures {
  readonly engine: EngineName;
}

export const test = base.extend<Fixtures, WorkerFixtures>({
  engine: ["chromium", { scope: "worker", option: true }],

  // biome-ignore lint/correctness/noEmptyPattern: the runner reads the names of the fixtures that one asks for
  line: async ({}, use) => {
    const line = new Line();
    await use(line);
    await line.close();
  },

  server: async ({ line }, use) => {
    const server = await TestServer.start({ WICKETGATE_SETUP_TOKEN: SETUP_TOKEN }, async (port) => {
      const front = await freePort();
      await line.lead(front, port);
      return front;
    });
    await use(server);
    await server.stop();
  },

  browserOf: async ({ engine }, use, info) => {
    const profiles = mkdtempSync(join(tmpdir(), "wicketgate-profiles-"));
    const open = new Map<string, Browser>();
    await use(async (who, wishes = {}) => {
      const profile = join(profiles, who);
      mkdirSync(profile, { recursive: true });
      const browser = await Browser.start(engine, { profile, ...wishes });
      open.set(who, browser);
      return browser;
    });
    const faults: unknown[] = [];
    for (const [who, browser] of open) {
      if (info.status !== info.expectedStatus) await keepPicture(browser, info.outputPath(`${who}.png`));
      await browser.close().catch((fault: unknown) => faults.push(fault));
    }
    rmSync(profiles, { recursive: true, force: true, maxRetries: 5 });
    if (faults.length > 0) throw faults[0];
  },
});

/** For whoever looks for the fault of a test that failed. */
async function keepPicture(browser: Browser, path: string): Promise<void> {
  const picture = await browser.picture().catch(() => null);
  if (picture === null) return;
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, Buffer.from(picture, "base64"));
}
