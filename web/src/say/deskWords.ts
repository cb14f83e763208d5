/** The desk's own words in other languages than English. */
import { type DeskKey, sayDesk } from "./desk.ts";
import type { Language } from "./languages.ts";
import type { Words } from "./say.ts";
import { loadWords } from "./words.ts";

const WORDS: Record<Exclude<Language, "en">, () => Promise<{ default: Words<DeskKey> }>> = {
  ar: () => import("./desk.ar.json"),
  de: () => import("./desk.de.json"),
  es: () => import("./desk.es.json"),
  fr: () => import("./desk.fr.json"),
  he: () => import("./desk.he.json"),
  hi: () => import("./desk.hi.json"),
  id: () => import("./desk.id.json"),
  it: () => import("./desk.it.json"),
  ja: () => import("./desk.ja.json"),
  ko: () => import("./desk.ko.json"),
  nl: () => import("./desk.nl.json"),
  pl: () => import("./desk.pl.json"),
  pt: () => import("./desk.pt.json"),
  ru: () => import("./desk.ru.json"),
  tr: () => import("./desk.tr.json"),
  uk: () => import("./desk.uk.json"),
  vi: () => import("./desk.vi.json"),
  "zh-Hans": () => import("./desk.zh-Hans.json"),
  "zh-Hant": () => import("./desk.zh-Hant.json"),
};

/** Loads a language's words, the desk's and those that both pages share; gives what makes the page say them. */
export async function loadDeskWords(language: Language): Promise<() => void> {
  const own = language === "en" ? Promise.resolve({ default: {} }) : WORDS[language]();
  const [words, sayShared] = await Promise.all([own, loadWords(language)]);
  return () => {
    sayShared();
    sayDesk.translate(words.default);
  };
}
