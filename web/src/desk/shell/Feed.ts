/** What the server tells this agent: on each line from where the one before broke off, also the one of an earlier visit. */
import type { Line } from "../../api/line.ts";
import { onLeave } from "../../api/pageLife.ts";
import { Problem } from "../../api/problem.ts";
import { pauseAfter } from "../../api/retry.ts";
import type { ServerFrame } from "../../api/wire.ts";
import type { FeedCursor } from "./FeedCursor.ts";

export interface FeedParts {
  readonly line: Pick<Line, "say" | "retryTime">;
  readonly cursor: FeedCursor;
  /** What happened can't be told one by one: the lists are to be read anew. */
  readonly reset: () => void;
  /** What was missed has been told, or can't be told now. */
  readonly caughtUp: () => void;
  /** Unix milliseconds. */
  readonly now: () => number;
}

export class Feed {
  readonly #parts: FeedParts;
  /** How far this tab was told, whatever others were. */
  #told: string | null;
  /** The line that was asked to tell from a point that nobody knows: until it says where, something may be missed. */
  #blind = false;
  /** Counts the lines, and how often in a row the server could not tell. */
  #lines = 0;
  #failures = 0;
  #awaiting = false;
  /** What was told and is not yet said to the person. */
  readonly #saying = new Set<Promise<void>>();
  #unhook = () => {};

  /** Before the lists are read: what another tab is told meanwhile may not be in them. */
  constructor(parts: FeedParts) {
    this.#parts = parts;
    this.#told = parts.cursor.read();
  }

  start(): void {
    this.#unhook = onLeave(() => this.#parts.cursor.flush());
  }

  stop(): void {
    this.#unhook();
    this.#lines += 1;
    this.#parts.cursor.flush();
  }

  /** A line stands. Nothing else is said on it before. */
  up(): void {
    this.#lines += 1;
    this.#awaiting = true;
    this.#blind = this.#told === null;
    this.#parts.line.say({ type: "since", cursor: this.#told });
  }

  /** Something that was told is being said to the person. Before that it does not count as told. */
  saying(said: Promise<void>): void {
    const kept = said.catch(() => undefined).finally(() => this.#saying.delete(kept));
    this.#saying.add(kept);
  }

  hear(frame: ServerFrame): void {
    if (frame.type === "upto") this.#upto(frame.cursor);
    else if (frame.type === "reset") this.#parts.reset();
    else if (frame.type === "problem" && this.#awaiting && !frame.chat && !frame.cid) {
      void this.#again(new Problem(frame.problem, frame.problem.status));
    }
  }

  #upto(cursor: string): void {
    this.#told = cursor;
    const at = this.#parts.now();
    void Promise.all(this.#saying).then(() => this.#parts.cursor.keep(cursor, at));
    if (!this.#awaiting) return;
    this.#awaiting = false;
    this.#failures = 0;
    if (this.#blind) this.#parts.reset();
    this.#parts.caughtUp();
  }

  async #again(problem: Problem): Promise<void> {
    const line = this.#lines;
    this.#failures += 1;
    this.#parts.caughtUp();
    await this.#parts.line.retryTime(pauseAfter(problem, this.#failures));
    if (line === this.#lines) this.up();
  }
}
