/** Moving through the list of chats by keyboard: which row the keys lead to, and how rows are found on the page. */

import type { RefObject } from "preact";
import { useLayoutEffect } from "preact/hooks";

/** The id of a chat's row. */
export function rowId(chatRef: string): string {
  return `chat-${chatRef}`;
}

/** The first row of the list, when it is in sight. */
export function firstRow(): HTMLElement | null {
  const row = document.querySelector<HTMLElement>(".inbox-row");
  return row?.checkVisibility() ? row : null;
}

/** Where a key leads from the row at `place` of `count`; null when the key is none of the list's. */
export function placeAfter(key: string, place: number, count: number): number | null {
  switch (key) {
    case "ArrowDown":
      return Math.min(place + 1, count - 1);
    case "ArrowUp":
      return Math.max(place - 1, 0);
    case "Home":
      return 0;
    case "End":
      return count - 1;
    default:
      return null;
  }
}

/**
 * Who opens a chat means to write: once there is a composer, the focus goes on from the heading, unless it has moved
 * since. Not on a phone, where the keyboard would cover what there is to read.
 */
export function toComposer(): void {
  const heading = document.querySelector(".thread-page [data-heading]");
  if (!heading || document.activeElement !== heading || !matchMedia("(pointer: fine)").matches) return;
  document.querySelector<HTMLElement>(".thread-page textarea")?.focus();
}

/** Keeps the focus on its row where rows change places: a browser takes it away from an element that is moved. */
export function useHeldFocus(list: RefObject<HTMLElement | null>, instead: string | null): void {
  // Read while the rows still stand as they did.
  const before = document.activeElement;
  const held = before && list.current?.contains(before) ? before : null;
  useLayoutEffect(() => {
    if (!held || document.activeElement === held) return;
    const row = held.isConnected || instead === null ? held : document.getElementById(rowId(instead));
    if (!(row instanceof HTMLElement)) return;
    row.focus({ preventScroll: true });
    row.scrollIntoView({ block: "nearest" });
  });
}
