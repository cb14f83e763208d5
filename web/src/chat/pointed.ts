/** The message that a person points at: with the mouse, a tap or the keyboard. It alone shows what can be done with it. */
import { signal } from "@preact/signals";
import type { HTMLAttributes } from "preact";

/** What can be copied. A refused message says so under it anyway. */
const MESSAGE = ".message:not(.refused, :has(.message-odd))";

/** One thread's. */
export class Pointed {
  /** The message's `cid`. */
  readonly cid = signal<string | null>(null);

  /** Points at the message that holds this, if any. */
  at(target: EventTarget | null): void {
    const message = target instanceof Element ? target.closest<HTMLElement>(MESSAGE) : null;
    this.cid.value = message?.dataset.cid ?? null;
  }

  /** Points at the newest message in sight. */
  atNewest(log: HTMLElement): void {
    const { bottom } = log.getBoundingClientRect();
    this.at(messagesIn(log).findLast((message) => message.getBoundingClientRect().bottom <= bottom) ?? null);
  }

  /** Points at the one before (-1) or after (1). */
  step(log: HTMLElement, by: -1 | 1): void {
    const messages = messagesIn(log);
    const next = messages[messages.findIndex(({ dataset }) => dataset.cid === this.cid.peek()) + by];
    if (!next) return;
    next.scrollIntoView({ block: "nearest" });
    this.at(next);
  }
}

/**
 * What a log hears of it. A message under a resting mouse is not pointed at, or each one would be in turn while the
 * thread scrolls.
 */
export function pointing(pointed: Pointed): HTMLAttributes<HTMLDivElement> {
  return {
    onPointerMove: ({ pointerType, target }) => {
      if (pointerType === "mouse") pointed.at(target);
    },
    onPointerLeave: ({ pointerType }) => {
      if (pointerType === "mouse") pointed.at(null);
    },
    // On its way down: a press of Copy may have drawn it anew by the time that it is heard of here.
    onClickCapture: ({ target }) => pointed.at(target),
    onFocusIn: ({ currentTarget, target }) => {
      // What lies between the log and the message's button keeps it there.
      if (target instanceof Element && target.closest(".message")) pointed.at(target);
      else if (target === currentTarget && currentTarget.matches(":focus-visible"))
        pointed.atNewest(currentTarget);
    },
    onFocusOut: ({ currentTarget, relatedTarget }) => {
      if (relatedTarget instanceof Node && !currentTarget.contains(relatedTarget)) pointed.at(null);
    },
  };
}

function messagesIn(log: HTMLElement): HTMLElement[] {
  return [...log.querySelectorAll<HTMLElement>(MESSAGE)];
}
