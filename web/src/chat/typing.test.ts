import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Typing } from "./typing.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test("a person who goes on typing is told of seldom", () => {
  const said: boolean[] = [];
  const typing = new Typing({ typing: (_, on) => said.push(on) > 0 }, "C");
  vi.advanceTimersByTime(1);
  typing.write(true);
  typing.write(true);
  expect(said).toEqual([true]);
  vi.advanceTimersByTime(3_000);
  typing.write(true);
  expect(said).toEqual([true, true]);
});

test("typing that could not be told of is told of with the next key", () => {
  const said: boolean[] = [];
  let up = false;
  const typing = new Typing({ typing: (_, on) => up && said.push(on) > 0 }, "C");
  vi.advanceTimersByTime(1);
  typing.write(true);
  up = true;
  typing.write(true);
  expect(said).toEqual([true]);
});
