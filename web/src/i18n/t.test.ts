/** Words, plural forms, times, and a catalogue without holes. */
import { describe, expect, test } from "vitest";
import english from "./catalogues/en/customer.json";
import { directionOf, say, sayings } from "./t.ts";
import { dayWords, relativeWords } from "./when.ts";

const HOUR = 3_600_000;
const NOON = Date.parse("2026-07-31T12:00:00Z");

describe("a saying", () => {
  test("fills its braces", () => {
    expect(say("door.title", { partner: "Oak & Daughter" })).toBe("Private chat with Oak & Daughter");
    expect(say("chat.new", { count: 1 })).toBe("1 new message");
    expect(say("chat.new", { count: 1200 })).toBe("1,200 new messages");
  });

  test("comes in pieces for elements, and a name with braces stays a name", () => {
    const name = { element: "{partner}" };
    expect(say.parts("door.title", { partner: name })).toEqual(["Private chat with ", name]);
    expect(say("door.title", { partner: "{partner}" })).toBe("Private chat with {partner}");
  });

  test("falls back to English word by word", () => {
    const saying = sayings({ yes: "Yes", no: "No" });
    saying.translate(["Oui", null]);
    expect([saying("yes"), saying("no")]).toEqual(["Oui", "No"]);
  });

  test("holds no markup", () => {
    expect(JSON.stringify(english)).not.toMatch(/<|&[a-z]+;/);
  });
});

test("times", () => {
  expect(relativeWords(NOON + 23.6 * HOUR, NOON)).toBe("in 24 hours");
  expect(relativeWords(NOON + 23.4 * HOUR, NOON)).toBe("in 23 hours");
  expect(relativeWords(NOON + 1.9 * HOUR, NOON)).toBe("in 1 hour");
  expect(relativeWords(NOON + 2.9 * 24 * HOUR, NOON)).toBe("in 3 days");
  expect(relativeWords(NOON + 2.5 * 24 * HOUR, NOON)).toBe("in 2 days");
  expect(relativeWords(NOON + 24 * HOUR - 5_000, NOON)).toBe("in 24 hours");
  expect(relativeWords(NOON + HOUR - 5_000, NOON)).toBe("in 1 hour");
  expect(relativeWords(NOON + 90_000, NOON)).toBe("in 1 minute");
  expect(relativeWords(NOON - 2 * HOUR, NOON)).toBe("2 hours ago");
  expect(relativeWords(NOON, NOON)).toBe("now");
  expect(relativeWords(NOON + 30 * 24 * HOUR, NOON)).toBe("in 30 days");
});

test("days roll at midnight", () => {
  const late = Date.parse("2026-07-31T23:59:59Z");
  expect(dayWords(late, late, "UTC")).toBe("Today");
  expect(dayWords(late, late + 1000, "UTC")).toBe("Yesterday");
  expect(dayWords(late, late + 3 * 24 * HOUR, "UTC")).toBe("Friday");
  expect(dayWords(late, late + 30 * 24 * HOUR, "UTC")).toBe("July 31, 2026");
});

test("directions", () => {
  expect([directionOf("ar"), directionOf("he-IL"), directionOf("en"), directionOf("de-AT")]).toEqual([
    "rtl",
    "rtl",
    "ltr",
    "ltr",
  ]);
});
