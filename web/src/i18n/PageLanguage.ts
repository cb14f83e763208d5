/** The language of a page: the browser's wish or the person's choice, its words, and which way it is written. */
import { signal } from "@preact/signals";
import type { Choices } from "../ui/choices.ts";
import { type Language, type Speech, speechFor } from "./languages.ts";
import { directionOf, speak } from "./t.ts";

const KEPT = "language";

/** What a page gives. */
export interface LanguageParts {
  /** The element that says which language the page is in: at first the one that the server wrote its first words in. */
  readonly root: HTMLElement;
  /** What the browser wants, best first. WebKit tells a script the first alone, and the server all of them. */
  readonly wanted: readonly string[];
  /** Where a choice stays. */
  readonly choices: Choices;
  /** Loads a language's words; gives what makes the page say them. English ones are always there. */
  readonly load: (language: Language) => Promise<() => void>;
}

/** One for each page. */
export class PageLanguage {
  /** The language that is spoken now. What is on the page is said anew when it changes. */
  readonly spoken = signal<Language>("en");
  readonly #parts: LanguageParts;
  readonly #wanted: readonly string[];
  #chosen: Language | null = null;
  #byHand = false;

  constructor(parts: LanguageParts) {
    this.#parts = parts;
    // What the server found among all that is wanted counts last: no page changes its language under its reader.
    this.#wanted = [...parts.wanted, parts.root.lang];
  }

  /** Speaks what was chosen once, or what the browser wants; English where its words can't be had. */
  async begin(): Promise<void> {
    const { choices, load } = this.#parts;
    const speech = speechFor(this.#wanted, choices.get(KEPT));
    try {
      this.#speak(speech, await load(speech.language));
    } catch {
      this.#speak({ language: "en", tag: "en" }, await load("en"));
    }
  }

  /**
   * Speaks another language from now on, at the next visit as well. Gives false if its words can't be had: then what
   * is spoken stays.
   */
  async choose(language: Language): Promise<boolean> {
    const { choices, load } = this.#parts;
    this.#chosen = language;
    let sayIt: () => void;
    try {
      sayIt = await load(language);
    } catch {
      return this.#chosen !== language;
    }
    // Another choice was made meanwhile: it comes by itself.
    if (this.#chosen !== language) return true;
    choices.set(KEPT, language);
    this.#byHand = true;
    this.#speak(speechFor(this.#wanted, language), sayIt);
    return true;
  }

  /** Whether the page was just drawn anew because somebody chose: true once. */
  takeChosen(): boolean {
    const taken = this.#byHand;
    this.#byHand = false;
    return taken;
  }

  #speak({ language, tag }: Speech, sayIt: () => void): void {
    const { root } = this.#parts;
    sayIt();
    speak(tag);
    root.lang = language;
    root.dir = directionOf(language);
    this.spoken.value = language;
  }
}
