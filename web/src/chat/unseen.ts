/** What the person has not seen yet: where the unread line stands, and how many came since they looked away. */
import { signal } from "@preact/signals";
import type { ChatMessage } from "./message.ts";

/** One chat's unseen messages. */
export class Unseen {
  /** The number of the first message under the unread line. */
  readonly line = signal<number | null>(null);
  /** How many came while the thread's end was out of sight. */
  readonly count = signal(0);

  /** The thread stands for the first time. */
  opened(theirs: readonly ChatMessage[], read: number): void {
    if (theirs.some(({ seq }) => seq !== null && seq > read)) this.line.value = read + 1;
  }

  /** More came, while this far was read. */
  came(theirs: readonly ChatMessage[], read: number, looking: boolean): void {
    const line = this.line.value;
    // A line that was read through gives way to the next one; one above words that are still unread stays.
    if (line === null || line <= read) this.line.value = looking ? null : (theirs[0]?.seq ?? null);
    if (!looking) this.count.value += theirs.length;
  }
}
