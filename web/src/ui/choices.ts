/** What a person chose for this browser. Where it keeps nothing, a choice lasts as long as the tab. */

const START = "wicketgate.";

/** One for each page. */
export class Choices {
  readonly #storage: () => Storage;
  readonly #tab = new Map<string, string>();

  /** To ask for the storage can fail, where a browser keeps nothing. */
  constructor(storage: () => Storage) {
    this.#storage = storage;
  }

  /** Read anew each time: another tab may have chosen meanwhile. */
  get(name: string): string | null {
    const here = this.#tab.get(name) ?? null;
    try {
      return here ?? this.#storage().getItem(START + name);
    } catch {
      return here;
    }
  }

  set(name: string, value: string): void {
    try {
      this.#storage().setItem(START + name, value);
      this.#tab.delete(name);
    } catch {
      this.#tab.set(name, value);
    }
  }
}
