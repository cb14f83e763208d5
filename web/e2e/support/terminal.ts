/** The terminal client with `--json`: events line by line, texts to send on its standard input. */
import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { PROGRAM } from "./server.ts";

/** One line that the client prints. */
export type TerminalEvent = { readonly event: string } & Readonly<Record<string, unknown>>;

/** Milliseconds that an event may take, the stretching of a password included. */
const PATIENCE = 20_000;

/** A running client. */
export class Terminal {
  readonly #child: ChildProcessWithoutNullStreams;
  /** What it remembers, alone and for one run. */
  readonly #state: string;
  readonly #events: TerminalEvent[] = [];
  readonly #waiting = new Set<() => void>();
  readonly #exited: Promise<number | null>;
  #errors = "";

  constructor(...words: readonly string[]) {
    this.#state = mkdtempSync(join(tmpdir(), "wicketgate-state-"));
    this.#child = spawn(PROGRAM, [...words], { env: { ...process.env, XDG_STATE_HOME: this.#state } });
    this.#child.stderr.on("data", (piece: Buffer) => {
      this.#errors += piece.toString();
    });
    this.#child.stdin.on("error", () => {});
    const lines = createInterface({ input: this.#child.stdout });
    lines.on("line", (line) => {
      const event = JSON.parse(line) as TerminalEvent;
      this.#events.push(event);
      if (event.event === "message") this.#deal(event);
      this.#wake();
    });
    this.#exited = once(this.#child, "close").then(([code]) => {
      rmSync(this.#state, { recursive: true, force: true });
      this.#wake();
      return code as number | null;
    });
  }

  /** Everything it has printed. */
  get events(): readonly TerminalEvent[] {
    return this.#events;
  }

  /** The first event that holds all of these values, whether it has come or is still to come. */
  async event(wanted: Readonly<Record<string, unknown>>): Promise<TerminalEvent> {
    const deadline = AbortSignal.timeout(PATIENCE);
    for (;;) {
      const found = this.#events.find((event) =>
        Object.entries(wanted).every(([name, value]) => event[name] === value),
      );
      if (found) return found;
      if (deadline.aborted || this.#child.exitCode !== null) throw new Error(this.#missed(wanted));
      await this.#next(deadline);
    }
  }

  /** Sends a line of text. */
  say(text: string): void {
    this.#child.stdin.write(`${text}\n`);
  }

  /** Sends a line of text to one of several chats. */
  sayTo(chat: string, text: string): void {
    this.say(JSON.stringify({ chatId: chat, text }));
  }

  /** Ends its input; gives the status that it leaves with. */
  async end(): Promise<number | null> {
    this.#child.stdin.end();
    return this.#exited;
  }

  /** Makes sure that nothing is left running. */
  async close(): Promise<void> {
    this.#child.kill("SIGKILL");
    await this.#exited;
  }

  /** Whoever listens here has read what comes. */
  #deal({ chatId, seq }: TerminalEvent): void {
    if (!this.#child.stdin.writableEnded) this.say(JSON.stringify({ chatId, seen: seq }));
  }

  #next(deadline: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const wake = () => {
        this.#waiting.delete(wake);
        deadline.removeEventListener("abort", wake);
        resolve();
      };
      this.#waiting.add(wake);
      deadline.addEventListener("abort", wake);
    });
  }

  #wake(): void {
    for (const wake of [...this.#waiting]) wake();
  }

  #missed(wanted: unknown): string {
    const seen = this.#events.map((event) => JSON.stringify(event)).join("\n");
    return `no event like ${JSON.stringify(wanted)}; it printed:\n${seen}\n${this.#errors}`;
  }
}
