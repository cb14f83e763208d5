/** The desk's own texts in other languages than English. */
import { translations } from "./catalogues/en/desk.json?translations";
import type { Language } from "./languages.ts";
import { loadCustomerTexts } from "./loadCustomer.ts";
import { loadTexts } from "./loadTexts.ts";
import { tDesk } from "./tDesk.ts";
import { loadSeldomTexts } from "./tSeldom.ts";

/** Loads a language's texts, the desk's and those that both pages share; gives what makes the page use them. */
export async function loadDeskTexts(language: Language): Promise<() => void> {
  const loaded = await Promise.all([
    loadCustomerTexts(language),
    loadSeldomTexts(language),
    loadTexts(tDesk, translations, language),
  ]);
  return () => {
    for (const apply of loaded) apply();
  };
}
