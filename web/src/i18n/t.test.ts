/** Texts, plural forms, times, and a catalogue without holes. */
import { describe, expect, test } from "vitest";
import english from "./catalogues/en/customer.json";
import { directionOf, t, translator } from "./t.ts";
import { dayText, relativeText } from "./when.ts";

const HOUR = 3_600_000;
const NOON = Date.parse("2026-07-31T12:00:00Z");

describe("a translator", () => {
  test("fills its braces", () => {
    expect(t("door.title", { partner: "Oak & Daughter" })).toBe("Private chat with Oak & Daughter");
    expect(t("chat.new", { count: 1 })).toBe("1 new message");
    expect(t("chat.new", { count: 1200 })).toBe("1,200 new messages");
  });

  test("gives pieces for elements, and leaves a name with braces as it is", () => {
    const name = { element: "{partner}" };
    expect(t.parts("door.title", { partner: name })).toEqual(["Private chat with ", name]);
    expect(t("door.title", { partner: "{partner}" })).toBe("Private chat with {partner}");
  });

  test("falls back to English text by text", () => {
    const translate = translator({ yes: "Yes", no: "No" });
    translate.use(["Oui", null]);
    expect([translate("yes"), translate("no")]).toEqual(["Oui", "No"]);
  });

  test("has no markup in its catalogue", () => {
    expect(JSON.stringify(english)).not.toMatch(/<|&[a-z]+;/);
  });
});

test("a relative time is told in the largest unit that fits, and is nearly rounded", () => {
  expect(relativeText(NOON + 23.6 * HOUR, NOON)).toBe("in 24 hours");
  expect(relativeText(NOON + 23.4 * HOUR, NOON)).toBe("in 23 hours");
  expect(relativeText(NOON + 1.9 * HOUR, NOON)).toBe("in 1 hour");
  expect(relativeText(NOON + 2.9 * 24 * HOUR, NOON)).toBe("in 3 days");
  expect(relativeText(NOON + 2.5 * 24 * HOUR, NOON)).toBe("in 2 days");
  expect(relativeText(NOON + 24 * HOUR - 5_000, NOON)).toBe("in 24 hours");
  expect(relativeText(NOON + HOUR - 5_000, NOON)).toBe("in 1 hour");
  expect(relativeText(NOON + 90_000, NOON)).toBe("in 1 minute");
  expect(relativeText(NOON - 2 * HOUR, NOON)).toBe("2 hours ago");
  expect(relativeText(NOON, NOON)).toBe("now");
  expect(relativeText(NOON + 30 * 24 * HOUR, NOON)).toBe("in 30 days");
});

test("Today becomes Yesterday at midnight", () => {
  const late = Date.parse("2026-07-31T23:59:59Z");
  expect(dayText(late, late, "UTC")).toBe("Today");
  expect(dayText(late, late + 1000, "UTC")).toBe("Yesterday");
  expect(dayText(late, late + 3 * 24 * HOUR, "UTC")).toBe("Friday");
  expect(dayText(late, late + 30 * 24 * HOUR, "UTC")).toBe("July 31, 2026");
});

test("Arabic and Hebrew are written from right to left, the others from left to right", () => {
  expect([directionOf("ar"), directionOf("he-IL"), directionOf("en"), directionOf("de-AT")]).toEqual([
    "rtl",
    "rtl",
    "ltr",
    "ltr",
  ]);
});
