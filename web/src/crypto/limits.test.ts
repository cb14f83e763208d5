/** How long a message may be: one table for both implementations. */
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { utf8 } from "./bytes.ts";
import { LONGEST_JSON, LONGEST_SEALED, LONGEST_TEXT } from "./lengths.ts";
import { sealMessage, textContent } from "./message.ts";

interface Limits {
  readonly text: number;
  readonly json: number;
  readonly sealed: number;
  /** `unit`, so many times. */
  readonly cases: readonly {
    readonly name: string;
    readonly unit: string;
    readonly times: number;
    readonly fits: boolean;
    readonly json?: number;
    readonly sealed?: number;
  }[];
}

const file = new URL("../../../crates/crypto/vectors/limits.json", import.meta.url);
const { cases, ...limits }: Limits = JSON.parse(readFileSync(file, "utf8"));

const place = { chatRef: new Uint8Array(16), seat: 1, role: "customer", cid: new Uint8Array(16) } as const;
const seen = { n: Number.MAX_SAFE_INTEGER, transcript: new Uint8Array(32).fill(255) };

test("both implementations have the same limits", () => {
  expect(limits).toEqual({ text: LONGEST_TEXT, json: LONGEST_JSON, sealed: LONGEST_SEALED });
});

// That nothing is sent where there is no text, the composer sees to.
test.each(cases.filter(({ times }) => times > 0))("$name", async ({ unit, times, fits, json, sealed }) => {
  const text = unit.repeat(times);
  if (!fits) {
    expect(() => textContent(text)).toThrow(expect.objectContaining({ code: "too_long" }));
    return;
  }
  const source = textContent(text);
  expect(utf8(source).length).toBe(json);
  const body = await sealMessage(new Uint8Array(32), place, seen, source, new Uint8Array(12));
  expect(body.length).toBe(sealed);
});
