/** Addresses: a link's as it was made, a door's, a chat's. Pure text, no keys. */

/** What an address says. */
export interface Address {
  readonly linkId: string | null;
  /** `1.…` or `2.…` without what came before and after; null when it is missing, `SEVERAL` when there are two. */
  readonly fragment: string | null;
}

/** In the place of a fragment: there are two different ones. */
export const SEVERAL = "several";

/** Reads an address to which nothing was done; null where it takes a closer look (`found.ts`). */
export function readAddress({
  pathname,
  search,
  hash,
}: Pick<URL, "pathname" | "search" | "hash">): Address | null {
  if (!/\/secure\/chat\//.test(pathname)) return { linkId: null, fragment: null };
  const linkId = /^\/secure\/chat\/([\w-]{22})$/.exec(pathname)?.[1];
  const clean = /^(?:#(?:1\.[\w-]{43}|2\.[\w-]{22}))?$/.test(hash) && !search.includes("%");
  return linkId && clean ? { linkId, fragment: hash.slice(1) || null } : null;
}

/** The path of a link's door, whole again. */
export function doorPath(linkId: string, fragment: string | null): string {
  return fragment === null ? `/secure/chat/${linkId}` : `/secure/chat/${linkId}#${fragment}`;
}

/** The path of a chat. */
export function chatPath(chatRef: string): string {
  return `/chat/${chatRef}`;
}

/** The chat that a path names. */
export function chatOfPath(path: string): string | null {
  return /^\/chat\/([\w-]{22})$/.exec(path)?.[1] ?? null;
}
