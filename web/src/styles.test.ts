/** What holds for every style sheet: colours are tokens, directions are logical, and everything stands in a layer. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";

const root = import.meta.dirname;
const sheets = readdirSync(root, { recursive: true, encoding: "utf8" }).filter((name) =>
  name.endsWith(".css"),
);

const PHYSICAL =
  /^((min-|max-)?(width|height)|top|right|bottom|left|(margin|padding|border|inset)-(top|right|bottom|left).*)$/;

interface Declaration {
  readonly property: string;
  readonly value: string;
}

function read(name: string): string {
  return readFileSync(join(root, name), "utf8").replace(/\/\*[\s\S]*?\*\//g, "");
}

/** What comes before the opening brace of each outermost block. */
function blocksOf(source: string): readonly string[] {
  const blocks: string[] = [];
  let [depth, from] = [0, 0];
  for (const [index, sign] of [...source].entries()) {
    if (sign === "{" && depth === 0) blocks.push(source.slice(from, index).trim());
    if (sign === "{") depth += 1;
    if (sign === "}") depth -= 1;
    if (depth === 0 && (sign === "}" || sign === ";")) from = index + 1;
  }
  return blocks;
}

/** The declarations of a sheet; the queries of its at-rules are none. */
function declarationsOf(name: string): readonly Declaration[] {
  return [...read(name).matchAll(/(?<=[;{]\s*)(-{0,2}[a-z][\w-]*)\s*:\s*([^;{}]+);/g)].map(
    ([, property = "", value = ""]) => ({ property, value }),
  );
}

test("there are style sheets, and they are read", () => {
  expect(sheets.length).toBeGreaterThan(5);
  expect(declarationsOf("ui/tokens.css").length).toBeGreaterThan(20);
});

describe.each(sheets)("%s", (name) => {
  const declarations = declarationsOf(name);
  const those = (wrong: (each: Declaration) => boolean) =>
    declarations.filter(wrong).map(({ property, value }) => `${property}: ${value}`);

  test.skipIf(name === "ui/tokens.css")("takes its colours from the tokens", () => {
    const colour = /#[\da-f]{3,8}\b|\b(rgb|hsl|oklch|oklab|lab|lch)a?\(/i;
    expect(those(({ value }) => colour.test(value))).toEqual([]);
  });

  test("knows no left and right, and overrides nothing by force", () => {
    expect(those(({ property }) => PHYSICAL.test(property))).toEqual([]);
    const sided = ["text-align", "float", "clear"];
    expect(those(({ property, value }) => sided.includes(property) && /^(left|right)\b/.test(value))).toEqual(
      [],
    );
    expect(those(({ value }) => value.includes("!important"))).toEqual([]);
  });

  test("stands in layers as a whole", () => {
    expect(blocksOf(read(name)).filter((block) => !block.startsWith("@layer "))).toEqual([]);
  });
});
