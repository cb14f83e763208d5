/** Links that are what they look like, between the words of any script. */
import { describe, expect, test } from "vitest";
import { segments } from "./links.ts";

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

/** A text, with what of it is a link between ⟦ and ⟧. */
const BETWEEN_WORDS = [
  // Chinese and Japanese write no spaces, and have brackets and stops of their own.
  "请看⟦https://example.com/a⟧",
  "请看⟦https://example.com/a⟧谢谢",
  "请看⟦https://example.com⟧谢谢",
  "见 ⟦https://example.com/a⟧，然后",
  "见⟦https://example.com/a⟧,然后",
  "见⟦https://example.com/a⟧.然后",
  "见⟦https://example.com/a⟧；再看⟦https://b.example/⟧！",
  "去⟦https://example.com⟧和⟦https://b.example⟧吧",
  "（⟦https://example.com/a⟧）",
  "【⟦https://example.com/a?b=1⟧】",
  "《⟦https://example.com/a⟧》",
  "〈⟦https://example.com/a⟧〉、",
  "「⟦https://example.com/a⟧」を見て",
  "『⟦https://example.com/a⟧』",
  "｢⟦https://example.com/a⟧｣",
  "［⟦https://example.com/a⟧］",
  "⟦https://example.com/a⟧を見て",
  "⟦https://example.com/⟧を見て",
  "⟦https://example.com⟧です。",
  "(⟦https://example.com/a⟧)を見て",
  "'⟦https://example.com/a⟧'を見て",
  "リンクは⟦https://example.com/a?x=1&y=2#z⟧。",
  "⟦https://example.com⟧｡",
  "⟦https://example.com/a⟧～",
  "⟦https://example.com/a⟧｜⟦https://b.example/⟧",
  "⟦https://ja.wikipedia.org/wiki/東京⟧",
  "⟦https://ja.wikipedia.org/wiki/ジョン・レノン⟧、",
  "⟦https://ja.wikipedia.org/wiki/特別:検索?q=東京⟧",
  "⟦https://zh.wikipedia.org/wiki/北京市_(直辖市)⟧。",
  // Korean particles stand right behind the word.
  "⟦https://example.com⟧에서",
  "⟦https://example.com⟧을 보세요",
  "⟦https://example.com:8443⟧로",
  "⟦https://example.com/⟧에서 봐요",
  "⟦https://example.com/⟧를",
  "⟦https://example.com/a⟧에서",
  "⟦https://example.com/a?b=1⟧는",
  "⟦https://ko.wikipedia.org/wiki/대한민국⟧ 참고",
  "⟦https://ko.wikipedia.org/wiki/서울_지하철⟧.",
  // Thai, Lao, Khmer, Myanmar and Tibetan write no spaces either.
  "ดู⟦https://example.com/a⟧นะ",
  "ดูที่⟦https://example.com⟧ค่ะ",
  "⟦https://th.wikipedia.org/wiki/ประเทศไทย⟧ ฯ",
  "ເບິ່ງ⟦https://example.com/a⟧ແດ່",
  "មើល⟦https://example.com/a⟧។",
  "⟦https://example.com/a⟧၊ ကြည့်ပါ။",
  "⟦https://example.com/a⟧།",
  // Stops and question marks of other scripts.
  "انظر ⟦https://example.com/a⟧، ثم",
  "هل رأيت ⟦https://example.com/a⟧؟",
  "⟦https://example.com/a⟧؛ و⟦https://b.example⟧",
  "یہ دیکھیں ⟦https://example.com/a⟧۔",
  "⟦https://ar.wikipedia.org/wiki/القاهرة⟧، مصر",
  "ב⟦https://example.com/a⟧, ול⟦https://b.example/x⟧.",
  "⟦https://he.wikipedia.org/wiki/צה״ל⟧.",
  "देखें ⟦https://example.com/a⟧।",
  "⟦https://example.com/a⟧॥",
  "⟦https://hi.wikipedia.org/wiki/भारत⟧।",
  "Տե՛ս ⟦https://example.com/a⟧։",
  "⟦https://example.com/a⟧՝ այստեղ",
  "ይመልከቱ ⟦https://example.com/a⟧።",
  "⟦https://example.com/a⟧፣ ⟦https://b.example⟧፤",
  "Δείτε ⟦https://example.com/a⟧;",
  "см. ⟦https://ru.wikipedia.org/wiki/Москва⟧.",
  "⟦https://de.wikipedia.org/wiki/Straße_(Begriffsklärung)⟧!",
  "⟦https://fr.wikipedia.org/wiki/Cafe\u0301⟧ ?",
  "⟦https://en.wikipedia.org/wiki/Michelson–Morley_experiment⟧",
  // Quotation marks.
  "«⟦https://example.com/a⟧»",
  "“⟦https://example.com/a⟧”.",
  "„⟦https://example.com/a⟧“",
  "‘⟦https://example.com/a⟧’",
  "‹⟦https://example.com/a⟧›",
  "'⟦https://example.com/a⟧', '⟦https://b.example⟧'",
  '"⟦https://example.com/a⟧"',
  "<⟦https://example.com/a⟧>",
  // Markdown, and what else stands around an address in plain text.
  "[here](⟦https://example.com/a⟧)",
  "[here](⟦https://example.com/a_(b)⟧).",
  "[⟦https://example.com/a⟧](⟦https://b.example/⟧)",
  "**⟦https://example.com/a⟧**",
  "_⟦https://example.com⟧_",
  "{⟦https://example.com/a⟧}",
  "a|⟦https://example.com⟧|b",
  "⟦https://example.com/a⟧…",
  "⟦https://example.com/a⟧—and more",
  "⟦https://example.com/a⟧👍",
  "👉⟦https://example.com⟧👈",
  "→⟦https://example.com/a⟧",
  "⟦https://example.com/a⟧?!",
  "⟦https://example.com⟧'s page",
  "⟦https://example.com⟧, ⟦https://b.example⟧; ⟦https://c.example⟧:",
  "⟦https://example.com/a⟧\u200b",
  "⟦https://example.com⟧\u200f.",
  // What belongs to an address.
  "⟦https://en.example.org/wiki/Rock_'n'_Roll⟧",
  "⟦https://en.example.org/wiki/Rock_’n’_Roll⟧",
  "(⟦https://en.example.org/wiki/'Allo_'Allo!_(TV_series)⟧)",
  "⟦https://example.com/a[0]={b}⟧",
  "⟦https://example.com/a;b,c:d@e~f*g$h!i⟧",
  "⟦https://example.com/?q=%E6%9D%B1#:~:text=x⟧",
  "⟦https://web.archive.org/web/2020/https://example.com/⟧",
  "⟦https://xn--bcher-kva.example/⟧",
];

