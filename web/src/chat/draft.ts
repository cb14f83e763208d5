/** What is half written: kept as it is typed, so that it survives a reload. */
import { signal } from "@preact/signals";
import type { Side } from "../api/wire.ts";
import type { KeyWorker } from "../crypto/keyWorkerApi.ts";

/** One chat's draft. */
export class Draft {
  readonly text = signal("");
  readonly #vault: Pick<KeyWorker, "draft" | "setDraft">;
  readonly #side: Side;
  readonly #chatRef: string;
  #touched = false;
  #writing: Promise<void> | null = null;
  #stored = "";
  #kept = true;

  constructor(keyWorker: Pick<KeyWorker, "draft" | "setDraft">, side: Side, chatRef: string) {
    this.#vault = keyWorker;
    this.#side = side;
    this.#chatRef = chatRef;
  }

  /** Brings the draft back, unless the person has begun to write meanwhile. */
  async restore(): Promise<void> {
    const text = await this.#vault.draft(this.#side, this.#chatRef).catch(() => "");
    this.#stored = text;
    if (!this.#touched) this.text.value = text;
  }

  /** Resolves when it is stored; false where it can't be. */
  async set(text: string): Promise<boolean> {
    this.#touched = true;
    this.text.value = text;
    do {
      this.#writing ??= this.#write().finally(() => {
        this.#writing = null;
      });
      await this.#writing;
    } while (this.#stored !== this.text.value);
    return this.#kept;
  }

  // One write at a time, and always the newest words: nothing waits for a pause in the typing.
  async #write(): Promise<void> {
    while (this.#stored !== this.text.value) {
      const text = this.text.value;
      this.#kept = await this.#vault.setDraft(this.#side, this.#chatRef, text).then(
        () => true,
        () => false,
      );
      this.#stored = text;
    }
  }
}
