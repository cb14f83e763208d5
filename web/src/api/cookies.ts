/** Whether the browser keeps cookies, which are how the server knows it again. */

/** Nothing was sent: what the server answers would be forgotten with the answer. */
export class CookiesBlocked extends Error {}

/** Tries it, for `navigator.cookieEnabled` says yes where a person has blocked them. Leaves nothing behind. */
export function keepsCookies(jar: Pick<Document, "cookie"> = document): boolean {
  try {
    jar.cookie = "wg_kept=1;SameSite=Strict";
    const kept = jar.cookie.includes("wg_kept");
    jar.cookie = "wg_kept=;Max-Age=0";
    return kept;
  } catch {
    // Without an origin of its own a page may not even ask.
    return false;
  }
}
