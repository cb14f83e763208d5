/** Times in words are said with formats that are made once for each language. */
import { afterEach, expect, test, vi } from "vitest";
import { speak } from "./t.ts";
import { dayNumber, dayWords, instantWords, relativeWords, timeWords } from "./when.ts";

const AFTERNOON = Date.parse("2026-07-31T14:05:00Z");
const DAY = 86_400_000;

afterEach(() => {
  speak("en");
  vi.restoreAllMocks();
});

test("a format is made once, however many messages are shown", () => {
  speak("en-GB");
  expect(timeWords(AFTERNOON, "UTC")).toBe("14:05");
  expect(instantWords(AFTERNOON, "UTC")).toBe("31 Jul 2026, 14:05");
  expect(dayWords(AFTERNOON, AFTERNOON + 30 * DAY, "UTC")).toBe("31 July 2026");
  const made = vi.spyOn(Intl, "DateTimeFormat");
  for (let minute = 0; minute < 300; minute += 1) {
    timeWords(AFTERNOON + minute * 60_000, "UTC");
    instantWords(AFTERNOON + minute * 60_000, "UTC");
    dayWords(AFTERNOON, AFTERNOON + 30 * DAY, "UTC");
  }
  expect(made).not.toHaveBeenCalled();
});

test("two days from now are counted: the day after tomorrow may be another day", () => {
  for (const [tag, words] of [
    ["de", "in 2 Tagen"],
    ["fr", "dans 2 jours"],
    ["zh-Hans", "2天后"],
  ] as const) {
    speak(tag);
    expect(relativeWords(AFTERNOON + 2.4 * DAY, AFTERNOON)).toBe(words);
  }
});

test("another language or zone has its own", () => {
  speak("en-GB");
  expect(timeWords(AFTERNOON, "UTC")).toBe("14:05");
  expect(timeWords(AFTERNOON, "Asia/Tokyo")).toBe("23:05");
  speak("de");
  expect(instantWords(AFTERNOON, "UTC")).toBe("31.07.2026, 14:05");
  speak("en-GB");
  expect(instantWords(AFTERNOON, "UTC")).toBe("31 Jul 2026, 14:05");
});

test("days are counted by the parts of a date, however a browser writes one", () => {
  const formats: { readonly format: unknown } = Intl.DateTimeFormat.prototype;
  vi.spyOn(formats, "format", "get").mockReturnValue(() => "7/31/2026");
  const newYear = Date.parse("2027-01-01T00:00:00Z");
  expect(dayNumber(AFTERNOON, "UTC")).toBe(Math.floor(AFTERNOON / DAY));
  expect(dayNumber(newYear, "UTC") - dayNumber(newYear - 1, "UTC")).toBe(1);
  expect(dayNumber(newYear, "America/New_York")).toBe(dayNumber(newYear - 1, "UTC"));
  expect(dayNumber(newYear - 60_000, "Asia/Tokyo")).toBe(dayNumber(newYear, "UTC"));
  speak("ar-EG");
  expect(dayNumber(AFTERNOON, "UTC"), "digits of another script").toBe(Math.floor(AFTERNOON / DAY));
  speak("th-TH-u-ca-buddhist");
  expect(dayNumber(AFTERNOON, "UTC"), "years of another calendar").toBe(Math.floor(AFTERNOON / DAY));
});
