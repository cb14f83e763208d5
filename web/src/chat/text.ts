/** What is in a message's text: words, and links that are what they look like. */

/** A stretch of text. */
export type Segment =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "link"; readonly text: string; readonly href: string };

const CANDIDATE = /https:\/\/[^\s<>"'`]+/gi;
// Marks that reorder or hide characters (UAX #9 and the zero-width ones): with them no address is what it looks like.
const DECEPTIVE = /[\u061c\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]/u;
const HOST = /^(?=.{1,253}$)(?:[a-z\d](?:[a-z\d-]{0,61}[a-z\d])?\.)+[a-z](?:[a-z\d-]{0,61}[a-z\d])$/i;
const TAIL = /[.,;:!?)\]}*_~…»”’]/u;
const EMOJI =
  /^(?:\p{RI}\p{RI}|[\d#*]\ufe0f?\u20e3|\p{Extended_Pictographic}(?:\ufe0f|\p{EMod})?(?:\u200d\p{Extended_Pictographic}(?:\ufe0f|\p{EMod})?)*){1,3}$/u;

/** Splits a text. Only a clean `https` address becomes a link; everything else stays as it was written. */
export function segments(text: string): readonly Segment[] {
  if (/[\u202a-\u202e\u2066-\u2069]/u.test(text)) return [{ kind: "text", text }];
  const found: Segment[] = [];
  let end = 0;
  for (const { 0: candidate, index } of text.matchAll(CANDIDATE)) {
    const address = withoutTail(candidate);
    const href = cleanAddress(address);
    const before = text[index - 1];
    if (href === null || (before !== undefined && /[\p{L}\p{N}]/u.test(before))) continue;
    if (index > end) found.push({ kind: "text", text: text.slice(end, index) });
    found.push({ kind: "link", text: address, href });
    end = index + address.length;
  }
  if (end < text.length) found.push({ kind: "text", text: text.slice(end) });
  return found;
}

/** Whether a text is one to three emoji and nothing else. */
export function loneEmoji(text: string): boolean {
  return text.length <= 64 && EMOJI.test(text.trim());
}

// The sentence's punctuation is not the address's, and a bracket belongs to it only when it opened there.
function withoutTail(candidate: string): string {
  let open = candidate.split("(").length - candidate.split(")").length;
  let end = candidate.length;
  for (; end > 0; end -= 1) {
    const last = candidate.charAt(end - 1);
    if (!TAIL.test(last) || (last === ")" && open >= 0)) break;
    if (last === ")") open += 1;
  }
  return candidate.slice(0, end);
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
