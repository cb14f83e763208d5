/** What agents called their chats: the labels of links, opened in the worker a few at a time, each only once. */
import { signal } from "@preact/signals";
import type { SealedLabel } from "../../api/wire.ts";
import type { KeyWorker } from "../../crypto/keyWorkerApi.ts";

/** How many are opened in one call. Other work of the worker goes in between. */
const BATCH = 25;

export class InboxLabels {
  readonly #vault: Pick<KeyWorker, "openLabels">;
  /** By chat: the link whose label it bears. */
  readonly #links = new Map<string, string>();
  /** By link: its label; empty where it has none or does not open. */
  readonly #labels = new Map<string, string>();
  #waiting: SealedLabel[] = [];
  /** The links whose labels wait or are being opened. */
  readonly #asked = new Set<string>();
  #opening: Promise<void> | null = null;
  /** Moves with each batch, so that whoever has read a label reads it again. */
  readonly #version = signal(0);

  constructor(keyWorker: Pick<KeyWorker, "openLabels">) {
    this.#vault = keyWorker;
  }

  /** A chat bears this label from now on. */
  learn(chatRef: string, label: SealedLabel): void {
    const { linkHash } = label;
    const before = this.#links.get(chatRef);
    this.#links.set(chatRef, linkHash);
    if (this.#labels.has(linkHash)) {
      if (before !== linkHash) this.#version.value += 1;
    } else if (!this.#asked.has(linkHash)) {
      this.#asked.add(linkHash);
      this.#waiting.push(label);
      this.#opening ??= this.#open();
    }
  }

  /** A chat bears no label, unless a link brings one. */
  bare(chatRef: string): void {
    if (!this.#links.has(chatRef)) this.#links.set(chatRef, "");
  }

  /** Whether it is known what a chat bears. */
  knows(chatRef: string): boolean {
    return this.#links.has(chatRef);
  }

  /** A chat's label; empty where there is none, or not yet. */
  of(chatRef: string): string {
    this.#version.value;
    return this.#labels.get(this.#links.get(chatRef) ?? "") ?? "";
  }

  /** Until every label that was learnt is open. */
  async settled(): Promise<void> {
    await this.#opening;
  }

  async #open(): Promise<void> {
    // What is learnt in the same breath is opened together.
    await null;
    while (this.#waiting.length > 0) {
      const batch = this.#waiting.splice(0, BATCH);
      // A worker that is gone says so where it matters; the chat keeps its own name until it is learnt once more.
      const labels = await this.#vault.openLabels(batch).catch(() => null);
      batch.forEach(({ linkHash }, place) => {
        this.#asked.delete(linkHash);
        if (labels) this.#labels.set(linkHash, labels[place] ?? "");
      });
      this.#version.value += 1;
    }
    this.#opening = null;
  }
}
