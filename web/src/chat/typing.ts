/** "…is typing", both ways: said seldom, and forgotten by itself. */
import { signal } from "@preact/signals";
import type { ChatLine } from "../api/line.ts";

/** Milliseconds between two words that somebody still types. */
const REPEAT = 3_000;
/** Milliseconds without a key after which nobody types any more. */
const IDLE = 5_000;
/** Milliseconds after which the other side's last word no longer counts. */
const FORGET = 7_000;

/** Typing in one chat. */
export class Typing {
  readonly theirs = signal(false);
  readonly #line: Pick<ChatLine, "typing">;
  readonly #chatRef: string;
  #told = 0;
  #idle: ReturnType<typeof setTimeout> | undefined;
  #forget: ReturnType<typeof setTimeout> | undefined;

  constructor(line: Pick<ChatLine, "typing">, chatRef: string) {
    this.#line = line;
    this.#chatRef = chatRef;
  }

  /** A key was pressed; `writing` is whether anything stands in the box. */
  write(writing: boolean): void {
    clearTimeout(this.#idle);
    if (!writing) {
      this.#tell(false);
      return;
    }
    this.#idle = setTimeout(() => this.#tell(false), IDLE);
    if (performance.now() - this.#told >= REPEAT || this.#told === 0) this.#tell(true);
  }

  /** The other side said so. */
  heard(typing: boolean): void {
    clearTimeout(this.#forget);
    this.theirs.value = typing;
    if (typing) this.#forget = setTimeout(() => this.heard(false), FORGET);
  }

  stop(): void {
    clearTimeout(this.#idle);
    this.heard(false);
  }

  #tell(typing: boolean): void {
    if (!typing && this.#told === 0) return;
    const told = this.#line.typing(this.#chatRef, typing);
    this.#told = typing && told ? performance.now() : 0;
  }
}
