/** Builds the two pages: hashed assets, a manifest with their SRI hashes, and a Brotli copy beside each. */
import { createHash } from "node:crypto";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, relative, resolve, sep } from "node:path";
import { brotliCompressSync, constants } from "node:zlib";
import type { Plugin } from "vite";
import { defineConfig } from "vitest/config";

const outDir = resolve(import.meta.dirname, process.env.WICKETGATE_WEB_OUT ?? "dist");

/** Adds `integrity` (sha384) to each manifest entry, lists every other asset, then compresses all of them. */
function sealAssets(): Plugin {
  return {
    name: "wicketgate-seal-assets",
    apply: "build",
    // The config file is bundled once, but workers build with their own plugin list: this runs for the page build alone.
    closeBundle: {
      order: "post",
      handler() {
        writeIntegrity(outDir);
        for (const file of filesUnder(outDir)) compress(file);
      },
    },
  };
}

type ManifestEntry = { file: string; css?: string[]; integrity?: string; [key: string]: unknown };

function writeIntegrity(root: string): void {
  const path = join(root, "manifest.json");
  const manifest: Record<string, ManifestEntry> = JSON.parse(readFileSync(path, "utf8"));
  const integrity: Record<string, string> = {};
  for (const file of filesUnder(root)) {
    if (file === path || file.endsWith(".br")) continue;
    const name = relative(root, file).split(sep).join("/");
    integrity[name] = `sha384-${createHash("sha384").update(readFileSync(file)).digest("base64")}`;
  }
  for (const entry of Object.values(manifest)) {
    const hash = integrity[entry.file];
    if (hash) entry.integrity = hash;
  }
  // `entries` says what a page loads; `integrity` names every file there is, so that `verify` can compare a live site.
  writeFileSync(path, `${JSON.stringify({ entries: manifest, integrity }, null, 2)}\n`);
}

function compress(file: string): void {
  if (!/\.(js|css|svg|json|webmanifest|txt)$/.test(file)) return;
  const source = readFileSync(file);
  const params = {
    [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY,
    [constants.BROTLI_PARAM_SIZE_HINT]: source.length,
  };
  writeFileSync(`${file}.br`, brotliCompressSync(source, { params }));
}

function filesUnder(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

export default defineConfig({
  // JSX goes to Preact through the compiler's own option: no preset, no plugin.
  oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
  plugins: [sealAssets()],
  worker: { format: "es" },
  build: {
    outDir,
    emptyOutDir: true,
    target: "es2022",
    manifest: "manifest.json",
    modulePreload: false,
    // A data: address would need a hole in the content security policy.
    assetsInlineLimit: 0,
    cssCodeSplit: true,
    reportCompressedSize: false,
    rolldownOptions: { input: { customer: "src/customer.tsx", desk: "src/desk.tsx" } },
  },
  test: { include: ["src/**/*.test.ts", "src/**/*.test.tsx"], environment: "node", testTimeout: 30_000 },
});
