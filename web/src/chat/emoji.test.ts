/** Emoji that stand alone. */
import { expect, test } from "vitest";
import { loneEmoji } from "./emoji.ts";

test.each([
  ["👍", true],
  ["👩🏽‍🚀", true],
  ["🇫🇷🇩🇪", true],
  ["❤️ ", true],
  ["1️⃣", true],
  ["👍👍👍👍", false],
  ["ok 👍", false],
  ["1", false],
  ["", false],
])("%j alone is big: %s", (text, big) => {
  expect(loneEmoji(text)).toBe(big);
});
