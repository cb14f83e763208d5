/** Days and instants with nothing left out, for paper, for letters, and for lists that reach far back. */
import { language } from "../say/say.ts";

/** "Saturday, 1 August 2026 at 14:05". `at` is in Unix milliseconds. */
export function wholeInstant(at: number): string {
  return new Intl.DateTimeFormat(language(), { dateStyle: "full", timeStyle: "short" }).format(at);
}

/** "1 August 2026". `at` is in Unix milliseconds. */
export function wholeDay(at: number): string {
  return new Intl.DateTimeFormat(language(), { dateStyle: "long" }).format(at);
}
