/** A recovery code as people write it: Crockford base32 in groups of four. */

import { typedCode } from "../text/typed.ts";
import { type Bytes, exactly } from "./bytes.ts";
import { CryptoFailure } from "./failure.ts";

const ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/** The 32 characters of 20 bytes, in groups of four joined by dashes. */
export function recoveryCodeText(code: Bytes): string {
  let bits = 0n;
  for (const byte of exactly(code, 20, "recovery code")) bits = (bits << 8n) | BigInt(byte);
  const characters = Array.from({ length: 32 }, (_, index) =>
    ALPHABET.charAt(Number((bits >> BigInt(5 * (31 - index))) & 31n)),
  ).join("");
  return characters.replace(/.{4}(?=.)/g, "$&-");
}

/** Reads a typed code: case, spaces and dashes do not matter, nor do digits of other keyboards; I and L are 1, O is 0. */
export function parseRecoveryCode(typed: string): Bytes {
  const characters = typedCode(typed)
    .toUpperCase()
    .replaceAll("-", "")
    .replace(/[IL]/g, "1")
    .replaceAll("O", "0");
  const values = Array.from(characters, (character) => ALPHABET.indexOf(character));
  if (values.length !== 32 || values.includes(-1)) {
    throw new CryptoFailure("malformed", "not a recovery code");
  }
  let bits = values.reduce((sum, value) => (sum << 5n) | BigInt(value), 0n);
  const code = new Uint8Array(20);
  for (let index = 19; index >= 0; index -= 1) {
    code[index] = Number(bits & 255n);
    bits >>= 8n;
  }
  return code;
}
