/**
 * How long to wait before the next try: jittered, so that a thousand pages do not come back in step. The terminal keeps
 * the same rule (`crates/client/src/backoff.rs`). All times are milliseconds.
 */

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

/** Counts failures in a row. Times and `random`, in [0, 1), come from outside. */
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
    const limit = this.#slow
      ? Math.min(LONGEST, STEADY * 2 ** this.#slow)
      : Math.min(STEADY, FIRST * 2 ** this.#failures);
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
