/** The languages that there are texts in, and which of them a browser's wishes mean. */

/** Each by its own name, as its readers look for it. */
export const LANGUAGE_NAMES = {
  en: "English",
  id: "Bahasa Indonesia",
  de: "Deutsch",
  es: "Español",
  fr: "Français",
  it: "Italiano",
  nl: "Nederlands",
  pl: "Polski",
  pt: "Português",
  vi: "Tiếng Việt",
  tr: "Türkçe",
  ru: "Русский",
  uk: "Українська",
  he: "עברית",
  ar: "العربية",
  hi: "हिन्दी",
  ko: "한국어",
  ja: "日本語",
  "zh-Hans": "简体中文",
  "zh-Hant": "繁體中文",
} as const;

/** A language of the pages. */
export type Language = keyof typeof LANGUAGE_NAMES;

/** All of them, in the order of a list to choose from. */
export const LANGUAGES = Object.keys(LANGUAGE_NAMES) as readonly Language[];

/** A page's locale: the language of its texts, and the tag by which numbers and dates are written. */
export interface PageLocale {
  readonly language: Language;
  readonly tag: string;
}

/**
 * The locale for a browser that wants these tags, best first. A language that was chosen by hand goes before, in the
 * form of it that the browser wants, if any: who reads German in Vienna gets the dates of Vienna.
 */
export function localeFor(wanted: readonly string[], chosen?: string | null): PageLocale {
  const known = wanted.map((tag) => ({ language: languageOf(tag), tag }));
  const language =
    LANGUAGES.find((each) => each === chosen) ?? known.find((each) => each.language)?.language ?? "en";
  return { language, tag: known.find((each) => each.language === language)?.tag ?? language };
}

// Chinese is read by its script: `zh-TW` and `zh-HK` mean the traditional one, as Unicode's data say.
function languageOf(tag: string): Language | undefined {
  try {
    const { language, script } = new Intl.Locale(tag).maximize();
    return LANGUAGES.find((each) => each === language || each === `${language}-${script}`);
  } catch {
    return undefined;
  }
}
