/** The walls between the folders, followed through every import: the lint sees only direct ones. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { describe, expect, test } from "vitest";

const root = import.meta.dirname;

/** Every file that `entry` reaches, as a path below `src`. */
function reachedFrom(entry: string): ReadonlySet<string> {
  const seen = new Set<string>();
  const waiting = [join(root, entry)];
  for (let file = waiting.pop(); file !== undefined; file = waiting.pop()) {
    if (seen.has(file)) continue;
    seen.add(file);
    waiting.push(...importsOf(file));
  }
  return new Set([...seen].map((file) => relative(root, file)));
}

function importsOf(file: string): readonly string[] {
  if (!/\.tsx?$/.test(file)) return [];
  const source = readFileSync(file, "utf8");
  const named = [...source.matchAll(/(?:from|import)\s*\(?\s*"(\.{1,2}\/[^"?]+)/g)].map(
    ([, path]) => path ?? "",
  );
  return named
    .map((path) => resolve(dirname(file), path))
    .flatMap((path) => [path, `${path}.ts`, `${path}.tsx`].filter((each) => existsSync(each)).slice(0, 1));
}

function filesIn(folder: string): readonly string[] {
  if (!existsSync(join(root, folder))) return [];
  return readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
    .filter((name) => /\.tsx?$/.test(name))
    .map((name) => join(folder, name));
}

test("the customer's page reaches nothing of the desk", () => {
  const reached = [...reachedFrom("customer.tsx")];
  expect(reached).toContain("customer.tsx");
  expect(reached.filter((file) => file.startsWith("desk/"))).toEqual([]);
});

describe.each([
  ["link", "chat"],
  ["chat", "link"],
])("%s", (folder, other) => {
  test(`imports nothing of ${other}`, () => {
    const crossing = filesIn(folder).flatMap((file) =>
      importsOf(join(root, file))
        .map((target) => relative(root, target))
        .filter((target) => target.startsWith(`${other}/`)),
    );
    expect(crossing).toEqual([]);
  });
});

test("text imports nothing of the rest", () => {
  const folder = "text";
  const files = filesIn(folder);
  expect(files).not.toEqual([]);
  const targets = files.flatMap((file) =>
    importsOf(join(root, file)).map((target) => relative(root, target)),
  );
  expect(targets.filter((target) => !target.startsWith(`${folder}/`))).toEqual([]);
});

test("crypto imports nothing of the pages", () => {
  const outside = filesIn("crypto").flatMap((file) =>
    importsOf(join(root, file))
      .map((target) => relative(root, target))
      .filter((target) => !/^(crypto|text)\//.test(target) && !target.startsWith("../../crates/crypto/")),
  );
  expect(outside).toEqual([]);
});

test("list imports nothing of the pages", () => {
  const files = filesIn("list");
  expect(files).not.toEqual([]);
  const outside = files.flatMap((file) =>
    importsOf(join(root, file))
      .map((target) => relative(root, target))
      .filter((target) => !/^(list|api|text)\//.test(target)),
  );
  expect(outside).toEqual([]);
});
