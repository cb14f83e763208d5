/** The time of day as a signal that moves each second while the page is in sight. */
import { type ReadonlySignal, signal } from "@preact/signals";
import { onSight } from "../api/pageLife.ts";

/** Unix milliseconds, to the second. Give it a page once. */
export function pageClock(page: Document): ReadonlySignal<number> {
  const now = signal(Date.now());
  const tick = () => {
    if (page.visibilityState === "visible") now.value = Date.now();
  };
  setInterval(tick, 1000);
  onSight(page, tick);
  return now;
}
