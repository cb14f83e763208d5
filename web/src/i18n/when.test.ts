/** Times are written with formats that are made once for each locale. */
import { afterEach, expect, test, vi } from "vitest";
import { setLocale } from "./t.ts";
import { dayNumber, dayText, instantText, relativeText, timeText } from "./when.ts";

const AFTERNOON = Date.parse("2026-07-31T14:05:00Z");
const DAY = 86_400_000;

afterEach(() => {
  setLocale("en");
  vi.restoreAllMocks();
});

test("a format is made once, however many messages are shown", () => {
  setLocale("en-GB");
  expect(timeText(AFTERNOON, "UTC")).toBe("14:05");
  expect(instantText(AFTERNOON, "UTC")).toBe("31 Jul 2026, 14:05");
  expect(dayText(AFTERNOON, AFTERNOON + 30 * DAY, "UTC")).toBe("31 July 2026");
  const made = vi.spyOn(Intl, "DateTimeFormat");
  for (let minute = 0; minute < 300; minute += 1) {
    timeText(AFTERNOON + minute * 60_000, "UTC");
    instantText(AFTERNOON + minute * 60_000, "UTC");
    dayText(AFTERNOON, AFTERNOON + 30 * DAY, "UTC");
  }
  expect(made).not.toHaveBeenCalled();
});

test("two days from now are counted: the day after tomorrow may be another day", () => {
  for (const [tag, text] of [
    ["de", "in 2 Tagen"],
    ["fr", "dans 2 jours"],
    ["zh-Hans", "2天后"],
  ] as const) {
    setLocale(tag);
    expect(relativeText(AFTERNOON + 2.4 * DAY, AFTERNOON)).toBe(text);
  }
});

test("another language or zone has a format of its own", () => {
  setLocale("en-GB");
  expect(timeText(AFTERNOON, "UTC")).toBe("14:05");
  expect(timeText(AFTERNOON, "Asia/Tokyo")).toBe("23:05");
  setLocale("de");
  expect(instantText(AFTERNOON, "UTC")).toBe("31.07.2026, 14:05");
  setLocale("en-GB");
  expect(instantText(AFTERNOON, "UTC")).toBe("31 Jul 2026, 14:05");
});

test("days are counted by the parts of a date, however a browser writes one", () => {
  const formats: { readonly format: unknown } = Intl.DateTimeFormat.prototype;
  vi.spyOn(formats, "format", "get").mockReturnValue(() => "7/31/2026");
  const newYear = Date.parse("2027-01-01T00:00:00Z");
  expect(dayNumber(AFTERNOON, "UTC")).toBe(Math.floor(AFTERNOON / DAY));
  expect(dayNumber(newYear, "UTC") - dayNumber(newYear - 1, "UTC")).toBe(1);
  expect(dayNumber(newYear, "America/New_York")).toBe(dayNumber(newYear - 1, "UTC"));
  expect(dayNumber(newYear - 60_000, "Asia/Tokyo")).toBe(dayNumber(newYear, "UTC"));
  setLocale("ar-EG");
  expect(dayNumber(AFTERNOON, "UTC"), "digits of another script").toBe(Math.floor(AFTERNOON / DAY));
  setLocale("th-TH-u-ca-buddhist");
  expect(dayNumber(AFTERNOON, "UTC"), "years of another calendar").toBe(Math.floor(AFTERNOON / DAY));
});
