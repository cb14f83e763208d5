/** What is typed and pasted, by the tables that the Rust side is held to as well. */
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { isBlank } from "./blank.ts";
import { plainDigits } from "./digits.ts";
import { typedCode, typedLine, typedPassword } from "./typed.ts";

const table = (name: string) =>
  JSON.parse(readFileSync(new URL(`../../../crates/text/cases/${name}.json`, import.meta.url), "utf8"));

const cases = (name: string) =>
  (table(name) as { typed: string; meant: string }[]).map(({ typed, meant }) => [typed, meant] as const);

test.each(cases("codes"))("the code %j is meant as %j", (typed, meant) => {
  expect(typedCode(typed)).toBe(meant);
});

test.each(cases("passwords"))("the password %j is meant as %j", (typed, meant) => {
  expect(typedPassword(typed)).toBe(meant);
  expect(typedPassword(meant)).toBe(meant);
});

test("a text is blank when nothing of it is seen", () => {
  const { blank, seen } = table("blank") as { blank: string[]; seen: string[] };
  expect(blank.filter((text) => !isBlank(text))).toEqual([]);
  expect(seen.filter(isBlank)).toEqual([]);
  expect(blank.length).toBeGreaterThan(30);
});

test.each([
  ["  Café Zürich ", "Café Zürich"],
  ["\ufeffEva\r\n", "Eva"],
  ["Cafe\u0301", "Caf\u00e9"],
  ["Anna\u00a0K.", "Anna K."],
  ["Anna\tK.\n", "Anna K."],
  ["\u202aeva@b\u00fccher.example\u202c", "eva@b\u00fccher.example"],
  ["\u2068Eva\u2069\u200e", "Eva"],
  ["order\u200b-4711\u2060", "order-4711"],
  ["Do\u00adnau", "Donau"],
  // What their scripts need stays.
  ["می\u200cخواهم", "می\u200cخواهم"],
  ["👩\u200d🚀 ❤\ufe0f", "👩\u200d🚀 ❤\ufe0f"],
  ["\u200b \ufeff", ""],
])("the line %j is meant as %j", (typed, meant) => {
  expect(typedLine(typed)).toBe(meant);
  expect(typedLine(meant)).toBe(meant);
});

test.each([
  ["٢٤", "24"],
  ["۱٫۵", "1٫5"],
  ["२४", "24"],
  ["２４", "24"],
  ["𝟚𝟜", "24"],
  ["๒๔", "24"],
  ["a1b", "a1b"],
  ["①", "①"],
])("the digits of %j are those of %j", (typed, plain) => expect(plainDigits(typed)).toBe(plain));

test("a line is spelt as the server keeps it, however it is typed", () => {
  for (const { canonical, typed } of table("lines") as { canonical: string; typed: string[] }[])
    expect([...typed, canonical].map(typedLine)).toEqual([...typed, canonical].map(() => canonical));
});
