/** The part of the page that few people need: fetched when somebody does, and then in the language of the page. */
import { signal } from "@preact/signals";
import { Problem } from "../api/problem.ts";
import { CryptoFailure } from "../crypto/failure.ts";
import type { Language } from "../i18n/languages.ts";
import type { Seldom } from "./seldom.ts";

/** How far it has come. */
export type SeldomState =
  | { readonly kind: "asked" }
  | { readonly kind: "here"; readonly seldom: Seldom }
  | { readonly kind: "failed"; readonly fault: unknown };

/** One for each page. */
export class SeldomLoader {
  readonly state = signal<SeldomState>({ kind: "asked" });
  readonly #load: () => Promise<Seldom>;
  readonly #language: () => Language;
  readonly #reached: () => Promise<boolean>;
  #seldom: Promise<Seldom> | null = null;

  /** `load` brings the part, `language` is that of the page, `reached` asks whether the server answers. */
  constructor(load: () => Promise<Seldom>, language: () => Language, reached: () => Promise<boolean>) {
    this.#load = load;
    this.#language = language;
    this.#reached = reached;
  }

  /** Sees to it that the part comes, if it is not here yet. Never throws. */
  async fetch(): Promise<void> {
    if (this.#seldom) return;
    this.state.value = { kind: "asked" };
    try {
      this.#seldom = this.#load();
      const seldom = await this.#seldom;
      await this.#translate(seldom);
    } catch {
      this.#seldom = null;
      // A server that answers has another build by now: what this page asks for is gone for good.
      const fault = (await this.#reached()) ? new CryptoFailure("not_loaded") : new Problem(null, 0);
      this.state.value = { kind: "failed", fault };
    }
  }

  /** What makes the part use another language; nothing as long as it is not here. */
  async texts(language: Language): Promise<() => void> {
    const seldom = this.#here();
    if (seldom) return seldom.loadSeldomTexts(language);
    return () => {
      // It came while the page's own texts did.
      const late = this.#here();
      if (late) void this.#translate(late);
    };
  }

  #here(): Seldom | null {
    const state = this.state.peek();
    return state.kind === "here" ? state.seldom : null;
  }

  async #translate(seldom: Seldom): Promise<void> {
    for (let used: Language | null = null; used !== this.#language(); ) {
      used = this.#language();
      // Texts that can't be had leave the English ones.
      (await seldom.loadSeldomTexts(used).catch(() => () => {}))();
    }
    this.state.value = { kind: "here", seldom };
  }
}
