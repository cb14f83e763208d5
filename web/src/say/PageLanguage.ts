/** The language of a page: the browser's wish or the person's choice, its words, and which way it is written. */
import { signal } from "@preact/signals";
import type { Choices } from "../ui/choices.ts";
import { type Language, type Speech, speechFor } from "./languages.ts";
import { directionOf, speak } from "./say.ts";

const KEPT = "language";

/** What a page gives. */
export interface LanguageParts {
  /** The element that says which language the page is in. */
  readonly root: HTMLElement;
  /** What the browser wants, best first. */
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
  #chosen: string | null = null;
  #byHand = false;

  constructor(parts: LanguageParts) {
    this.#parts = parts;
  }

  /** Speaks what was chosen once, or what the browser wants. */
  async begin(): Promise<void> {
    this.#chosen = this.#parts.choices.get(KEPT);
    await this.#speak();
  }

  /** Speaks another language from now on, at the next visit as well. */
  async choose(language: Language): Promise<void> {
    this.#chosen = language;
    this.#parts.choices.set(KEPT, language);
    this.#byHand = true;
    await this.#speak();
  }

  /** Whether the page was just drawn anew because somebody chose: true once. */
  takeChosen(): boolean {
    const taken = this.#byHand;
    this.#byHand = false;
    return taken;
  }

  async #speak(): Promise<void> {
    const { root, wanted } = this.#parts;
    const chosen = this.#chosen;
    const { language, tag, sayIt } = await this.#loaded(speechFor(wanted, chosen));
    // Another choice was made meanwhile: it comes by itself.
    if (chosen !== this.#chosen) return;
    sayIt();
    speak(tag);
    root.lang = language;
    root.dir = directionOf(language);
    this.spoken.value = language;
  }

  // Words that can't be had leave the English ones, which need no loading.
  async #loaded(speech: Speech): Promise<Speech & { readonly sayIt: () => void }> {
    const { load } = this.#parts;
    try {
      return { ...speech, sayIt: await load(speech.language) };
    } catch {
      return { language: "en", tag: "en", sayIt: await load("en") };
    }
  }
}
