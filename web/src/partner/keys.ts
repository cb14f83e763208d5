/** What keys do on the desk, wherever the focus is. */

/** What a press asks for. */
export type KeyVerb = "find" | "help" | "next_unread" | "previous_unread";

/** What of a press matters here; a `KeyboardEvent` fits. */
export type KeyPress = Pick<KeyboardEvent, "key" | "ctrlKey" | "metaKey" | "altKey" | "shiftKey">;

/** The id of the field that finds chats. */
export const FIND = "inbox-find";

/**
 * The verb of a press. Keys without a modifier are taken only where nobody writes, and only while `single` says so:
 * whoever speaks to their computer, or slips, must be able to do without them.
 */
export function verbOf(press: KeyPress, writing: boolean, single: boolean, mac: boolean): KeyVerb | null {
  const { key, ctrlKey, metaKey, altKey, shiftKey } = press;
  if (altKey && shiftKey && !ctrlKey && !metaKey) {
    if (key === "ArrowDown") return "next_unread";
    return key === "ArrowUp" ? "previous_unread" : null;
  }
  // On a Mac, Ctrl K in a text deletes to the end of the line.
  const find = mac ? metaKey && !ctrlKey : ctrlKey !== metaKey;
  if (find && !altKey && !shiftKey) return key.toLowerCase() === "k" ? "find" : null;
  if (ctrlKey || metaKey || altKey || writing || !single) return null;
  if (key === "/") return "find";
  return key === "?" ? "help" : null;
}

/** Whether this is a keyboard of Apple's. */
export function isMac(): boolean {
  return /Mac|iP/.test(navigator.platform);
}

/** Whether what is typed goes into a text. */
export function isWriting(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target instanceof HTMLInputElement) return !/^(checkbox|radio|button|submit)$/.test(target.type);
  return (
    target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement || target.isContentEditable
  );
}
