/** The texts that both pages share, in other languages than English. */
import { translations } from "./catalogues/en/customer.json?translations";
import type { Language } from "./languages.ts";
import { loadTexts } from "./loadTexts.ts";
import { t } from "./t.ts";

/** Loads a language's texts; gives what makes the page use them. */
export const loadCustomerTexts = (language: Language): Promise<() => void> =>
  loadTexts(t, translations, language);
