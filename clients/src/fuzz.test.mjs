/** Schemathesis against a running server: nothing breaks it, and it answers nothing but what its document says. */
import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { promisify } from "node:util";
import { openChat, setUp, startServer } from "./server.mjs";

const run = promisify(execFile);
const here = import.meta.dirname;
const python = process.env.WICKETGATE_TOOLS ?? join(here, "../../target/tools/python/bin");
/** Seconds for each caller. */
const BUDGET = 25;

let server;

before(async () => {
  server = await startServer();
});

after(() => server?.stop());

/** Runs every check as one caller; what it found is told where it found anything. */
async function fuzz(token, more = []) {
  const config = ["--config-file", join(here, "../schemathesis.toml"), "--no-color"];
  const words = [...config, "run", `${server.url}/api/openapi.json`];
  const how = ["--checks", "all", "--max-time", `${BUDGET}`, "--seed", "1"];
  const header = ["-H", `Authorization: Bearer ${token}`];
  const { chatRef, ref } = await openChat(server.url, token);
  // It keeps what it found where it runs.
  const cwd = mkdtempSync(join(tmpdir(), "wicketgate-fuzz-"));
  const env = { ...process.env, WICKETGATE_CHAT: chatRef, WICKETGATE_LINK: ref };
  try {
    await run(join(python, "schemathesis"), [...words, ...how, ...header, ...more], { cwd, env, maxBuffer: 1 << 26 });
  } catch (fault) {
    throw new Error(`${fault.stdout}${fault.stderr}` || fault.message);
  } finally {
    rmSync(cwd, { recursive: true, force: true });
  }
}

test("as a signed-in agent", async () => fuzz(await setUp(server.url)));

test("as a program with an API key", async () => fuzz(server.key, ["--include-tag", "links"]));
