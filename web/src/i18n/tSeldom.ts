/** The words that few people meet: dead ends, and what a press asks. The customer's page loads them when they are needed. */

import english from "./catalogues/en/seldom.json";
import type { Language } from "./languages.ts";
import { type Sayings, sayings, type Words } from "./t.ts";

/** The keys of these words. */
export type SeldomKey = keyof typeof english;

/** Says what is seldom said. */
export const saySeldom: Sayings<SeldomKey> = sayings(english);

const WORDS: Record<Exclude<Language, "en">, () => Promise<{ words: Words }>> = {
  ar: () => import("./catalogues/ar/seldom.json?words"),
  de: () => import("./catalogues/de/seldom.json?words"),
  es: () => import("./catalogues/es/seldom.json?words"),
  fr: () => import("./catalogues/fr/seldom.json?words"),
  he: () => import("./catalogues/he/seldom.json?words"),
  hi: () => import("./catalogues/hi/seldom.json?words"),
  id: () => import("./catalogues/id/seldom.json?words"),
  it: () => import("./catalogues/it/seldom.json?words"),
  ja: () => import("./catalogues/ja/seldom.json?words"),
  ko: () => import("./catalogues/ko/seldom.json?words"),
  nl: () => import("./catalogues/nl/seldom.json?words"),
  pl: () => import("./catalogues/pl/seldom.json?words"),
  pt: () => import("./catalogues/pt/seldom.json?words"),
  ru: () => import("./catalogues/ru/seldom.json?words"),
  tr: () => import("./catalogues/tr/seldom.json?words"),
  uk: () => import("./catalogues/uk/seldom.json?words"),
  vi: () => import("./catalogues/vi/seldom.json?words"),
  "zh-Hans": () => import("./catalogues/zh-Hans/seldom.json?words"),
  "zh-Hant": () => import("./catalogues/zh-Hant/seldom.json?words"),
};

/** Loads a language's words; gives what makes the page say them from then on. */
export async function loadSeldomWords(language: Language): Promise<() => void> {
  const words = language === "en" ? [] : (await WORDS[language]()).words;
  return () => saySeldom.translate(words);
}
