/** Asking before a message goes to another customer browser than the one that was written to so far. */
import { signal } from "@preact/signals";

/** A message that waits for the person's word. */
export interface Asked {
  readonly text: string;
  readonly seat: number;
}

/** One chat's question: it is asked once for each seat. */
export class Question {
  readonly asked = signal<Asked | null>(null);
  #agreed: number | null = null;

  /** Whether a message to this seat may go out; otherwise it waits here. `written` tells whether one went there before. */
  allows(message: Asked, written: () => boolean): boolean {
    const { seat } = message;
    if (seat === 1 || seat === this.#agreed || written()) return true;
    this.asked.value = message;
    return false;
  }

  /** The person's answer; gives what may go out now. */
  answer(yes: boolean): Asked | null {
    const asked = this.asked.value;
    this.asked.value = null;
    if (!asked || !yes) return null;
    this.#agreed = asked.seat;
    return asked;
  }
}
