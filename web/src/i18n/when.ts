/** Times as texts. Instants are Unix milliseconds; the zone is the browser's unless a test names one. */
import { perLocale } from "./perLocale.ts";
import { locale } from "./t.ts";

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
/** What lacks so little of the next number, as a part of it, counts as that number. */
const NEARLY = 0.05;
/** The parts of a date, largest first. What a browser writes between them is for people alone. */
const CALENDAR = ["year", "month", "day"] as const;

/** "in 23 hours", "5 minutes ago": the largest unit that fits at least once. */
export function relativeText(at: number, now: number): string {
  const apart = at - now;
  const [unit, length] = unitOf(Math.abs(apart) * (1 + NEARLY));
  const amount = Math.sign(apart) * roughly(Math.abs(apart) / length);
  // Two days from now are not the day after tomorrow, which many languages have one word for.
  return relative(locale(), amount === 0 ? "auto" : "always").format(amount, unit);
}

// Rounded down, so that nobody comes too late. But a link of 24 hours that was made a while ago has about 24 hours left.
function roughly(amount: number): number {
  const next = Math.ceil(amount);
  return next - amount <= Math.min(0.5, amount * NEARLY) ? next : Math.floor(amount);
}

function unitOf(length: number): ["day" | "hour" | "minute" | "second", number] {
  if (length >= 2 * DAY) return ["day", DAY];
  if (length >= HOUR) return ["hour", HOUR];
  if (length >= MINUTE) return ["minute", MINUTE];
  return ["second", SECOND];
}

/** "14:05". */
export function timeText(at: number, zone?: string): string {
  return format(at, "time", zone);
}

/** "Today", "Yesterday", a weekday in the last week, or the date. */
export function dayText(at: number, now: number, zone?: string): string {
  const days = dayNumber(now, zone) - dayNumber(at, zone);
  if (days === 0 || days === 1) {
    const text = relative(locale(), "auto").format(-days, "day");
    return text.charAt(0).toLocaleUpperCase(locale()) + text.slice(1);
  }
  if (days > 1 && days < 7) return format(at, "weekday", zone);
  return format(at, "date", zone);
}

/** "31 July 2026". */
export function dateText(at: number): string {
  return format(at, "date", undefined);
}

/** "14:05" today, "31 Jul 2026, 14:05" on any other day. */
export function momentText(at: number, now: number, zone?: string): string {
  return dayNumber(at, zone) === dayNumber(now, zone) ? timeText(at, zone) : instantText(at, zone);
}

/** Day and time: "31 Jul 2026, 14:05". */
export function instantText(at: number, zone?: string): string {
  return format(at, "instant", zone);
}

/** Which day an instant falls on, counted so that neighbours differ by one. */
export function dayNumber(at: number, zone?: string): number {
  const parts = calendar("en", zone).formatToParts(at);
  const [year = 0, month = 0, day = 0] = CALENDAR.map((type) =>
    Number(parts.find((part) => part.type === type)?.value),
  );
  return Date.UTC(year, month - 1, day) / DAY;
}

/** Milliseconds until the next midnight. */
export function untilMidnight(now: number): number {
  return new Date(now).setHours(24, 0, 0, 0) - now;
}

const FORMATS = {
  time: { timeStyle: "short" },
  weekday: { weekday: "long" },
  date: { dateStyle: "long" },
  instant: { dateStyle: "medium", timeStyle: "short" },
} as const;

const absolute = perLocale(
  (tag, kind: keyof typeof FORMATS, zone: string | undefined) =>
    new Intl.DateTimeFormat(tag, { ...FORMATS[kind], ...zoned(zone) }),
);

const calendar = perLocale(
  (tag, zone: string | undefined) =>
    new Intl.DateTimeFormat(tag, { year: "numeric", month: "numeric", day: "numeric", ...zoned(zone) }),
);

const relative = perLocale(
  (tag, numeric: "auto" | "always") => new Intl.RelativeTimeFormat(tag, { numeric }),
);

function format(at: number, kind: keyof typeof FORMATS, zone: string | undefined): string {
  return absolute(locale(), kind, zone).format(at);
}

function zoned(zone: string | undefined): Intl.DateTimeFormatOptions {
  return zone === undefined ? {} : { timeZone: zone };
}
