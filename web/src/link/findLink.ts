/**
 * Finds a link in an address that programs and people have bent; loaded where one is. The terminal reads the same table
 * of cases (`crates/crypto/src/link/found.rs`).
 *
 * Lengths are fixed and the alphabet is known, so a link comes back out of most of what is done to it. It never becomes
 * another one: what follows a real `#` is the only truth, an escaped `#` counts where there is no other, and two
 * different secrets are refused.
 */

import { bent, decoded, joined, unwrapped } from "./bent.ts";
import { type Address, SEVERAL } from "./link.ts";

/** What a text holds: a link, one that is not whole, none at all, or two different ones. */
export type Found =
  | { readonly kind: "whole"; readonly publicUrl: string; readonly linkId: string; readonly fragment: string }
  | { readonly kind: "fragment"; readonly linkId: string }
  | { readonly kind: "address" | "several" };

const PATH = "/secure/chat/";

/** How often an address may have been escaped. */
const LAYERS = 5;

/** More bytes than any address has, however it was bent. Looking takes more than twice as long for twice as many. */
const LONGEST = 16 * 1024;

/** A door's address that was bent, as far as it can be read. */
export function bentAddress(href: string): Address {
  const found = findLink(href);
  const linkId = "linkId" in found ? found.linkId : null;
  if (found.kind === "several") return { linkId, fragment: SEVERAL };
  return { linkId, fragment: found.kind === "whole" ? found.fragment : null };
}

/** Finds the one link in a text. */
export function findLink(text: string): Found {
  if (text.length > LONGEST || new TextEncoder().encode(text).length > LONGEST) return { kind: "address" };
  const shown = bent(text);
  const shapes = [shown, ...joined(shown)];
  // Whoever wrote an address into another one has seen it whole.
  const all = [
    ...shapes.map((shape) => [shape, !shape.includes("#")] as const),
    ...shapes.flatMap(unwrapped).map((shape) => [shape, true] as const),
  ];
  let verdict: Found = { kind: "address" };
  for (const [shape, exposed] of all) {
    const found = inLayers(shape, exposed);
    if (found.kind === "whole" || found.kind === "several") return found;
    if (found.kind === "fragment") verdict = found;
  }
  return verdict;
}

/** Takes one layer of escapes after the other off the whole text. */
function inLayers(text: string, exposed: boolean): Found {
  let bare: Found = { kind: "address" };
  for (const layer of [text, ...layersOf(text)]) {
    const found = [...layer.matchAll(/\/secure\/chat\//g)].map(({ index }) => at(layer, index, exposed));
    const whole = found.filter((each) => each.kind === "whole");
    const differs = whole.some((each) => addressOf(each) !== addressOf(whole[0]));
    if (differs || found.some(({ kind }) => kind === "several")) return { kind: "several" };
    if (whole[0]) return whole[0];
    // There is a `#`: what is escaped elsewhere does not take its place.
    const broken = found.find((each) => each.kind === "fragment" && each.hash);
    if (broken) return broken;
    bare = found.find(({ kind }) => kind === "fragment") ?? bare;
  }
  return bare;
}

function addressOf(found: Found | undefined): string {
  return found?.kind === "whole" ? `${found.publicUrl} ${found.linkId} ${found.fragment}` : "";
}

/** The link whose path begins at `place`; `hash` says whether there is a `#`. */
function at(text: string, place: number, exposed: boolean): Found & { readonly hash?: boolean } {
  const [, linkId, rest = ""] = /^([\w-]{22})(?![\w-])([\s\S]*)$/.exec(text.slice(place + PATH.length)) ?? [];
  const publicUrl = linkId === undefined ? null : publicUrlBefore(text.slice(0, place));
  if (publicUrl === null || linkId === undefined) return { kind: "address" };
  // An address ends at a blank or a bracket, but for a blank before the `#`.
  const end = rest.search(/\s(?!\s*#)|[<>"|]/);
  const hash = rest.indexOf("#");
  if (hash < 0 || (end >= 0 && end < hash)) return { kind: "fragment", linkId, hash: false };
  const before = rest.slice(0, hash);
  const [fragment, ...behind] = fragmentsIn(rest.slice(hash));
  const others = [...behind, ...layersOf(before).flatMap(fragmentsIn)];
  if (fragment === undefined) return { kind: "fragment", linkId, hash: true };
  if (others.some((other) => other !== fragment)) return { kind: "several" };
  // Whoever rewrites a query could put another partner's fingerprint there.
  if (exposed && before.includes("?") && fragment.startsWith("2"))
    return { kind: "fragment", linkId, hash: true };
  return { kind: "whole", publicUrl, linkId, fragment };
}

/** The server's address that ends here, with its scheme and host in small letters. */
function publicUrlBefore(before: string): string | null {
  const small = before.toLowerCase();
  const start = Math.max(small.lastIndexOf("https://"), small.lastIndexOf("http://"));
  const [, scheme, host, path] =
    /^(https?):\/\/([^/\s?#<>"]+)([^\s?#<>"]*)$/i.exec(before.slice(start)) ?? [];
  return start < 0 || !scheme ? null : `${scheme.toLowerCase()}://${host?.toLowerCase()}${path}`;
}

/** What stands whole behind each `#`. */
function fragmentsIn(text: string): string[] {
  const [, ...behind] = text.split("#");
  return behind.flatMap((each) => fragmentIn(each) ?? []);
}

/** The fragment at the beginning of what follows a `#`, through escapes and blanks. */
function fragmentIn(text: string): string | null {
  for (const layer of [text, ...layersOf(text)]) {
    const fragment = inOnePiece(layer) ?? inPieces(layer);
    if (fragment !== null) return fragment;
  }
  return null;
}

/** What is left after each layer of escapes. */
function layersOf(text: string): string[] {
  const layers: string[] = [];
  for (let next = decoded(text); next !== null && layers.length < LAYERS; next = decoded(next))
    layers.push(next);
  return layers;
}

// Signs that end a word or a sentence may follow, also those of its own alphabet; a letter or a digit makes it another.
const WHOLE = /^[\s"'([{<*_-]*(1\.[\w-]{42}[AEIMQUYcgkosw048]|2\.[\w-]{21}[AQgw])(?![_-]*[A-Za-z0-9])/;

function inOnePiece(text: string): string | null {
  return WHOLE.exec(text)?.[1] ?? null;
}

/** A fragment in pieces between blanks, behind which nothing is left that could belong to it or to a sentence. */
function inPieces(text: string): string | null {
  const core = text.replace(/^[^\w-]+|[^\w-]+$/g, "");
  const pieces = core.replace(/\s+/g, "");
  if (pieces === core || !/^[12]\.[\w-]*$/.test(pieces)) return null;
  return inOnePiece(pieces);
}
