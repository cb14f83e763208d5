/** A day's heading, which turns from Today into Yesterday at midnight. */
import { signal } from "@preact/signals";
import { onSight } from "../api/pageLife.ts";
import { dayText, untilMidnight } from "../i18n/when.ts";

const today = signal(Date.now());

function roll(): void {
  today.value = Date.now();
  // A sleeping computer's timers are late, so the page also looks when it wakes.
  setTimeout(roll, untilMidnight(Date.now()) + 50);
}

setTimeout(roll, untilMidnight(Date.now()) + 50);
if (typeof document !== "undefined") {
  onSight(document, () => {
    today.value = Date.now();
  });
}

/** Shows on which day the messages under it were said. */
export function Day({ at }: { readonly at: number }) {
  return <p class="divider">{dayText(at, today.value)}</p>;
}
