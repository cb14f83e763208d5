/** The words that both pages share, in other languages than English: a file for each, loaded when it is spoken. */
import type { Language } from "./languages.ts";
import { say, type Words } from "./t.ts";

const WORDS: Record<Exclude<Language, "en">, () => Promise<{ words: Words }>> = {
  ar: () => import("./catalogues/ar/customer.json?words"),
  de: () => import("./catalogues/de/customer.json?words"),
  es: () => import("./catalogues/es/customer.json?words"),
  fr: () => import("./catalogues/fr/customer.json?words"),
  he: () => import("./catalogues/he/customer.json?words"),
  hi: () => import("./catalogues/hi/customer.json?words"),
  id: () => import("./catalogues/id/customer.json?words"),
  it: () => import("./catalogues/it/customer.json?words"),
  ja: () => import("./catalogues/ja/customer.json?words"),
  ko: () => import("./catalogues/ko/customer.json?words"),
  nl: () => import("./catalogues/nl/customer.json?words"),
  pl: () => import("./catalogues/pl/customer.json?words"),
  pt: () => import("./catalogues/pt/customer.json?words"),
  ru: () => import("./catalogues/ru/customer.json?words"),
  tr: () => import("./catalogues/tr/customer.json?words"),
  uk: () => import("./catalogues/uk/customer.json?words"),
  vi: () => import("./catalogues/vi/customer.json?words"),
  "zh-Hans": () => import("./catalogues/zh-Hans/customer.json?words"),
  "zh-Hant": () => import("./catalogues/zh-Hant/customer.json?words"),
};

/** Loads a language's words; gives what makes the page say them from then on. */
export async function loadWords(language: Language): Promise<() => void> {
  const words = language === "en" ? [] : (await WORDS[language]()).words;
  return () => say.translate(words);
}
