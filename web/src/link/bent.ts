/** What mail programs, messengers and people do to a text, undone step by step. */

/** How many lines an address may have been wrapped into. */
const MOST_LINES = 16;

/** The text without what shows nothing, and with `#` where HTML wrote it as a number. */
export function bent(text: string): string {
  return text.replace(/\p{Default_Ignorable_Code_Point}/gu, "").replace(/&#(?:35|x23);/gi, "#");
}

/** One layer of escapes taken off; null when there is none. */
export function decoded(text: string): string | null {
  const decoder = new TextDecoder();
  const unescaped = text.replace(/(?:%[\da-f]{2})+/gi, (escapes) => {
    const bytes = escapes.split("%").slice(1);
    return decoder.decode(Uint8Array.from(bytes, (byte) => Number.parseInt(byte, 16)));
  });
  // In a path, a browser sends these to the server like any other letter.
  const plain = bent(unescaped.replace(/&num;|[\uff03\ufe5f]/g, "#"));
  return plain === text ? null : plain;
}

/**
 * The text as it may have been before its lines were wrapped, with ever more of them joined from the one on in which an
 * address begins: without indentation, marks of quotation, and the `=` of quoted-printable (RFC 2045, section 6.7).
 */
export function joined(text: string): string[] {
  const unified = text.replace(/\r\n?/g, "\n");
  let rest = unified.slice(Math.max(0, unified.search(/http/i)));
  let whole = "";
  const shapes: string[] = [];
  for (let end = rest.indexOf("\n"); end >= 0 && shapes.length < MOST_LINES; end = rest.indexOf("\n")) {
    whole += rest.slice(0, end).trimEnd().replace(/=$/, "");
    rest = rest.slice(end + 1).replace(/^(?:>|(?!\n)\s)+/, "");
    shapes.push(whole + rest);
  }
  return shapes;
}

/** The addresses that security gateways wrote into addresses of their own, in other escapes than `%`. */
export function unwrapped(text: string): string[] {
  const second = /\/v2\/url\?.*?u=([^&\s]*)/.exec(text)?.[1];
  const third = /\/v3\/__([\s\S]*?)__;([\s\S]*?)!!/.exec(text);
  return [
    second === undefined ? null : decoded(second.replaceAll("-", "%").replaceAll("_", "/")),
    third && replaced(third[1] ?? "", third[2] ?? ""),
  ].filter((address) => address !== null);
}

// `*` stands for each character that follows, in base64, behind the `;`.
function replaced(address: string, characters: string): string | null {
  try {
    const plain = atob(characters.replaceAll("-", "+").replaceAll("_", "/"));
    let next = 0;
    return address.replaceAll("*", (star) => plain[next++] ?? star);
  } catch {
    return null;
  }
}
