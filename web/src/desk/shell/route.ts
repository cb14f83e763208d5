/** The desk's addresses. */

export type Route =
  | { readonly kind: "setup" }
  | { readonly kind: "signin"; readonly next: string }
  | { readonly kind: "links" }
  | { readonly kind: "chats"; readonly chat: string | null }
  | { readonly kind: "settings" }
  | { readonly kind: "unknown" };

/** Where the desk begins. */
export const HOME = "/partners/qrcodes";

/** Every chat. */
export const CHATS = "/partners/chats";

/** Which page an address names; `location` and `URL` both fit. */
export function routeOf({ pathname, search }: { readonly pathname: string; readonly search: string }): Route {
  const path = pathname.replace(/\/+$/, "");
  switch (path) {
    case "":
    case "/partners":
    case HOME:
      return { kind: "links" };
    case "/setup":
      return { kind: "setup" };
    case "/signin":
      return { kind: "signin", next: safeNext(new URLSearchParams(search).get("next")) };
    case CHATS:
      return { kind: "chats", chat: null };
    case "/partners/settings":
      return { kind: "settings" };
  }
  const chat = /^\/partners\/chats\/([A-Za-z0-9_-]{22})$/.exec(path)?.[1];
  return chat === undefined ? { kind: "unknown" } : { kind: "chats", chat };
}

/** The address of a chat on the desk. */
export function chatPath(chatRef: string): string {
  return `${CHATS}/${chatRef}`;
}

/** The sign-in page that leads back to an address afterwards. */
export function signInPath(wanted: string): string {
  return wanted === HOME ? "/signin" : `/signin?next=${encodeURIComponent(wanted)}`;
}

/** A page of the desk to go to after signing in: never another origin, never the sign-in page itself. */
export function safeNext(next: string | null): string {
  if (next === null || !next.startsWith("/")) return HOME;
  // A base that no real address has: what leaves it was no path ("//evil.example", "/\evil.example").
  const base = "http://desk.invalid";
  let url: URL;
  try {
    url = new URL(next, base);
  } catch {
    return HOME;
  }
  return url.origin === base && url.pathname.startsWith("/partners/") ? url.pathname + url.search : HOME;
}
