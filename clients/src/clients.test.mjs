/** What tools make of the API's document: its linter finds nothing, and what they generate works as it comes. */
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { promisify } from "node:util";
import { startServer } from "./server.mjs";

const run = promisify(execFile);
const here = import.meta.dirname;
const modules = join(here, "../node_modules");
const document = join(here, "../../docs/api/openapi.json");
/** Where the tools from PyPI are. */
const python = process.env.WICKETGATE_TOOLS ?? join(here, "../../target/tools/python/bin");

let server;
let environment;

before(async () => {
  server = await startServer();
  environment = {
    ...process.env,
    WICKETGATE_URL: server.url,
    WICKETGATE_API_KEY: server.key,
    WICKETGATE_PARTNER: server.partner,
  };
});

after(() => server?.stop());

/** A folder for one client, gone with the test. */
function folderFor(context) {
  const folder = mkdtempSync(join(tmpdir(), "wicketgate-client-"));
  context.after(() => rmSync(folder, { recursive: true, force: true }));
  symlinkSync(modules, join(folder, "node_modules"));
  return folder;
}

/** Runs a program of npm's; what it says is told where it fails. */
async function tool(name, words, options = {}) {
  try {
    return await run(process.execPath, [join(modules, name), ...words], options);
  } catch (fault) {
    throw new Error(`${name}: ${fault.stdout}${fault.stderr}`);
  }
}

/** Checks the types of a client as strictly as there is, and runs it. */
async function runTypeScript(folder, client) {
  for (const file of [`${client}.ts`, "settings.ts"]) cpSync(join(here, file), join(folder, file));
  const compilerOptions = { target: "es2022", module: "node20", lib: ["es2023", "dom", "dom.iterable"], strict: true };
  const options = { ...compilerOptions, outDir: "out", types: [], skipLibCheck: true };
  writeFileSync(join(folder, "package.json"), '{"type":"commonjs"}');
  writeFileSync(join(folder, "tsconfig.json"), JSON.stringify({ compilerOptions: options, files: [`${client}.ts`] }));
  await tool("typescript/bin/tsc", ["-p", folder], { cwd: folder });
  await run(process.execPath, [join(folder, "out", `${client}.js`)], { env: environment, cwd: folder });
}

test("the linter finds nothing", async () => {
  const config = join(here, "../redocly.yaml");
  await tool("@redocly/cli/bin/cli.js", ["lint", document, "--config", config, "--format", "stylish"], {
    env: { ...process.env, REDOCLY_TELEMETRY: "off", REDOCLY_SUPPRESS_UPDATE_NOTICE: "true" },
  });
});

test("the served document is the committed one, with the server's own address", async () => {
  const served = await (await fetch(`${server.url}/api/openapi.json`)).json();
  assert.equal(served.servers[0].url, server.url);
});

test("openapi-typescript and openapi-fetch", async (context) => {
  const folder = folderFor(context);
  mkdirSync(join(folder, "generated"));
  const words = [document, "--output", join(folder, "generated/schema.d.ts")];
  await tool("openapi-typescript/bin/cli.js", words);
  await runTypeScript(folder, "openapi_fetch");
});

test("@hey-api/openapi-ts", async (context) => {
  const folder = folderFor(context);
  const words = ["-i", document, "-o", join(folder, "generated"), "-c", "@hey-api/client-fetch", "--no-log-file"];
  await tool("@hey-api/openapi-ts/bin/run.js", words, { cwd: folder });
  await runTypeScript(folder, "hey_api");
});

test("openapi-python-client", async (context) => {
  const folder = folderFor(context);
  // Its own tidying up of what it wrote is a matter of taste.
  writeFileSync(join(folder, "config.yaml"), "post_hooks: []\n");
  const words = ["generate", "--path", document, "--meta", "none", "--output-path", join(folder, "generated")];
  const config = ["--config", join(folder, "config.yaml"), "--fail-on-warning"];
  await run(join(python, "openapi-python-client"), [...words, ...config], { cwd: folder });
  cpSync(join(here, "python_client.py"), join(folder, "python_client.py"));
  await run(join(python, "python"), [join(folder, "python_client.py")], { env: environment, cwd: folder });
});
