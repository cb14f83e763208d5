/** Builds the two pages: hashed assets, a manifest with their SRI hashes, and copies in Brotli and gzip beside each that gets smaller. */
import { createHash } from "node:crypto";
import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, relative, resolve, sep } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import type { EnvironmentOptions, Plugin } from "vite";
import { defineConfig } from "vitest/config";
import { translations } from "./scripts/catalogue.ts";

const outDir = resolve(import.meta.dirname, process.env.WICKETGATE_WEB_OUT ?? "dist");

/** The pages. Nobody visits both, so each is built by itself: nothing of one rides along with the other. */
const PAGES = ["customer", "desk"] as const;

/** Six letters tell billions of builds of one file apart, and a page names dozens of files. */
const NAMES = {
  entryFileNames: "assets/[name]-[hash:6].js",
  chunkFileNames: "assets/[name]-[hash:6].js",
  assetFileNames: "assets/[name]-[hash:6][extname]",
};

/** Adds `integrity` (sha384) to each manifest entry, lists every other asset, then compresses all of them. */
function seal(): void {
  writeIntegrity(outDir);
  for (const file of filesUnder(outDir)) compress(file);
}

type ManifestEntry = { file: string; css?: string[]; integrity?: string; [key: string]: unknown };
type Manifest = Record<string, ManifestEntry>;

function writeIntegrity(root: string): void {
  const manifest = Object.assign({}, ...PAGES.map((page) => takeManifest(root, page))) as Manifest;
  const integrity: Record<string, string> = {};
  for (const file of filesUnder(root)) {
    const name = relative(root, file).split(sep).join("/");
    integrity[name] = `sha384-${createHash("sha384").update(readFileSync(file)).digest("base64")}`;
  }
  for (const entry of Object.values(manifest)) {
    const hash = integrity[entry.file];
    if (hash) entry.integrity = hash;
  }
  // `entries` says what a page loads; `integrity` names every file there is, so that `verify` can compare a live site.
  writeFileSync(
    join(root, "manifest.json"),
    `${JSON.stringify({ entries: manifest, integrity }, null, 2)}\n`,
  );
}

/** One page's manifest, which does not stay: the pages have one together. */
function takeManifest(root: string, page: string): Manifest {
  const path = join(root, `${page}.manifest.json`);
  const manifest: Manifest = JSON.parse(readFileSync(path, "utf8"));
  rmSync(path);
  return manifest;
}

function compress(file: string): void {
  if (!/\.(js|css|svg|json|webmanifest|txt)$/.test(file)) return;
  const source = readFileSync(file);
  const copies = { br: brotli(source), gz: gzipSync(source, { level: 9 }) };
  for (const [extension, copy] of Object.entries(copies)) {
    // A file of a few bytes would only grow.
    if (copy.length < source.length) writeFileSync(`${file}.${extension}`, copy);
  }
}

/** The shortest of several ways to say the same: which one suits a file is not to be known beforehand. */
function brotli(source: Buffer): Buffer {
  const tries = [0, 16].map((block) =>
    brotliCompressSync(source, {
      params: {
        [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY,
        [constants.BROTLI_PARAM_SIZE_HINT]: source.length,
        [constants.BROTLI_PARAM_LGBLOCK]: block,
      },
    }),
  );
  return tries.reduce((best, next) => (next.length < best.length ? next : best));
}

function filesUnder(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

function pageBuild(page: (typeof PAGES)[number]): EnvironmentOptions {
  return {
    consumer: "client",
    build: {
      outDir,
      emptyOutDir: false,
      manifest: `${page}.manifest.json`,
      rolldownOptions: { input: { [page]: `src/${page}.tsx` }, output: NAMES },
    },
  };
}

/** A dynamic import as that helper is handed it, with no styles or scripts to bring along. */
const WRAPPED_IMPORT = /(?<![\w$])[\w$]{1,3}\(\(\)=>(import\(`[^`]+`\)),\[\]\)/g;

/** Texts and what few need bring neither styles nor scripts along: Vite's helper for that stays out. */
function importPlainly(): Plugin {
  return {
    name: "wicketgate-import-plainly",
    apply: "build",
    enforce: "pre",
    load: (id) =>
      id.includes("vite/preload-helper") ? "export const __vitePreload = (load) => load();" : undefined,
    generateBundle: {
      order: "post",
      handler(_, bundle) {
        for (const file of Object.values(bundle)) {
          if (file.type === "chunk") file.code = file.code.replace(WRAPPED_IMPORT, "$1");
        }
      },
    },
  };
}

/** Libraries ask Node for `crypto` where a browser lacks it; no browser that runs the pages does, and none has Node's. */
function withoutNode(): Plugin {
  return {
    name: "wicketgate-without-node",
    enforce: "pre",
    applyToEnvironment: ({ name }) => name !== "ssr",
    resolveId: (id) => (id === "crypto" ? "\0node-crypto" : undefined),
    load: (id) => (id === "\0node-crypto" ? "export const webcrypto = undefined;" : undefined),
  };
}

/**
 * X-Wing's X25519 brings SHA-2 and HMAC along as script, for salts that are not as long as the hash, which WebCrypto
 * does not take. HPKE has no such salts (RFC 9180, sections 4.1 and 5.1), so the class that goes without takes its place.
 */
function onlyNativeHash(): Plugin {
  return {
    name: "wicketgate-only-native-hash",
    apply: "build",
    enforce: "pre",
    load: (id) =>
      id.endsWith("@hpke/dhkem-x25519/esm/src/hkdfSha256.js")
        ? 'export { HkdfSha256Native as HkdfSha256 } from "@hpke/common";'
        : undefined,
  };
}

export default defineConfig({
  // JSX goes to Preact through the compiler's own option: no preset, no plugin.
  oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
  plugins: [importPlainly(), translations()],
  worker: {
    format: "es",
    rolldownOptions: { output: NAMES },
    plugins: () => [withoutNode(), onlyNativeHash()],
  },
  build: {
    target: "es2022",
    modulePreload: false,
    // A data: address would need a hole in the content security policy.
    assetsInlineLimit: 0,
    cssCodeSplit: true,
    reportCompressedSize: false,
  },
  environments: Object.fromEntries(PAGES.map((page) => [page, pageBuild(page)])),
  builder: {
    async buildApp(builder) {
      rmSync(outDir, { recursive: true, force: true });
      for (const page of PAGES) {
        const environment = builder.environments[page];
        if (environment) await builder.build(environment);
      }
      seal();
    },
  },
  test: { include: ["src/**/*.test.ts", "src/**/*.test.tsx"], environment: "node", testTimeout: 30_000 },
});
