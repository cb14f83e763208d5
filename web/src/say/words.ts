/** The words that both pages share, in other languages than English: a file for each, loaded when it is spoken. */
import type { Language } from "./languages.ts";
import { type Key, say, type Words } from "./say.ts";

const WORDS: Record<Exclude<Language, "en">, () => Promise<{ default: Words<Key> }>> = {
  ar: () => import("./ar.json"),
  de: () => import("./de.json"),
  es: () => import("./es.json"),
  fr: () => import("./fr.json"),
  he: () => import("./he.json"),
  hi: () => import("./hi.json"),
  id: () => import("./id.json"),
  it: () => import("./it.json"),
  ja: () => import("./ja.json"),
  ko: () => import("./ko.json"),
  nl: () => import("./nl.json"),
  pl: () => import("./pl.json"),
  pt: () => import("./pt.json"),
  ru: () => import("./ru.json"),
  tr: () => import("./tr.json"),
  uk: () => import("./uk.json"),
  vi: () => import("./vi.json"),
  "zh-Hans": () => import("./zh-Hans.json"),
  "zh-Hant": () => import("./zh-Hant.json"),
};

/** Loads a language's words; gives what makes the page say them from then on. */
export async function loadWords(language: Language): Promise<() => void> {
  const words = language === "en" ? {} : (await WORDS[language]()).default;
  return () => say.translate(words);
}
