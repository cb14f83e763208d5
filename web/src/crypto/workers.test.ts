/** What is built: a file that a worker starts with is imported by no other, for WebKit would run it twice. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { createBuilder, parseAst } from "vite";
import { afterAll, beforeAll, expect, test, vi } from "vitest";

const web = join(import.meta.dirname, "../..");
let out: string;
let assets: readonly Asset[];

/** A built script: what it imports, and every other text in it, among which are the addresses of workers. */
interface Asset {
  readonly name: string;
  readonly imports: readonly string[];
  readonly texts: readonly string[];
}

beforeAll(async () => {
  out = mkdtempSync(join(tmpdir(), "wicketgate-built-"));
  vi.stubEnv("WICKETGATE_WEB_OUT", out);
  vi.stubEnv("NODE_ENV", "production");
  const builder = await createBuilder({ root: web, logLevel: "error" });
  await builder.buildApp();
  assets = scriptsIn(join(out, "assets"));
}, 120_000);

afterAll(() => {
  vi.unstubAllEnvs();
  rmSync(out, { recursive: true, force: true });
});

test("no script imports the file that a worker starts with", () => {
  const names = assets.map(({ name }) => name);
  const workers = names.filter((name) => assets.some(({ texts }) => texts.includes(`/assets/${name}`)));
  const importers = assets.filter(({ imports }) => imports.some((name) => workers.includes(name)));
  expect(importers.map(({ name }) => name)).toEqual([]);
  expect(workers.map((name) => name.replace(/-[\w-]{6}\.js$/, ""))).toEqual([
    "customer.worker",
    "desk.worker",
  ]);
});

test("a customer's worker holds nothing of the desk", () => {
  const desk = "wicketgate/1 keyring";
  const holders = assets.filter(({ texts }) => texts.includes(desk)).map(({ name }) => name);
  expect(holders).toEqual([expect.stringMatching(/^desk\.worker-/)]);
});

function scriptsIn(folder: string): readonly Asset[] {
  const names = readdirSync(folder).filter((name) => name.endsWith(".js"));
  return names.sort().map((name) => {
    const asset = { name, imports: [] as string[], texts: [] as string[] };
    collect(parseAst(readFileSync(join(folder, name), "utf8")), asset);
    return asset;
  });
}

/** Walks a syntax tree (https://github.com/estree/estree), whatever its nodes are. */
function collect(node: unknown, into: { imports: string[]; texts: string[] }): void {
  if (typeof node !== "object" || node === null) return;
  if (Array.isArray(node)) {
    for (const part of node) collect(part, into);
    return;
  }
  const { source, ...rest } = node as { source?: unknown };
  const imported = textOf(source);
  if (imported !== null) into.imports.push(basename(imported));
  const text = textOf(node);
  if (text !== null) into.texts.push(text);
  else for (const part of Object.values(rest)) collect(part, into);
}

/** What a text says that is written out, in quotes or without gaps in a template. */
function textOf(node: unknown): string | null {
  const { type, value, quasis } = (node ?? {}) as {
    type?: string;
    value?: unknown;
    quasis?: readonly { value: { cooked: string } }[];
  };
  if (type === "Literal" && typeof value === "string") return value;
  if (type === "TemplateLiteral" && quasis?.length === 1) return quasis[0]?.value.cooked ?? null;
  return null;
}
