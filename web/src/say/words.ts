/** The words that both pages share, in other languages than English: a file for each, loaded when it is spoken. */
import type { Language } from "./languages.ts";
import { say, type Words } from "./say.ts";

const WORDS: Record<Exclude<Language, "en">, () => Promise<{ words: Words }>> = {
  ar: () => import("./ar.json?words"),
  de: () => import("./de.json?words"),
  es: () => import("./es.json?words"),
  fr: () => import("./fr.json?words"),
  he: () => import("./he.json?words"),
  hi: () => import("./hi.json?words"),
  id: () => import("./id.json?words"),
  it: () => import("./it.json?words"),
  ja: () => import("./ja.json?words"),
  ko: () => import("./ko.json?words"),
  nl: () => import("./nl.json?words"),
  pl: () => import("./pl.json?words"),
  pt: () => import("./pt.json?words"),
  ru: () => import("./ru.json?words"),
  tr: () => import("./tr.json?words"),
  uk: () => import("./uk.json?words"),
  vi: () => import("./vi.json?words"),
  "zh-Hans": () => import("./zh-Hans.json?words"),
  "zh-Hant": () => import("./zh-Hant.json?words"),
};

/** Loads a language's words; gives what makes the page say them from then on. */
export async function loadWords(language: Language): Promise<() => void> {
  const words = language === "en" ? [] : (await WORDS[language]()).words;
  return () => say.translate(words);
}
