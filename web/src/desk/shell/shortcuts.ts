/** The keyboard shortcuts of the desk, wherever the focus is. */

/** What a press asks for. */
export type Shortcut = "find" | "help" | "next_unread" | "previous_unread";

/** What of a press matters here; a `KeyboardEvent` fits. */
export type KeyPress = Pick<KeyboardEvent, "key" | "code" | "ctrlKey" | "metaKey" | "altKey" | "shiftKey">;

/** The id of the field that finds chats. */
export const FIND = "inbox-find";

/**
 * The shortcut of a press. Keys without a modifier are taken only where nobody writes, and only while `single` says so:
 * whoever speaks to their computer, or slips, must be able to do without them.
 */
export function shortcutOf(
  press: KeyPress,
  writing: boolean,
  single: boolean,
  mac: boolean,
): Shortcut | null {
  const { ctrlKey, metaKey, altKey, shiftKey } = press;
  const key = plainKey(press);
  if (altKey && shiftKey && !ctrlKey && !metaKey) {
    if (key === "ArrowDown") return "next_unread";
    return key === "ArrowUp" ? "previous_unread" : null;
  }
  // On a Mac, Ctrl K in a text deletes to the end of the line.
  const find = mac ? metaKey && !ctrlKey : ctrlKey !== metaKey;
  if (find && !altKey && !shiftKey) return key === "k" ? "find" : null;
  if (ctrlKey || metaKey || altKey || writing || !single) return null;
  if (key === "/") return "find";
  return key === "?" ? "help" : null;
}

/**
 * The key as a Latin keyboard would name it. Where the layout is one of Latin letters, what is printed on the key counts,
 * wherever it lies (Dvorak, AZERTY); where it has none, the place does, as it does for the system's own shortcuts.
 */
function plainKey({ key, code, shiftKey }: KeyPress): string {
  const letter = /^Key([A-Z])$/.exec(code)?.[1]?.toLowerCase();
  if (letter && key.length === 1 && !/[\p{Script=Latin}\p{N}]/u.test(key))
    return /\p{L}/u.test(key) ? letter : key;
  // Where a slash lies on a Latin keyboard there is a stop or a letter on one of another script.
  if (key === "؟" || key === "\u037e") return "?";
  if (code === "Slash" && /^[.,]$|\p{L}/u.test(key) && !/\p{Script=Latin}/u.test(key))
    return shiftKey ? "?" : "/";
  return key.length === 1 ? key.toLowerCase() : key;
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
