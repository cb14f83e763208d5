/** Builds the key worker's page and serves it under the policy that the real pages have. */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { tmpdir } from "node:os";
import { extname, join } from "node:path";
import { build } from "vite";

const POLICY = [
  "default-src 'none'",
  "img-src 'self'",
  "script-src 'self'",
  "connect-src 'self'",
  "worker-src 'self'",
  "base-uri 'none'",
  "require-trusted-types-for 'script'",
  "trusted-types wicketgate",
].join("; ");

const TYPES: Readonly<Record<string, string>> = { ".js": "text/javascript", ".svg": "image/svg+xml" };

/** A running site. */
export interface Site {
  readonly address: string;
  close(): Promise<void>;
}

/** Starts the site on a free port of the loopback interface. */
export async function startSite(): Promise<Site> {
  const folder = mkdtempSync(join(tmpdir(), "wicketgate-key-worker-"));
  await build({
    configFile: false,
    root: join(import.meta.dirname, "../.."),
    logLevel: "error",
    worker: { format: "es" },
    build: {
      outDir: folder,
      emptyOutDir: true,
      target: "es2022",
      modulePreload: false,
      rolldownOptions: {
        input: join(import.meta.dirname, "page.ts"),
        output: { entryFileNames: "page.js" },
      },
    },
  });
  const server = createServer((request, response) => {
    const path = new URL(request.url ?? "/", "http://localhost").pathname;
    response.setHeader("Content-Security-Policy", POLICY);
    response.setHeader("Content-Type", TYPES[extname(path)] ?? "text/html");
    try {
      if (path === "/icon.svg") response.end('<svg xmlns="http://www.w3.org/2000/svg"/>');
      else response.end(path.endsWith(".js") ? readFileSync(join(folder, path)) : PAGE);
    } catch {
      response.writeHead(404).end();
    }
  });
  const port = await listening(server);
  return {
    address: `http://127.0.0.1:${port}/`,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => {
          rmSync(folder, { recursive: true });
          resolve();
        });
      }),
  };
}

const PAGE = `<!doctype html><html lang="en"><meta charset="utf-8"><title>Key worker</title>
<link rel="icon" href="/icon.svg"><script type="module" src="/page.js"></script>`;

function listening(server: Server): Promise<number> {
  return new Promise((resolve, reject) => {
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      if (typeof address === "object" && address) resolve(address.port);
      else reject(new Error("no port"));
    });
  });
}
