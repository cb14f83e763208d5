/** The texts that few people meet: dead ends, and what a press asks. The customer's page loads them when they are needed. */
import english from "./catalogues/en/seldom.json";
import { translations } from "./catalogues/en/seldom.json?translations";
import type { Language } from "./languages.ts";
import { loadTexts } from "./loadTexts.ts";
import { type Translator, translator } from "./t.ts";

/** The keys of these texts. */
export type SeldomTextKey = keyof typeof english;

/** What is seldom said, in the language of the page. */
export const tSeldom: Translator<SeldomTextKey> = translator(english);

/** Loads a language's texts; gives what makes the page use them from then on. */
export const loadSeldomTexts = (language: Language): Promise<() => void> =>
  loadTexts(tSeldom, translations, language);
