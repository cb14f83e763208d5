/** The desk's own words in other languages than English. */

import type { Language } from "./languages.ts";
import { loadWords } from "./loadCustomer.ts";
import type { Words } from "./t.ts";
import { sayDesk } from "./tDesk.ts";
import { loadSeldomWords } from "./tSeldom.ts";

const WORDS: Record<Exclude<Language, "en">, () => Promise<{ words: Words }>> = {
  ar: () => import("./catalogues/ar/desk.json?words"),
  de: () => import("./catalogues/de/desk.json?words"),
  es: () => import("./catalogues/es/desk.json?words"),
  fr: () => import("./catalogues/fr/desk.json?words"),
  he: () => import("./catalogues/he/desk.json?words"),
  hi: () => import("./catalogues/hi/desk.json?words"),
  id: () => import("./catalogues/id/desk.json?words"),
  it: () => import("./catalogues/it/desk.json?words"),
  ja: () => import("./catalogues/ja/desk.json?words"),
  ko: () => import("./catalogues/ko/desk.json?words"),
  nl: () => import("./catalogues/nl/desk.json?words"),
  pl: () => import("./catalogues/pl/desk.json?words"),
  pt: () => import("./catalogues/pt/desk.json?words"),
  ru: () => import("./catalogues/ru/desk.json?words"),
  tr: () => import("./catalogues/tr/desk.json?words"),
  uk: () => import("./catalogues/uk/desk.json?words"),
  vi: () => import("./catalogues/vi/desk.json?words"),
  "zh-Hans": () => import("./catalogues/zh-Hans/desk.json?words"),
  "zh-Hant": () => import("./catalogues/zh-Hant/desk.json?words"),
};

/** Loads a language's words, the desk's and those that both pages share; gives what makes the page say them. */
export async function loadDeskWords(language: Language): Promise<() => void> {
  const own = language === "en" ? Promise.resolve({ words: [] }) : WORDS[language]();
  const shared = Promise.all([loadWords(language), loadSeldomWords(language)]);
  const [{ words }, says] = await Promise.all([own, shared]);
  return () => {
    for (const sayIt of says) sayIt();
    sayDesk.translate(words);
  };
}
