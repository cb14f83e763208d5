/** The texts of other languages: a file for each catalogue, loaded when the language is used. */
import type { Language } from "./languages.ts";
import type { Texts, Translator } from "./t.ts";

/** What loads a catalogue's texts, by language. English ones are part of the page. */
export type TranslationTable = Readonly<Record<Exclude<Language, "en">, () => Promise<{ texts: Texts }>>>;

/** Loads a language's texts of a catalogue; gives what makes its translator use them. */
export async function loadTexts(
  translator: Pick<Translator<string>, "use">,
  translations: TranslationTable,
  language: Language,
): Promise<() => void> {
  const texts = language === "en" ? [] : (await translations[language]()).texts;
  return () => translator.use(texts);
}