test.each(BETWEEN_WORDS)("%s", (marked) => {
  const text = marked.replace(/[⟦⟧]/gu, "");
  const shown = segments(text).map((segment) =>
    segment.kind === "link" ? `⟦${segment.text}⟧` : segment.text,
  );
  expect(shown.join("")).toBe(marked);
});

test.each([
  "https://bücher.example/",
  "https://example.comа.evil.example/",
  "https://example.comα",
  "https://example.comé",
  "https://example.com\u0338",
  "https://example.comｅvil",
  "https://example.com𝐞vil",
  "https://example.com。evil.example/",
  "https://example.com．evil.example",
  "https://example.com.例え.example",
  "https://example.com에@evil.example/",
  "https://example.com，@evil.example/",
  "https://example.com\u200b.evil.example/",
  "https://example.com\u2060evil",
  "https://example.com/\u200bpath",
  "https://example.com:80808080/",
  "https://example.com:@evil.example",
  "https://例え.example/",
  "https：//example.com",
  "1https://example.com",
  "éhttps://example.com",
])("no link is made of %j, in which nobody can see where it leads", (text) => {
  expect(links(text)).toEqual([]);
});

test("a long text is searched for links at once", () => {
  for (const text of [
    "https://a.example，",
    "https://a.example/(",
    "https://",
    "https://a.example/é",
    "見https://a.b",
  ]) {
    const started = performance.now();
    segments(text.repeat(16_384 / text.length));
    expect(performance.now() - started).toBeLessThan(1_000);
  }
});
