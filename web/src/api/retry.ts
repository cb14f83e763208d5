/**
 * When what failed is tried again: a line to the server, or a call. The pauses begin and end the same, and double in
 * between. The terminal keeps the same rule (`crates/client/src/backoff.rs`). All times are milliseconds.
 */
import { isPassing, type Problem } from "./problem.ts";

const FIRST = 500;
/** The longest pause while a line has been away for less than `KEEN`. */
const STEADY = 3_000;
/** For how long a line that went away is expected back at any moment. */
const KEEN = 120_000;
const LONGEST = 30_000;
/** A connection that stood for so long had nothing wrong with it. */
const STANDING = 10_000;

/** What went wrong: nobody answers, nobody answers and nobody waits for it, or somebody answers and does not want to. */
export type Failure = "lost" | "hidden" | "refused";

/** How often a call is made for somebody who waits for its answer, before its fault is shown. */
export const TRIES = 5;

/** How a call is repeated. */
export interface Repetition {
  /** Waits so long, or until it is worth a try sooner. */
  readonly wait: (milliseconds: number) => Promise<void>;
  /** How often the call is made at most; until it works, when left out. */
  readonly tries?: number;
  /** Whether nobody wants the answer any more. */
  readonly isOver?: () => boolean;
}

/** Makes a call, and makes it again while its fault may pass. Rejects with the last fault. */
export async function retry<T>(call: () => Promise<T>, { wait, tries, isOver }: Repetition): Promise<T> {
  for (let failures = 1; ; failures += 1) {
    try {
      return await call();
    } catch (fault) {
      if (failures === tries || isOver?.() || !isPassing(fault)) throw fault;
      await wait(pauseAfter(fault, failures));
      if (isOver?.()) throw fault;
    }
  }
}

/** How long to wait after a call failed for so many times in a row: at least as long as the server asks for. */
export function pauseAfter(problem: Problem, failures: number): number {
  return Math.max(problem.retryAfter, doubled(FIRST, failures - 1, LONGEST));
}

/**
 * Counts a line's failures in a row. Its pauses are jittered, so that a thousand pages that lost their lines together do
 * not come back in step. Times and `random`, in [0, 1), come from outside.
 */
export class Backoff {
  #failures = 0;
  /** How many of them came after it was plain that this takes longer. */
  #slow = 0;
  #lostAt = 0;
  #upAt = Number.POSITIVE_INFINITY;

  /** How long to wait after one more failure. */
  after(failure: Failure, now: number, random: number): number {
    if (now - this.#upAt >= STANDING) this.worked();
    this.#upAt = Number.POSITIVE_INFINITY;
    if (this.#failures === 0) this.#lostAt = now;
    if (failure !== "lost" || now - this.#lostAt >= KEEN) this.#slow += 1;
    const limit = this.#slow ? doubled(STEADY, this.#slow, LONGEST) : doubled(FIRST, this.#failures, STEADY);
    this.#failures += 1;
    // Half of it is certain after a refusal: that is never answered with a try at once.
    return Math.round(limit * (failure === "refused" ? (1 + random) / 2 : random));
  }

  /** A connection stands. That alone is no success: it may be refused as soon as something is said on it. */
  up(now: number): void {
    this.#upAt = now;
  }

  /** It worked: the next failure is the first again. */
  worked(): void {
    this.#failures = 0;
    this.#slow = 0;
  }
}

function doubled(first: number, times: number, longest: number): number {
  return Math.min(longest, first * 2 ** times);
}

/** Waits, unless the signal ends it sooner. Never rejects. */
export function pause(milliseconds: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(finish, signal?.aborted ? 0 : milliseconds);
    function finish() {
      clearTimeout(timer);
      signal?.removeEventListener("abort", finish);
      resolve();
    }
    signal?.addEventListener("abort", finish, { once: true });
  });
}
