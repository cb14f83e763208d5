/** A server of the release binary for one run: own port, own folder, one partner with an API key. */
import { execFileSync, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

const PROGRAM = process.env.WICKETGATE_BIN ?? join(import.meta.dirname, "../../target/release/wicketgate");
const SETUP_TOKEN = "a-token-for-the-tests-that-nobody-guesses";
const PATIENCE = 20_000;

/** Starts a server. `key` may do everything that a key may; `stop` ends it and says how it ended. */
export async function startServer() {
  const folder = mkdtempSync(join(tmpdir(), "wicketgate-clients-"));
  const port = await freePort();
  const url = `http://localhost:${port}`;
  const child = spawn(PROGRAM, ["serve", "--database", `sqlite:${join(folder, "wicketgate.db")}`], {
    cwd: folder,
    env: {
      PATH: process.env.PATH,
      HOME: folder,
      WICKETGATE_LISTEN: `127.0.0.1:${port}`,
      WICKETGATE_LIMITS: "off",
      WICKETGATE_SETUP_TOKEN: SETUP_TOKEN,
    },
    stdio: ["ignore", "ignore", "pipe"],
  });
  let log = "";
  child.stderr.on("data", (piece) => {
    log += piece;
  });
  const ended = once(child, "exit");
  const stop = async () => {
    child.kill("SIGTERM");
    const [status] = await ended;
    rmSync(folder, { recursive: true, force: true });
    const errors = log.split("\n").filter((line) => /panicked|ERROR/.test(line));
    if (status !== 0 || errors.length > 0) throw new Error(`the server ended with ${status}: ${errors.join("\n")}`);
  };
  const deadline = Date.now() + PATIENCE;
  while (!(await isReady(url))) {
    if (Date.now() > deadline || child.exitCode !== null) throw new Error(`the server did not get ready:\n${log}`);
  }
  const password = join(folder, "password");
  writeFileSync(password, "a wide green door for Ada", { mode: 0o600 });
  const words = ["partner", "create", "--server", url, "--setup-token", SETUP_TOKEN, "--name", "Ada"];
  const rest = ["--email", "ada@example.org", "--password-file", password, "--scope", "links:existing", "--json"];
  const partner = JSON.parse(execFileSync(PROGRAM, [...words, ...rest], { encoding: "utf8" }));
  return { url, partner: partner.partnerId, key: partner.apiKey, stop };
}

/** Sets another partner up, with keys that nobody holds, and signs its agent in: the session's token. */
export async function setUp(url) {
  const bytes = (length) => Buffer.alloc(length, 7).toString("base64url");
  const password = { auth: bytes(32), salt: bytes(16), rounds: 600_000, wrap: bytes(81) };
  const notBefore = Math.floor(Date.now() / 1000) - 60;
  const validity = { notBefore, notAfter: notBefore + 90 * 86_400 };
  const keys = { identity: bytes(32), agentKem: bytes(1216), agentSign: bytes(32), keyring: bytes(3000) };
  const body = {
    ...{ setupToken: SETUP_TOKEN, partnerId: randomUUID(), agentId: randomUUID(), name: "Bob", email: "bob@example.org" },
    ...{ password, recovery: { auth: bytes(32), wrap: bytes(81) }, ...keys, generation: 1, credential: "bearer" },
    certificate: { epoch: 1, ...validity, publicKey: bytes(1216), signature: bytes(64) },
  };
  const headers = { "Content-Type": "application/json" };
  const answer = await fetch(`${url}/api/setup`, { method: "POST", headers, body: JSON.stringify(body) });
  if (!answer.ok) throw new Error(await answer.text());
  return (await answer.json()).token;
}

/** A chat with a customer in it, and a link to it that is still valid, made by whoever holds the token. */
export async function openChat(url, token) {
  const call = async (path, body) => {
    const headers = { "Content-Type": "application/json", Authorization: `Bearer ${token}` };
    const answer = await fetch(url + path, { method: "POST", headers, body: JSON.stringify(body) });
    if (!answer.ok) throw new Error(await answer.text());
    return answer.json();
  };
  const chatId = "order-4711";
  const used = await call("/api/generate-secure-link", { chatId });
  const handshake = { epoch: 1, enc: Buffer.alloc(1120, 7).toString("base64url") };
  await call("/api/validate-secure-link", { linkId: used.linkId, handshake });
  const { chatRef, ref } = await call("/api/generate-secure-link", { chatId });
  return { chatRef, ref };
}

async function isReady(url) {
  try {
    return (await fetch(`${url}/readyz`)).ok;
  } catch {
    await new Promise((resolve) => setTimeout(resolve, 20));
    return false;
  }
}

async function freePort() {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address();
  server.close();
  await once(server, "close");
  return port;
}
