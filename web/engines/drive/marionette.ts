/**
 * WebDriver over Marionette, Firefox's own way: the program that would translate it from HTTP is none of Debian's.
 * Each message is its length in bytes, a colon, and `[0, id, command, parameters]` or `[1, id, error, value]`.
 * https://firefox-source-docs.mozilla.org/testing/marionette/Protocol.html
 */

import type { ChildProcess } from "node:child_process";
import { readFileSync } from "node:fs";
import { connect, type Socket } from "node:net";
import { join } from "node:path";
import { end, start } from "./child.ts";
import { COMMANDS, type CommandName, PATIENCE, type Parameters, type Wire } from "./commands.ts";

/** Starts Firefox on a profile whose preferences let it choose Marionette's port. */
export async function overMarionette(
  program: string,
  words: readonly string[],
  profile: string,
): Promise<Wire> {
  const child = start(program, [
    ...words,
    "--marionette",
    "--remote-allow-system-access",
    "--profile",
    profile,
  ]);
  child.stdout?.resume();
  child.stderr?.resume();
  try {
    const wire = new MarionetteWire(child, await connected(child, join(profile, "MarionetteActivePort")));
    await wire.ask("WebDriver:NewSession", { pageLoadStrategy: "normal" });
    return wire;
  } catch (error) {
    await end(child);
    throw error;
  }
}

// The file comes with the port, and the port with somebody who listens there.
async function connected(child: ChildProcess, file: string): Promise<Socket> {
  const deadline = AbortSignal.timeout(PATIENCE);
  while (!deadline.aborted && child.exitCode === null) {
    const socket = await tryPort(file);
    if (socket) return socket;
  }
  throw new Error(`${child.spawnfile} did not get ready`);
}

async function tryPort(file: string): Promise<Socket | null> {
  try {
    const socket = connect(Number(readFileSync(file, "utf8")), "127.0.0.1");
    return await new Promise((resolve, reject) => {
      socket.once("connect", () => resolve(socket));
      socket.once("error", reject);
    });
  } catch {
    await new Promise((resolve) => setTimeout(resolve, 20));
    return null;
  }
}

/** Runs in the browser itself: errors in its console that a page's script or a policy is reproached with. */
const COMPLAINTS = `return Services.console.getMessageArray()
  .filter((each) => each instanceof Ci.nsIScriptError && !(each.flags & Ci.nsIScriptError.warningFlag))
  .filter(({ category, sourceName }) =>
    // What another origin refuses has no place in any script.
    /^CORS/.test(category) || (/javascript|CSP|Trusted/i.test(category) && /^http/.test(sourceName)))
  .map(({ category, errorMessage, sourceName }) => [category, errorMessage, sourceName].join(" "));`;

interface Asked {
  resolve(value: unknown): void;
  reject(reason: Error): void;
}

class MarionetteWire implements Wire {
  readonly #asked = new Map<number, Asked>();
  #held = Buffer.alloc(0);
  #asks = 0;

  constructor(
    private readonly child: ChildProcess,
    private readonly socket: Socket,
  ) {
    socket.on("data", (bytes) => this.#take(bytes));
    socket.on("close", () => {
      for (const { reject } of this.#asked.values()) reject(new Error("Firefox is gone"));
    });
  }

  async command(name: CommandName, parameters: Parameters = {}): Promise<unknown> {
    const value = await this.ask(COMMANDS[name][2], parameters);
    // What is no object comes in one.
    const only = typeof value === "object" && value !== null && Object.keys(value).join() === "value";
    return only ? (value as { value: unknown }).value : value;
  }

  ask(command: string, parameters: Parameters): Promise<unknown> {
    if (this.socket.destroyed) return Promise.reject(new Error("Firefox is gone"));
    this.#asks += 1;
    const id = this.#asks;
    const text = JSON.stringify([0, id, command, parameters]);
    return new Promise((resolve, reject) => {
      const deadline = setTimeout(() => reject(new Error(`${command} took too long`)), PATIENCE);
      const settled = <T>(settle: (value: T) => void) => {
        return (value: T) => {
          clearTimeout(deadline);
          settle(value);
        };
      };
      this.#asked.set(id, { resolve: settled(resolve), reject: settled(reject) });
      this.socket.write(`${Buffer.byteLength(text)}:${text}`);
    });
  }

  async complaints(): Promise<readonly string[]> {
    await this.ask("Marionette:SetContext", { value: "chrome" });
    const said = await this.command("script", { script: COMPLAINTS, args: [] });
    await this.ask("Marionette:SetContext", { value: "content" });
    return said as string[];
  }

  async close(): Promise<void> {
    try {
      await this.ask("Marionette:Quit", { flags: ["eForceQuit"] });
    } finally {
      this.socket.destroy();
      await end(this.child);
    }
  }

  #take(bytes: Buffer): void {
    this.#held = Buffer.concat([this.#held, bytes]);
    for (;;) {
      const start = this.#held.indexOf(":") + 1;
      const stop = start + Number(this.#held.toString("latin1", 0, start - 1));
      if (start === 0 || this.#held.length < stop) return;
      this.#read(JSON.parse(this.#held.toString("utf8", start, stop)));
      this.#held = this.#held.subarray(stop);
    }
  }

  // The first message says who speaks, and answers nothing.
  #read(message: unknown): void {
    if (!Array.isArray(message)) return;
    const [, id, error, value] = message as [1, number, { error: string; message: string } | null, unknown];
    const asked = this.#asked.get(id);
    this.#asked.delete(id);
    if (error) asked?.reject(new Error(`${error.error}: ${error.message}`));
    else asked?.resolve(value);
  }
}
