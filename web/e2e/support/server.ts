/** A server of the release binary: own port, own folder, started and ended by the tests. */
import { type ChildProcess, execFile, spawn } from "node:child_process";
import { randomInt } from "node:crypto";
import { once } from "node:events";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { lateSockets } from "./lateSockets.ts";

const run = promisify(execFile);

/** The program under test. */
export const PROGRAM =
  process.env.WICKETGATE_BIN ?? join(import.meta.dirname, "../../../target/release/wicketgate");

/** Opens the set-up of every test server but the one that prints its own address. */
export const SETUP_TOKEN = "a-token-for-the-tests-that-nobody-guesses";

/** Milliseconds that sockets come late, where somebody looks for tests that take them for granted. */
const LATE = Number(process.env.LATE_SOCKETS ?? 0);

/** Milliseconds in which a server is ready, on a busy machine. */
const PATIENCE = 20_000;

/** A partner that a server knows. */
export interface Partner {
  readonly name: string;
  readonly email: string;
  readonly password: string;
  readonly partnerId: string;
  readonly apiKey: string;
  readonly recoveryCode: string;
}

/** A running server. */
export class TestServer {
  readonly folder = mkdtempSync(join(tmpdir(), "wicketgate-e2e-"));
  /** What it has printed so far, over all its starts. */
  printed = "";
  /** What it has logged so far, over all its starts. */
  logged = "";
  readonly #files = mkdtempSync(join(tmpdir(), "wicketgate-e2e-files-"));
  #child: ChildProcess | null = null;

  private constructor(
    /** Where people reach it. */
    readonly url: string,
    private readonly environment: Readonly<Record<string, string>>,
    /** Where it listens. */
    readonly direct = url,
  ) {}

  /** Starts one behind something that makes it reachable at that address. */
  static async behind(url: string, environment: Readonly<Record<string, string>> = {}): Promise<TestServer> {
    const port = await freePort();
    const own = { WICKETGATE_LISTEN: `127.0.0.1:${port}`, WICKETGATE_PUBLIC_URL: url };
    const server = new TestServer(url, { ...own, ...environment }, `http://127.0.0.1:${port}`);
    await server.resume();
    return server;
  }

  /**
   * Starts one that nobody has set up. Without a fixed token it prints its set-up address. `frontOf` puts something
   * before its port, and gives the port that browsers come to.
   */
  static async start(
    environment: Readonly<Record<string, string>> = {},
    frontOf: (port: number) => Promise<number> = lateFront,
  ): Promise<TestServer> {
    const port = await freePort();
    const front = await frontOf(port);
    const url = `http://localhost:${front}`;
    const server = new TestServer(url, {
      WICKETGATE_LISTEN: `127.0.0.1:${port}`,
      WICKETGATE_LIMITS: "off",
      ...(front !== port ? { WICKETGATE_PUBLIC_URL: url } : {}),
      ...environment,
    });
    await server.resume();
    return server;
  }

  /** Starts it again on the same folder and port. */
  async resume(): Promise<void> {
    const child = spawn(PROGRAM, ["serve", "--database", `sqlite:${join(this.folder, "wicketgate.db")}`], {
      cwd: this.folder,
      env: { PATH: process.env.PATH, HOME: this.folder, ...this.environment },
      stdio: ["ignore", "pipe", "pipe"],
    });
    this.#child = child;
    child.stdout.on("data", (piece: Buffer) => {
      this.printed += piece.toString();
    });
    child.stderr.on("data", (piece: Buffer) => {
      this.logged += piece.toString();
    });
    await this.#ready(child);
  }

  /** Ends it without a word, as a power cut of the process would. */
  async kill(): Promise<void> {
    await this.#end("SIGKILL");
  }

  /** Ends it as an operator would, and removes its folder. It must have ended well, without one error in its log. */
  async stop(): Promise<void> {
    const status = await this.#end("SIGTERM");
    for (const folder of [this.folder, this.#files]) rmSync(folder, { recursive: true, force: true });
    const errors = this.logged.split("\n").filter((line) => /panicked|"level":"ERROR"/.test(line));
    if (status || errors.length > 0) throw new Error(`the server ended with ${status}: ${errors.join("\n")}`);
  }

  /** Sets a partner up by the terminal. A name without Latin letters wants an address beside it. */
  async createPartner(
    name: string,
    email = `${name.toLowerCase().replace(/\W+/g, "-")}@example.org`,
  ): Promise<Partner> {
    const password = `a wide green door for ${name}`;
    const file = this.file("password", password);
    const answer = await this.run(
      "partner",
      "create",
      "--server",
      this.direct,
      "--setup-token",
      SETUP_TOKEN,
      [...["--name", name, "--email", email, "--password-file", file, "--json", "--scope", "links:existing"]],
    );
    return { name, email, password, ...JSON.parse(answer) };
  }

  /** Runs a command to its end; gives what it printed. */
  async run(...words: readonly (string | readonly string[])[]): Promise<string> {
    return (await run(PROGRAM, words.flat(), { cwd: this.folder })).stdout;
  }

  /** Writes a file outside the server's own data. */
  file(name: string, content: string): string {
    const path = join(this.#files, name);
    writeFileSync(path, content, { mode: 0o600 });
    return path;
  }

  /** Calls the API as a program does. */
  call(path: string, options: { key?: string; body?: unknown; method?: string } = {}): Promise<Response> {
    const method = options.method ?? (options.body === undefined ? "GET" : "POST");
    const headers: Record<string, string> = {};
    if (options.key !== undefined) headers.authorization = `Bearer ${options.key}`;
    if (options.body !== undefined) headers["content-type"] = "application/json";
    const body = options.body === undefined ? null : JSON.stringify(options.body);
    return fetch(this.direct + path, { method, headers, body });
  }

  /** Every byte that it keeps: the database, its journal, and what lies beside it. */
  stored(): { readonly name: string; readonly bytes: Buffer }[] {
    return readdirSync(this.folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => ({ name: entry.name, bytes: readFileSync(join(entry.parentPath, entry.name)) }));
  }

  async #ready(child: ChildProcess): Promise<void> {
    const deadline = AbortSignal.timeout(PATIENCE);
    while (!deadline.aborted && child.exitCode === null) {
      if (await isReady(this.direct)) return;
    }
    throw new Error(`the server did not get ready:\n${this.printed}\n${this.logged}`);
  }

  /** The status that it ended with; null where a signal ended it, or it runs no more. */
  async #end(signal: NodeJS.Signals): Promise<number | null> {
    const child = this.#child;
    this.#child = null;
    if (!child || child.exitCode !== null || child.signalCode !== null) return child?.exitCode ?? null;
    const gone = once(child, "exit");
    child.kill(signal);
    const [status] = await gone;
    return status as number | null;
  }
}

async function lateFront(port: number): Promise<number> {
  if (LATE === 0) return port;
  const front = await freePort();
  await lateSockets(front, port, LATE);
  return front;
}

// A refused connection is answered at once, so asking again needs no pause that a test would have to wait for.
async function isReady(url: string): Promise<boolean> {
  try {
    return (await fetch(`${url}/readyz`)).ok;
  } catch {
    await new Promise((resolve) => setTimeout(resolve, 20));
    return false;
  }
}

/**
 * A port that nobody listens on. It is below those that the system gives to outgoing connections: none takes it before
 * the server does, or between two starts of it.
 */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = randomInt(20_000, 32_768);
    const server = createServer().listen(port, "127.0.0.1");
    const isFree = await once(server, "listening").then(
      () => true,
      () => false,
    );
    if (!isFree) continue;
    server.close();
    await once(server, "close");
    return port;
  }
}
