/** Both implementations agree byte for byte: each verifies its own vectors and the other's, in every run. */
import { readFileSync, writeFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { checks } from "./vectors/check.ts";
import { makeVectors } from "./vectors/make.ts";
import type { Vectors } from "./vectors/shape.ts";

const folder = new URL("../../../crates/crypto/vectors/", import.meta.url);
const own = new URL("web.json", folder);

test("the committed vectors are the ones that this code makes", async () => {
  const made = `${JSON.stringify(await makeVectors(), null, 2)}\n`;
  if (process.env.UPDATE_VECTORS === "1") writeFileSync(own, made);
  expect(readFileSync(own, "utf8") === made, "run again with UPDATE_VECTORS=1 if this is meant").toBe(true);
});

describe.each(["web.json", "rust.json"])("%s", (name) => {
  const vectors: Vectors = JSON.parse(readFileSync(new URL(name, folder), "utf8"));

  test.each(Object.keys(checks) as (keyof Vectors)[])("%s", (kind) => run(kind, vectors));
});

function run<Kind extends keyof Vectors>(kind: Kind, vectors: Vectors): Promise<void> {
  return checks[kind](vectors[kind]);
}
