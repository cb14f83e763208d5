/** The desk's own words in other languages than English. */
import { sayDesk } from "./desk.ts";
import type { Language } from "./languages.ts";
import type { Words } from "./say.ts";
import { loadSeldomWords } from "./seldom.ts";
import { loadWords } from "./words.ts";

const WORDS: Record<Exclude<Language, "en">, () => Promise<{ words: Words }>> = {
  ar: () => import("./desk.ar.json?words"),
  de: () => import("./desk.de.json?words"),
  es: () => import("./desk.es.json?words"),
  fr: () => import("./desk.fr.json?words"),
  he: () => import("./desk.he.json?words"),
  hi: () => import("./desk.hi.json?words"),
  id: () => import("./desk.id.json?words"),
  it: () => import("./desk.it.json?words"),
  ja: () => import("./desk.ja.json?words"),
  ko: () => import("./desk.ko.json?words"),
  nl: () => import("./desk.nl.json?words"),
  pl: () => import("./desk.pl.json?words"),
  pt: () => import("./desk.pt.json?words"),
  ru: () => import("./desk.ru.json?words"),
  tr: () => import("./desk.tr.json?words"),
  uk: () => import("./desk.uk.json?words"),
  vi: () => import("./desk.vi.json?words"),
  "zh-Hans": () => import("./desk.zh-Hans.json?words"),
  "zh-Hant": () => import("./desk.zh-Hant.json?words"),
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
