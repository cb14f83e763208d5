import { expect, test } from "vitest";
import { newer } from "./newer.ts";

test("of two rows the one with more changes counts, whichever comes later", () => {
  const [first, second] = [{ rev: 1 }, { rev: 2 }];
  expect(newer(first, second)).toBe(second);
  expect(newer(second, first)).toBe(second);
  expect(newer(null, first)).toBe(first);
  expect(newer(undefined, first)).toBe(first);
});

test("of two rows with as many changes the one that comes counts: who is there is no change", () => {
  const [away, there] = [
    { rev: 3, online: false },
    { rev: 3, online: true },
  ];
  expect(newer(away, there)).toBe(there);
  expect(newer(there, away)).toBe(away);
});
