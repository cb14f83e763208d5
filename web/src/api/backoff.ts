/** How long to wait before the next try: full jitter, so that a thousand pages do not come back in step. */

const FIRST = 500;
const LONGEST = 30_000;

/** Milliseconds before try number `failures + 1`; `random` is in [0, 1). */
export function backoff(failures: number, random: number): number {
  return Math.round(random * Math.min(LONGEST, FIRST * 2 ** failures));
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
