/** The language of a page: the browser's wish or the person's choice, its texts, and which way it is written. */
import { signal } from "@preact/signals";
import type { Choices } from "../ui/choices.ts";
import { type Language, localeFor, type PageLocale } from "./languages.ts";
import { directionOf, setLocale } from "./t.ts";

const KEPT = "language";

/** What a page gives. */
export interface LanguageParts {
  /** The element that says which language the page is in: at first the one that the server wrote its first texts in. */
  readonly root: HTMLElement;
  /** What the browser wants, best first. WebKit tells a script the first alone, and the server all of them. */
  readonly wanted: readonly string[];
  /** Where a choice stays. */
  readonly choices: Choices;
  /** Loads a language's texts; gives what makes the page use them. English ones are always there. */
  readonly load: (language: Language) => Promise<() => void>;
}

/** One for each page. */
export class PageLanguage {
  /** The language of now. What is on the page is drawn anew when it changes. */
  readonly current = signal<Language>("en");
  readonly #parts: LanguageParts;
  readonly #wanted: readonly string[];
  #chosen: Language | null = null;
  #byHand = false;

  constructor(parts: LanguageParts) {
    this.#parts = parts;
    // What the server found among all that is wanted counts last: no page changes its language under its reader.
    this.#wanted = [...parts.wanted, parts.root.lang];
  }

  /** Takes the language that was chosen once, or what the browser wants; English where its texts can't be had. */
  async begin(): Promise<void> {
    const { choices, load } = this.#parts;
    const locale = localeFor(this.#wanted, choices.get(KEPT));
    try {
      this.#apply(locale, await load(locale.language));
    } catch {
      this.#apply({ language: "en", tag: "en" }, await load("en"));
    }
  }

  /**
   * Takes another language from now on, at the next visit as well. Gives false if its texts can't be had: then the
   * current one stays.
   */
  async choose(language: Language): Promise<boolean> {
    const { choices, load } = this.#parts;
    this.#chosen = language;
    let apply: () => void;
    try {
      apply = await load(language);
    } catch {
      return this.#chosen !== language;
    }
    // Another choice was made meanwhile: it comes by itself.
    if (this.#chosen !== language) return true;
    choices.set(KEPT, language);
    this.#byHand = true;
    this.#apply(localeFor(this.#wanted, language), apply);
    return true;
  }

  /** Whether the page was just drawn anew because somebody chose: true once. */
  takeChosen(): boolean {
    const taken = this.#byHand;
    this.#byHand = false;
    return taken;
  }

  #apply({ language, tag }: PageLocale, apply: () => void): void {
    const { root } = this.#parts;
    apply();
    setLocale(tag);
    root.lang = language;
    root.dir = directionOf(language);
    this.current.value = language;
  }
}
