/** The page's one announcer: a polite live region that nobody sees. What is said elsewhere is heard twice or never. */

let region: HTMLElement | undefined;
let leaving: ReturnType<typeof setTimeout> | undefined;
const waiting: string[] = [];

/** Milliseconds that a sentence stays: long enough for whoever hears another one first. */
const STAY = 10_000;

/** Puts the announcer where it is heard: what lies under an open dialog is silent. */
export function seatAnnouncer(): void {
  if (!region) {
    region = document.createElement("div");
    region.className = "unseen";
    region.setAttribute("role", "status");
  }
  const home = document.querySelector("dialog[open]") ?? document.body;
  if (region.parentNode !== home) home.append(region);
}

/** Says a sentence to screen readers, once. What comes at the same moment is said after it. */
export function announce(sentence: string): void {
  seatAnnouncer();
  // The same words twice are only heard when they leave in between.
  if (region) region.textContent = "";
  if (waiting.push(sentence) > 1) return;
  setTimeout(() => {
    if (region) region.textContent = waiting.splice(0).join(" ");
    // Who reads the page later must not find it a second time.
    clearTimeout(leaving);
    leaving = setTimeout(() => region?.replaceChildren(), STAY);
  }, 50);
}
