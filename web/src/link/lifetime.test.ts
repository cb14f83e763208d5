import { expect, test } from "vitest";
import { countdown, ownLifetime, stateAt } from "./lifetime.ts";

const START = Date.parse("2030-01-01T00:00:00Z");
const after = (seconds: number) => new Date(START + seconds * 1000).toISOString();

test("a countdown says the two largest units", () => {
  const said = (seconds: number) => countdown(after(seconds), START, "en");
  expect(said(2 * 86_400 + 3 * 3_600 + 59)).toBe("2 days, 3 hr");
  expect(said(86_400)).toBe("24 hr");
  expect(said(86_399)).toBe("23 hr, 59 min");
  expect(said(250)).toBe("4 min, 10 sec");
  expect(said(60)).toBe("1 min");
  expect(said(1)).toBe("1 sec");
  expect(said(0)).toBe("0 sec");
  expect(said(-5)).toBe("0 sec");
});

test("a part of a second still counts", () => {
  expect(countdown(after(1), START + 200, "en")).toBe("1 sec");
});

test("a countdown speaks the reader's language", () => {
  expect(countdown(after(7_260), START, "de")).toBe("2 Std., 1 Min.");
});

test("a valid link expires by the clock, and every other state stays", () => {
  const link = { state: "valid", expiresAt: after(10) } as const;
  expect(stateAt(link, START)).toBe("valid");
  expect(stateAt(link, START + 10_000)).toBe("expired");
  expect(stateAt({ ...link, state: "used" }, START + 10_000)).toBe("used");
});

test("an own lifetime is a number from one minute to 720 hours", () => {
  expect(ownLifetime("90", "minutes")).toBe(1.5);
  expect(ownLifetime(" 1,5 ", "hours")).toBe(1.5);
  expect(ownLifetime("٣", "days")).toBe(72);
  expect(ownLifetime("１２", "hours")).toBe(12);
  expect(ownLifetime("1,25", "hours")).toBe(1.25);
  for (const either of ["1,000", "1.000"]) expect(ownLifetime(either, "minutes")).toBeNull();
  expect(ownLifetime("1", "minutes")).toBe(1 / 60);
  expect(ownLifetime("30", "days")).toBe(720);
  for (const bad of ["", "0", "-1", "1e2", "1.2.3", "soon", "31"])
    expect(ownLifetime(bad, "days")).toBeNull();
  expect(ownLifetime("0.5", "minutes")).toBeNull();
  expect(ownLifetime("721", "hours")).toBeNull();
});
