/** What is known of the sealed part of rows: labels, and how to show a link again. */
import { signal } from "@preact/signals";
import type { LinkRow } from "../api/wire.ts";
import type { KeyWorker, OpenedLink } from "../crypto/keyWorkerApi.ts";

export class OpenedLinks {
  readonly #known = new Map<string, OpenedLink>();
  /** Counts what was opened. Only who asks for a row that is not open yet listens to it. */
  readonly #count = signal(0);

  constructor(private readonly keyWorker: Pick<KeyWorker, "openLinks">) {}

  /** Opens rows that are not open yet. */
  async open(rows: readonly LinkRow[]): Promise<void> {
    const fresh = rows.filter((row) => !this.#known.has(row.idHash));
    if (fresh.length === 0) return;
    for (const link of await this.keyWorker.openLinks(fresh)) this.#known.set(link.idHash, link);
    this.#count.value = this.#known.size;
  }

  /** A row, as far as it is open. */
  of(row: LinkRow): OpenedLink | undefined {
    const known = this.#known.get(row.idHash);
    if (known === undefined) this.#count.value;
    return known;
  }

  /** A row's label, or nothing where it has none or does not open. */
  labelOf(row: LinkRow): string {
    const opened = this.of(row);
    return opened && "label" in opened ? opened.label : "";
  }
}
