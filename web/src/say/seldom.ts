/** The words that few people meet: dead ends, and what a press asks. The customer's page loads them when they are needed. */
import type { Language } from "./languages.ts";
import { type Sayings, sayings, type Words } from "./say.ts";
import english from "./seldom.en.json";

/** The keys of these words. */
export type SeldomKey = keyof typeof english;

/** Says what is seldom said. */
export const saySeldom: Sayings<SeldomKey> = sayings(english);

const WORDS: Record<Exclude<Language, "en">, () => Promise<{ words: Words }>> = {
  ar: () => import("./seldom.ar.json?words"),
  de: () => import("./seldom.de.json?words"),
  es: () => import("./seldom.es.json?words"),
  fr: () => import("./seldom.fr.json?words"),
  he: () => import("./seldom.he.json?words"),
  hi: () => import("./seldom.hi.json?words"),
  id: () => import("./seldom.id.json?words"),
  it: () => import("./seldom.it.json?words"),
  ja: () => import("./seldom.ja.json?words"),
  ko: () => import("./seldom.ko.json?words"),
  nl: () => import("./seldom.nl.json?words"),
  pl: () => import("./seldom.pl.json?words"),
  pt: () => import("./seldom.pt.json?words"),
  ru: () => import("./seldom.ru.json?words"),
  tr: () => import("./seldom.tr.json?words"),
  uk: () => import("./seldom.uk.json?words"),
  vi: () => import("./seldom.vi.json?words"),
  "zh-Hans": () => import("./seldom.zh-Hans.json?words"),
  "zh-Hant": () => import("./seldom.zh-Hant.json?words"),
};

/** Loads a language's words; gives what makes the page say them from then on. */
export async function loadSeldomWords(language: Language): Promise<() => void> {
  const words = language === "en" ? [] : (await WORDS[language]()).words;
  return () => saySeldom.translate(words);
}
