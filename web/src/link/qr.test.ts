import decodeQR from "qr/decode.js";
import { expect, test } from "vitest";
import { qrPath } from "./qr.ts";

/** Paints a path the way the browser does, four pixels a module. */
function painted(size: number, path: string): { width: number; height: number; data: Uint8Array } {
  const scale = 4;
  const side = size * scale;
  const data = new Uint8Array(side * side * 4).fill(255);
  for (const [, x = "", y = "", width = ""] of path.matchAll(/M(\d+) (\d+)h(\d+)v1h-\d+z/g)) {
    for (let row = Number(y) * scale; row < (Number(y) + 1) * scale; row++) {
      for (let column = Number(x) * scale; column < (Number(x) + Number(width)) * scale; column++) {
        data.fill(0, (row * side + column) * 4, (row * side + column) * 4 + 3);
      }
    }
  }
  return { width: side, height: side, data };
}

test("a reader finds the exact address in the path", () => {
  const address = `https://chat.example.org/secure/chat/${"Ab3_-xYz".repeat(3).slice(0, 22)}#1.${"q".repeat(43)}`;
  const { size, path } = qrPath(address);
  expect(decodeQR(painted(size, path))).toBe(address);
});

test("the quiet zone is four modules on every side", () => {
  const { size, path } = qrPath("https://a.example");
  const squares = [...path.matchAll(/M(\d+) (\d+)h(\d+)/g)].map((match) => match.slice(1).map(Number));
  for (const [x = 0, y = 0, width = 0] of squares) {
    expect(Math.min(x, y)).toBeGreaterThanOrEqual(4);
    expect(Math.max(x + width, y + 1)).toBeLessThanOrEqual(size - 4);
  }
});
