/** When a line is tried again: the same rule as the terminal's, without a clock. */
import { expect, test } from "vitest";
import { Backoff, type Failure } from "./backoff.ts";

/** The waits after failures in a row, each try failing at once. */
function waits(failure: Failure, random: number): number[] {
  const backoff = new Backoff();
  let now = 1_000;
  return Array.from({ length: 60 }, () => {
    const wait = backoff.after(failure, now, random);
    now += wait;
    return wait;
  });
}

test("a lost line is tried every three seconds for two minutes, and then ever less often", () => {
  const all = waits("lost", 1);
  expect(all.slice(0, 4)).toEqual([500, 1_000, 2_000, 3_000]);
  const slower = all.findIndex((wait) => wait > 3_000);
  const before = all.slice(0, slower).reduce((sum, wait) => sum + wait, 0);
  expect(before).toBeGreaterThanOrEqual(120_000);
  expect(before).toBeLessThanOrEqual(123_000);
  expect(all.slice(slower, slower + 4)).toEqual([6_000, 12_000, 24_000, 30_000]);
  expect(all.at(-1)).toBe(30_000);
  expect(waits("lost", 0)).toEqual(Array(60).fill(0));
});

test("a page that nobody sees does not hurry", () => {
  expect(waits("hidden", 1).slice(0, 5)).toEqual([6_000, 12_000, 24_000, 30_000, 30_000]);
});

test("a refusal backs off at once, and is never followed by a try at once", () => {
  expect(waits("refused", 1).slice(0, 5)).toEqual([6_000, 12_000, 24_000, 30_000, 30_000]);
  expect(waits("refused", 0).slice(0, 5)).toEqual([3_000, 6_000, 12_000, 15_000, 15_000]);
});

test("a connection that stands for a moment is no success", () => {
  const backoff = new Backoff();
  expect(backoff.after("refused", 0, 1)).toBe(6_000);
  backoff.up(6_000);
  expect(backoff.after("refused", 7_000, 1)).toBe(12_000);
  backoff.up(20_000);
  expect(backoff.after("refused", 30_000, 1)).toBe(6_000);
  backoff.worked();
  expect(backoff.after("lost", 31_000, 1)).toBe(500);
});
