/** A link's address as messengers leave it: cut, encoded, appended to. Pure text, no keys. */

/** What an address says. */
export interface Address {
  readonly linkId: string | null;
  /** `1.…` or `2.…` without what came before and after; null when it is missing. */
  readonly fragment: string | null;
}

const LINK_ID = /\/secure\/chat\/([\w-]{22})(?![\w-])/;
// `#`, or what a rewriter made of it once or several times over: `%23`, `%2523`.
const FRAGMENT = /(?:#|%(?:25)*23)(1\.[\w-]{43}|2\.[\w-]{22})(?![\w-])/i;

/** Reads a whole address. */
export function readAddress(href: string): Address {
  const end = /%(?:25)*23|[?#]/.exec(href)?.index ?? href.length;
  return {
    linkId: LINK_ID.exec(href.slice(0, end))?.[1] ?? null,
    fragment: FRAGMENT.exec(href)?.[1] ?? null,
  };
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
