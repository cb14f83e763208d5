/** Which row of the list of chats the keys lead to. */
import { expect, test } from "vitest";
import { placeAfter } from "./rowFocus.ts";

test("arrow keys go from row to row and stop at the ends", () => {
  expect(placeAfter("ArrowDown", 0, 3)).toBe(1);
  expect(placeAfter("ArrowDown", 2, 3)).toBe(2);
  expect(placeAfter("ArrowUp", 0, 3)).toBe(0);
  expect([placeAfter("Home", 2, 3), placeAfter("End", 0, 3), placeAfter("a", 1, 3)]).toEqual([0, 2, null]);
});
