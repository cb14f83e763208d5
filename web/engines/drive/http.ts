/** WebDriver over HTTP: a driver of its own for each session, since WebKit's has no more than one. */
import type { ChildProcess } from "node:child_process";
import { createInterface } from "node:readline";
import { end, printed, start } from "./child.ts";
import { COMMANDS, type CommandName, LEAVING, PATIENCE, type Parameters, type Wire } from "./commands.ts";
import { isOfLeaving } from "./leaving.ts";

/** How a driver is started, and what it says of its port where it chooses that itself. */
export interface Driver {
  readonly program: string;
  readonly words: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly port: number | RegExp;
}

/** Starts a driver and, through it, a browser with these capabilities. */
export async function overHttp(driver: Driver, capabilities: Parameters): Promise<Wire> {
  const child = start(driver.program, driver.words, driver.environment);
  try {
    const port = await portOf(child, driver.port);
    const base = `http://127.0.0.1:${port}/session`;
    const body = { capabilities: { alwaysMatch: capabilities } };
    const { sessionId } = (await ask("POST", base, body)) as { sessionId: string };
    return new HttpWire(child, `${base}/${sessionId}`);
  } catch (error) {
    await end(child);
    throw error;
  }
}

async function portOf(child: ChildProcess, port: number | RegExp): Promise<string | number> {
  if (typeof port !== "number") return printed(child, port);
  child.stdout?.resume();
  child.stderr?.resume();
  const deadline = AbortSignal.timeout(PATIENCE);
  while (!deadline.aborted && child.exitCode === null) {
    if (await isReady(port)) return port;
  }
  throw new Error(`${child.spawnfile} did not get ready on port ${port}`);
}

// A refused connection is answered at once.
async function isReady(port: number): Promise<boolean> {
  try {
    return (await fetch(`http://127.0.0.1:${port}/status`)).ok;
  } catch {
    await new Promise((resolve) => setTimeout(resolve, 20));
    return false;
  }
}

/** How WebKit begins a line about a fault of a script or a broken policy. */
const WEBKIT_COMPLAINT = /CONSOLE (JS|SECURITY) ERROR/;

/** What Chromium's console calls the same. Its messages about the network are none of a page's faults. */
const CHROMIUM_COMPLAINT = ["javascript", "security", "worker", "violation", "console-api"];

class HttpWire implements Wire {
  readonly #printed: string[] = [];

  constructor(
    private readonly child: ChildProcess,
    private readonly session: string,
  ) {
    for (const output of [child.stdout, child.stderr]) {
      if (output) createInterface({ input: output }).on("line", (line) => this.#printed.push(line));
    }
  }

  async complaints(): Promise<readonly string[]> {
    await untilRead();
    const printed = this.#printed.filter((line) => WEBKIT_COMPLAINT.test(line));
    if (!this.child.spawnfile.includes("chromedriver")) return printed;
    const entries = (await ask("POST", `${this.session}/se/log`, { type: "browser" })) as {
      readonly level: string;
      readonly source: string;
      readonly message: string;
    }[];
    return entries
      .filter(({ level, source }) => level === "SEVERE" && CHROMIUM_COMPLAINT.includes(source))
      .map(({ message }) => message);
  }

  async command(name: CommandName, parameters: Parameters = {}): Promise<unknown> {
    const [method, path] = COMMANDS[name];
    const { id, ...body } = parameters;
    const before = this.#printed.length;
    const answer = await ask(method, `${this.session}/${path.replace("{id}", String(id))}`, body);
    if (LEAVING.includes(name)) await this.#left(before);
    return answer;
  }

  // A page says its last before the next one has come.
  async #left(before: number): Promise<void> {
    await untilRead();
    const since = this.#printed.splice(before);
    this.#printed.push(...since.filter((line) => !isOfLeaving(line)));
  }

  async close(): Promise<void> {
    try {
      await ask("DELETE", this.session);
    } finally {
      await end(this.child);
    }
  }
}

/** What was printed before an answer came is there with it, and read before the turn is over. */
function untilRead(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

async function ask(method: "GET" | "POST" | "DELETE", address: string, body: Parameters = {}) {
  const answer = await fetch(address, {
    method,
    signal: AbortSignal.timeout(PATIENCE),
    ...(method === "POST" && { body: JSON.stringify(body) }),
  });
  const { value } = (await answer.json()) as { value: unknown };
  if (answer.ok) return value;
  const { error, message } = value as { error: string; message: string };
  throw new Error(`${method} ${new URL(address).pathname}: ${error}: ${message}`);
}
