/** What is half written: kept as it is typed, so that it survives a reload, and each tab's apart. */
import { signal } from "@preact/signals";
import type { Side } from "../api/wire.ts";
import type { KeyWorker, TabDraft } from "../crypto/keyWorkerApi.ts";
import { nextCid } from "./nextCid.ts";
import { type Tab, thisTab } from "./tab.ts";
import { withTabLock } from "./tabLock.ts";

/** One chat's draft in one tab. */
export class Draft {
  readonly text = signal("");
  readonly #all: () => Promise<readonly TabDraft[]>;
  readonly #store: (tab: string, text: string) => Promise<void>;
  readonly #tab: Tab;
  #touched = false;
  /** What was begun last: one thing at a time. */
  #last: Promise<boolean> = Promise.resolve(true);
  #stored = "";
  #kept = true;

  constructor(
    keyWorker: Pick<KeyWorker, "drafts" | "setDraft">,
    side: Side,
    chatRef: string,
    tab: Tab = thisTab,
  ) {
    this.#all = () => keyWorker.drafts(side, chatRef);
    this.#store = (tab, text) => keyWorker.setDraft(side, chatRef, tab, text);
    this.#tab = tab;
  }

  /**
   * Brings back what this tab wrote, or else what tabs that are gone have left, unless the person has begun to write
   * meanwhile.
   */
  async restore(): Promise<void> {
    // Two tabs must not take over the same.
    this.#last = withTabLock("drafts", () => this.#restore()).then(
      () => true,
      () => true,
    );
    await this.#last;
  }

  /** Resolves when it is stored; false where it can't be. */
  set(text: string): Promise<boolean> {
    this.#touched = true;
    this.text.value = text;
    this.#last = this.#last.then(() => this.#write());
    return this.#last;
  }

  /** The chat is over: nothing of it is kept, whichever tab wrote it. */
  async drop(): Promise<void> {
    await this.set("");
    for (const { tab } of await this.#all()) await this.#store(tab, "");
  }

  async #restore(): Promise<void> {
    const own = await this.#tab.named();
    const drafts = await this.#all();
    const living = await this.#tab.living();
    const mine = drafts.find(({ tab }) => tab === own);
    if (this.#touched) {
      // Its place is for what is written now. Under a name that no tab has, the next one finds it.
      if (mine) await this.#store(nextCid(Date.now()), mine.text);
      return;
    }
    const left = mine ? [] : drafts.filter(({ tab }) => !living.includes(tab));
    const text = mine?.text ?? left.map((draft) => draft.text).join("\n");
    this.text.value = text;
    if (left.length > 0) await this.#store(own, text);
    this.#stored = text;
    for (const { tab } of left) await this.#store(tab, "");
  }

  // Always the newest words, whatever they were when it was asked for: nothing waits for a pause in the typing.
  async #write(): Promise<boolean> {
    const text = this.text.value;
    if (text !== this.#stored) {
      this.#kept = await this.#store(await this.#tab.named(), text).then(
        () => true,
        () => false,
      );
      this.#stored = text;
    }
    return this.#kept;
  }
}
