/** One announcer: no other part of a page is a live region that waits for its turn, but the conversation. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

const root = join(import.meta.dirname, "..");

/** Where one may stand: the announcer itself, and the log. */
const ALLOWED = new Set(["ui/announcer.ts", "chat/Thread.tsx"]);

test("nothing but the announcer and the log is a polite live region", () => {
  const found = readdirSync(root, { recursive: true, encoding: "utf8" })
    .filter((name) => /(?<!\.test)\.tsx?$/.test(name) && !ALLOWED.has(name))
    .filter((name) =>
      /role="status"|<output|aria-live="(?!off")/.test(readFileSync(join(root, name), "utf8")),
    );
  expect(found, "say it with <Announced> or announce() of ui/").toEqual([]);
});
