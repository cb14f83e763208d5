/** Links that are what they look like, and emoji that stand alone. */
import { describe, expect, test } from "vitest";
import { loneEmoji, segments } from "./text.ts";

const links = (text: string) =>
  segments(text).flatMap((segment) => (segment.kind === "link" ? [segment.text] : []));

describe("a link", () => {
  test("is a clean https address, without the sentence's punctuation", () => {
    expect(segments("See https://example.com/a?b=1#c.")).toEqual([
      { kind: "text", text: "See " },
      { kind: "link", text: "https://example.com/a?b=1#c", href: "https://example.com/a?b=1#c" },
      { kind: "text", text: "." },
    ]);
    expect(links("(https://en.example.org/wiki/Door_(album)), https://b.example!")).toEqual([
      "https://en.example.org/wiki/Door_(album)",
      "https://b.example",
    ]);
    expect(links("HTTPS://Example.com:8443/x")).toEqual(["HTTPS://Example.com:8443/x"]);
  });

  test("is found at once before thousands of brackets", () => {
    expect(links(`https://a.example/${")".repeat(40_000)}`)).toEqual(["https://a.example/"]);
    expect(links(`https://a.example/${"(".repeat(9_000)}${")".repeat(9_001)}`)[0]).toHaveLength(18_018);
  });

  test.each([
    "javascript:alert(1)",
    "http://example.com",
    "https://user@example.com",
    "https://example.com@evil.example/",
    "https://example.com\\@evil.example/",
    "https://\u0430pple.com/",
    "https://exam\u200bple.com/",
    "https://example",
    "https://127.0.0.1/",
    "https://example.com/\u202egpj.exe",
    "\u202e https://example.com",
    "xhttps://example.com",
    "ftp://https.example.com",
    "https://",
  ])("is not %j", (text) => {
    expect(links(text)).toEqual([]);
    expect(
      segments(text)
        .map((segment) => segment.text)
        .join(""),
    ).toBe(text);
  });

  test("leaves every character of the text where it was", () => {
    const text = "a https://a.example, https://user@b.example\n<b>https://c.example</b>";
    expect(
      segments(text)
        .map((segment) => segment.text)
        .join(""),
    ).toBe(text);
    expect(links(text)).toEqual(["https://a.example", "https://c.example"]);
  });
});

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
