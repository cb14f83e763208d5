/** Whether a key belongs to a word that an input method is still putting together. */

// Safari ends a composition before the keydown of the Enter that ended it, and then only keyCode 229 tells
// (https://webkit.org/b/165004). It can go when Safari sends the events in the order of the UI Events draft.
export function composing(event: KeyboardEvent): boolean {
  return event.isComposing || event.keyCode === 229;
}
