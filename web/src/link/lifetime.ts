/** How long links live, and where one stands at an instant. Times are Unix milliseconds. */
import { perLocale } from "../i18n/perLocale.ts";
import { plainDigits } from "../text/digits.ts";
import { typedLine } from "../text/typed.ts";

/** The lifetimes to choose from, in hours. */
export const LIFETIMES = [1, 24, 72, 168] as const;

/** What a link gets when nothing else is chosen, in hours. */
export const DEFAULT_LIFETIME = 24;

/** The units of an own lifetime, in hours. */
export const OWN_UNITS = { minutes: 1 / 60, hours: 1, days: 24 } as const;

export type OwnUnit = keyof typeof OWN_UNITS;

/** The shortest and the longest lifetime that the desk offers, in hours. */
const [SHORTEST, LONGEST] = [OWN_UNITS.minutes, 720];

/** An own lifetime in hours; null when it is no number, or not from one minute to 720 hours. */
export function ownLifetime(text: string, unit: OwnUnit): number | null {
  const plain = plainDigits(typedLine(text).normalize("NFKC"));
  // "1,000" is a thousand to some and one to others.
  if (/^\d+[.,]\d{3}$/.test(plain)) return null;
  const number = plain.replace(/[,٫]/, ".");
  if (!/^\d+(\.\d+)?$/.test(number)) return null;
  const hours = Number(number) * OWN_UNITS[unit];
  return hours >= SHORTEST && hours <= LONGEST ? hours : null;
}

export type LinkState = "valid" | "used" | "expired" | "revoked" | "not_found";

/** What says where a link stands. */
interface Standing {
  readonly state: LinkState;
  readonly expiresAt: string;
}

/** The state that the server gave, moved on by the clock: nobody tells of the moment a link expires. */
export function stateAt(link: Standing, now: number): LinkState {
  return link.state === "valid" && Date.parse(link.expiresAt) <= now ? "expired" : link.state;
}

/** A link as the end of its chat leaves it: whoever could still come in no longer can. */
export function endedWith<Link extends Standing>(link: Link, endedAt: string): Link {
  if (stateAt(link, Date.parse(endedAt)) !== "valid") return link;
  return { ...link, state: "revoked", revokedAt: endedAt };
}

const UNITS = [
  ["day", 86_400],
  ["hour", 3_600],
  ["minute", 60],
  ["second", 1],
] as const;

/** A countdown in the reader's language, the two largest units: "2 days, 3 hours", "23 hr, 59 min", "4 min, 10 sec". */
export function countdown(until: string, now: number, locale: string): string {
  const seconds = Math.max(0, Math.ceil((Date.parse(until) - now) / 1000));
  const first = Math.min(
    // A link of 24 hours has hours left, and not a day: the words are those of the choice that it was made with.
    UNITS.findIndex(([unit, length]) => seconds >= (unit === "day" ? 2 : 1) * length),
    UNITS.length - 2,
  );
  const from = first < 0 ? UNITS.length - 2 : first;
  const [[large, largeLength], [small, smallLength]] = [UNITS[from], UNITS[from + 1]] as [Unit, Unit];
  const counts: [string, number][] = [
    [large, Math.floor(seconds / largeLength)],
    [small, Math.floor((seconds % largeLength) / smallLength)],
  ];
  const shown = counts.filter(([, count]) => count > 0);
  return lists(locale).format(
    (shown.length > 0 ? shown : counts.slice(1)).map(([unit, count]) => amountText(unit, count, locale)),
  );
}

type Unit = (typeof UNITS)[number];

const lists = perLocale((tag) => new Intl.ListFormat(tag, { type: "unit", style: "short" }));

const amounts = perLocale(
  (tag, unit: string) => new Intl.NumberFormat(tag, { style: "unit", unit, unitDisplay: "short" }),
);

function amountText(unit: string, count: number, locale: string): string {
  return amounts(locale, unit).format(count);
}
