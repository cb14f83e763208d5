/** The time of day as a signal that moves each second while the page is in sight. */
import { type ReadonlySignal, signal } from "@preact/signals";
import { onSight } from "../api/pageLife.ts";

/** Milliseconds by which two clocks may differ and count as one: an answer takes its time, and tells full seconds. */
const NEAR = 60_000;

/**
 * Unix milliseconds, to the second. Where the device's clock is wrong it is the server's time: links live by that.
 * Give it a page once; `serverTime` is asked at first and whenever the page comes into sight.
 */
export function pageClock(page: Document, serverTime: () => Promise<number | null>): ReadonlySignal<number> {
  const now = signal(Date.now());
  let ahead = 0;
  const tick = () => {
    if (page.visibilityState === "visible") now.value = Date.now() - ahead;
  };
  const compare = async () => {
    const told = await serverTime();
    if (told === null) return;
    const apart = Date.now() - told;
    ahead = Math.abs(apart) < NEAR ? 0 : apart;
    tick();
  };
  setInterval(tick, 1000);
  onSight(page, (inSight) => {
    tick();
    if (inSight) void compare();
  });
  void compare();
  return now;
}
