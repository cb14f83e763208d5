/** Chooses the page's language: the one that the server wrote into the page, if there are words for it. */
import { directionOf, speak } from "./say.ts";

/** Languages that have a catalogue. */
const SPOKEN = ["en"];

/** Sets the language of words and dates, and the page's direction. */
export function beginLanguage(root: HTMLElement): void {
  const wanted = root.lang.toLowerCase().split("-")[0] ?? "";
  const tag = SPOKEN.includes(wanted) ? root.lang : "en";
  speak(tag);
  root.lang = tag;
  root.dir = directionOf(tag);
}
