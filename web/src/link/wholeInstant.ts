/** Instants with nothing left out, for paper and for letters. */
import { locale } from "../i18n/t.ts";

/** What "full" and "short" stand for, with the zone: whoever reads it may live in another one. */
const WHOLE: Intl.DateTimeFormatOptions = {
  weekday: "long",
  year: "numeric",
  month: "long",
  day: "numeric",
  hour: "numeric",
  minute: "2-digit",
  timeZoneName: "short",
};

/** "Saturday, 1 August 2026 at 14:05 GMT+2". `at` is in Unix milliseconds. */
export function wholeInstant(at: number): string {
  return new Intl.DateTimeFormat(locale(), WHOLE).format(at);
}
