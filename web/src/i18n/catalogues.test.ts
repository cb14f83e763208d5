/** Every language has every text: the same keys, the same braces, its own plural forms, and no markup. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { LANGUAGES, type Language, localeFor } from "./languages.ts";
import { loadDeskTexts } from "./loadDesk.ts";
import { directionOf, type Entry, type TextKey, t } from "./t.ts";
import { type DeskTextKey, tDesk } from "./tDesk.ts";
import { type SeldomTextKey, tSeldom } from "./tSeldom.ts";

type Catalogue = Readonly<Record<string, Entry>>;

const sources = join(import.meta.dirname, "..");
const catalogues = join(import.meta.dirname, "catalogues");
const OTHERS = LANGUAGES.filter((language) => language !== "en");
/** The catalogues of a language. */
const KINDS = ["customer", "seldom", "desk"] as const;
/** What turns text around, hides in it, or steers: none of it can be seen by who reads a catalogue. */
const UNSEEN = /[\p{Cc}\u00ad\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]/u;

function catalogue(kind: (typeof KINDS)[number], language: Language): Catalogue {
  return JSON.parse(readFileSync(join(catalogues, language, `${kind}.json`), "utf8"));
}

function sentencesOf(entry: Entry): readonly string[] {
  return typeof entry === "string" ? [entry] : Object.values(entry).filter((form) => form !== undefined);
}

function bracesIn(sentence: string): readonly string[] {
  return [...sentence.matchAll(/\{(\w*)\}/g)].map(([, name = ""]) => name).sort();
}

/** What is wrong with an entry, in words. */
function faultsOf(key: string, entry: Entry, english: Entry, language: Language): readonly string[] {
  const faults: string[] = [];
  if (typeof entry !== typeof english)
    return [`${key}: a plural where English has none, or none where it has`];
  const wanted = [...new Set(sentencesOf(english).flatMap(bracesIn))];
  for (const sentence of sentencesOf(entry)) {
    // A form for one or two may say the number as a word.
    const expected = typeof entry === "string" ? wanted : wanted.filter((name) => name !== "count");
    const found = bracesIn(sentence).filter((name) => typeof entry === "string" || name !== "count");
    if ([...new Set(found)].join() !== [...expected].sort().join())
      faults.push(`${key}: braces in "${sentence}"`);
    if (/^ | $|^$/.test(sentence)) faults.push(`${key}: empty, or a space at an end`);
    if (/<|&\w+;/.test(sentence)) faults.push(`${key}: markup`);
    if (UNSEEN.test(sentence.replaceAll("\n", ""))) faults.push(`${key}: an unseen character`);
    if (sentence.replace(/\{\w+\}/g, "").match(/[{}]/)) faults.push(`${key}: a brace without its pair`);
  }
  if (typeof entry !== "string") {
    const forms = new Intl.PluralRules(language).resolvedOptions().pluralCategories;
    if (Object.keys(entry).sort().join() !== [...forms].sort().join()) {
      faults.push(`${key}: plural forms ${Object.keys(entry)} instead of ${forms}`);
    }
    if (!entry.other.includes("{count}")) faults.push(`${key}: no number`);
  }
  return faults;
}

describe.each(KINDS)("the %s catalogue", (kind) => {
  const english = catalogue(kind, "en");

  test.each(LANGUAGES)("has every text in %s", (language) => {
    const entries = catalogue(kind, language);
    expect(Object.keys(english).filter((key) => !(key in entries))).toEqual([]);
    expect(Object.keys(entries).filter((key) => !(key in english))).toEqual([]);
    const faults = Object.entries(entries).flatMap(([key, entry]) =>
      faultsOf(key, entry, english[key] ?? "", language),
    );
    expect(faults).toEqual([]);
  });

  test.each(OTHERS)("is translated into %s", (language) => {
    const entries = catalogue(kind, language);
    const long = Object.keys(english).filter((key) => String(english[key]).split(" ").length > 3);
    expect(long.filter((key) => JSON.stringify(entries[key]) === JSON.stringify(english[key]))).toEqual([]);
  });

  test("holds no text that no page uses", () => {
    const source = readdirSync(sources, { recursive: true, encoding: "utf8" })
      .filter((name) => /\.tsx?$/.test(name) && !/\.test\.|\.gen\./.test(name))
      .map((name) => readFileSync(join(sources, name), "utf8"))
      .join("\n");
    const begun = [...source.matchAll(/`([\w.]+\.)\$\{/g)].map(([, start = ""]) => start);
    const unused = Object.keys(english).filter(
      (key) => !source.includes(`"${key}"`) && !begun.some((start) => key.startsWith(start)),
    );
    expect(unused).toEqual([]);
  });
});

test.each(OTHERS)("the texts loaded for %s are those of its catalogues", async (language) => {
  const apply = await loadDeskTexts(language);
  apply();
  const [shared, seldom, desk] = KINDS.map((kind) => catalogue(kind, language));
  const plain = (entries: Catalogue = {}) =>
    Object.entries(entries).filter(([, entry]) => typeof entry === "string");
  for (const [key, entry] of plain(shared)) expect(t(key as TextKey)).toBe(entry);
  for (const [key, entry] of plain(seldom)) expect(tSeldom(key as SeldomTextKey)).toBe(entry);
  for (const [key, entry] of plain(desk)) expect(tDesk(key as DeskTextKey)).toBe(entry);
  (await loadDeskTexts("en"))();
  expect(t("door.start")).toBe("Start secure chat");
});

test("every language has its catalogues, and no catalogue is without its language", () => {
  const found = readdirSync(catalogues, { recursive: true, encoding: "utf8" }).filter((name) =>
    name.endsWith(".json"),
  );
  const known = KINDS.flatMap((kind) => LANGUAGES.map((language) => join(language, `${kind}.json`)));
  expect(found.sort()).toEqual(known.sort());
});

test("only Arabic and Hebrew are written from right to left", () => {
  expect(LANGUAGES.filter((language) => directionOf(language) === "rtl").sort()).toEqual(["ar", "he"]);
});

describe("the language of a page", () => {
  test.each([
    [["de-AT", "en"], "de", "de-AT"],
    [["zh-TW"], "zh-Hant", "zh-TW"],
    [["zh-HK"], "zh-Hant", "zh-HK"],
    [["zh-Hant-MO"], "zh-Hant", "zh-Hant-MO"],
    [["zh"], "zh-Hans", "zh"],
    [["zh-SG"], "zh-Hans", "zh-SG"],
    [["iw-IL"], "he", "iw-IL"],
    [["in"], "id", "in"],
    [["fi", "sv-SE", "pt-BR", "en"], "pt", "pt-BR"],
    [["fi"], "en", "en"],
    [["no such tag", "it"], "it", "it"],
    [["en-GB", "de"], "en", "en-GB"],
    [[], "en", "en"],
  ])("is for %j %s", (wanted, language, tag) => {
    expect(localeFor(wanted)).toEqual({ language, tag });
  });

  test("is the chosen one, in the form that the browser wants", () => {
    expect(localeFor(["en-US", "fr-CH"], "fr")).toEqual({ language: "fr", tag: "fr-CH" });
    expect(localeFor(["en-US"], "ja")).toEqual({ language: "ja", tag: "ja" });
    expect(localeFor(["de-DE"], "tlh")).toEqual({ language: "de", tag: "de-DE" });
  });
});
