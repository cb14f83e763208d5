/** What is in a message's text: words, and links that are what they look like. */

/** A stretch of text. */
export type Segment =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "link"; readonly text: string; readonly href: string };

/** What holds no space in any script, nor a mark that no address has. */
const STRETCH = /[^\s<>"`]+/g;
const SCHEME = /https:\/\//gi;
// Marks that reorder or hide characters (UAX #9 and the zero-width ones): with them no address is what it looks like.
const DECEPTIVE = /[\u061c\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]/u;
const HOST = /^(?=.{1,253}$)(?:[a-z\d](?:[a-z\d-]{0,61}[a-z\d])?\.)+[a-z](?:[a-z\d-]{0,61}[a-z\d])$/i;
const AUTHORITY = /^https:\/\/[a-z\d.-]*[a-z\d](?::\d{1,5}(?!\d))?/i;
/** What may not stand behind a host: there it goes on, or it was no host but a name and a password. */
const NO_BORDER = [
  /^(?:[a-z\d@\\%=+&$^]|[-_~]+[a-z\d]|:\d|\.+[\p{L}\p{N}]|\p{M})/iu,
  /^[^/?#]*[@\\]/,
  // Dots of other scripts, which browsers take for dots of a host (UTS #46).
  /^[。．｡][a-z\d-]*[a-z\d][./:?#@]/i,
  // Invisible marks are no harm at the very end.
  /^(?=[\u061c\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff])(?![\u200b-\u200f\u2060\ufeff]+[.,;:!?)\]}]*$)/u,
];
/** Scripts whose letters look like those of an address: beside them nobody sees where it ends. */
const ALIKE =
  /[\p{scx=Latn}\p{scx=Grek}\p{scx=Cyrl}\p{scx=Armn}\p{scx=Geor}\p{scx=Cher}\p{scx=Copt}\p{scx=Lisu}]/u;
const WORD = /[\p{L}\p{M}\p{N}]/u;
/** Punctuation that stands within words and titles. */
const WITHIN = /[’·・׳״־་–‐‑]/u;
const TAIL = /[.,;:!?'*_~–’\u061c\u200b-\u200f\u2060\ufeff]/u;
const OPENED_BY: Readonly<Record<string, string>> = { ")": "(", "]": "[", "}": "{" };
const CLOSED_BY: Readonly<Record<string, string>> = { "'": "'", "‘": "’" };
/** Korean particles, where they stand behind an address that ends in a slash. */
const PARTICLE = /\/(?:[을를은는이가와과의로도만]|에(?:서|는|도)?|으로|까지|부터)$/u;

/** Splits a text. Only a clean `https` address becomes a link; everything else stays as it was written. */
export function segments(text: string): readonly Segment[] {
  if (/[\u202a-\u202e\u2066-\u2069]/u.test(text)) return [{ kind: "text", text }];
  const found: Segment[] = [];
  let end = 0;
  for (const { 0: stretch, index } of text.matchAll(STRETCH)) {
    for (const { at, address, href } of addressesIn(stretch)) {
      const begin = index + at;
      if (begin > end) found.push({ kind: "text", text: text.slice(end, begin) });
      found.push({ kind: "link", text: address, href });
      end = begin + address.length;
    }
  }
  if (end < text.length) found.push({ kind: "text", text: text.slice(end) });
  return found;
}

/** The clean addresses of a stretch without spaces: many scripts write none between an address and the sentence. */
function* addressesIn(stretch: string) {
  const scheme = new RegExp(SCHEME);
  for (let match = scheme.exec(stretch); match; match = scheme.exec(stretch)) {
    const at = match.index;
    const address = addressAt(stretch, at);
    const href = cleanAddress(address);
    scheme.lastIndex = at + Math.max(address.length, match[0].length);
    // "xhttps" is another scheme. Letters of scripts that have no schemes belong to the sentence.
    const begins = !/[\p{scx=Latn}\p{Nd}]$/u.test(stretch.slice(Math.max(0, at - 2), at));
    if (href !== null && begins) yield { at, address, href };
  }
}

/** The address that begins here, without the sentence around it; it may yet be none. */
function addressAt(stretch: string, begin: number): string {
  const closing = CLOSED_BY[stretch.charAt(begin - 1)];
  const whole = stretch.slice(begin);
  const rest = closing === undefined ? whole : (whole.split(closing, 1)[0] ?? whole);
  const host = AUTHORITY.exec(rest)?.[0] ?? "";
  const after = rest.slice(host.length);
  // What can't be told from a host is looked at as a whole, and refused.
  if (isHostLike(after)) return whole;
  return /^[/?#]/.test(after) ? host + withoutTail(pathOf(after)) : host;
}

/** Whether a host goes on here, or seems to. */
function isHostLike(after: string): boolean {
  const [next = ""] = after;
  const alike = WORD.test(next) && (ALIKE.test(next) || /[a-z\d]/i.test(next.normalize("NFKC")));
  return alike || NO_BORDER.some((goesOn) => goesOn.test(after));
}

/** Path, query and fragment, up to what can't belong to them. */
function pathOf(after: string): string {
  const open: string[] = [];
  let before = "";
  let end = 0;
  for (const letter of after) {
    const opened = OPENED_BY[letter];
    // A bracket that the address didn't open was opened by the sentence.
    if (opened !== undefined && open.pop() !== opened) break;
    if (/[([{]/.test(letter)) open.push(letter);
    if (letter > "\u007f" && !belongs(before, letter, after.slice(end + letter.length, end + 4))) break;
    // "a, 然后" is written without the space.
    if (!/[,.;!?]/.test(letter)) before = letter;
    end += letter.length;
  }
  return after.slice(0, end);
}

/** Whether a letter beyond ASCII belongs to the address: in a title of its script, but not right behind "/a". */
function belongs(before: string, letter: string, rest: string): boolean {
  if (DECEPTIVE.test(letter) || /\p{M}/u.test(letter)) return true;
  if (WITHIN.test(letter))
    return [before, [...rest][0] ?? ""].every((beside) => beside === "_" || WORD.test(beside));
  if (letter === "を" && before <= "\u007f") return false;
  return WORD.test(letter) && (ALIKE.test(letter) || !/[a-z\d]/i.test(before));
}

function withoutTail(path: string): string {
  let end = path.length;
  while (TAIL.test(path.charAt(end - 1))) end -= 1;
  return path.slice(0, end).replace(PARTICLE, "/");
}

function cleanAddress(address: string): string | null {
  if (DECEPTIVE.test(address) || address.includes("\\")) return null;
  const authority = /^https:\/\/([^/?#\\]*)/i.exec(address)?.[1] ?? "";
  const host = authority.replace(/:\d{1,5}$/, "");
  if (!HOST.test(host)) return null;
  try {
    const url = new URL(address);
    const clean = url.protocol === "https:" && url.username === "" && url.password === "";
    return clean && url.hostname === host.toLowerCase() ? url.href : null;
  } catch {
    return null;
  }
}
