/** Hashes and derived keys: SHA-256, HKDF-SHA-256, and the reference of a chat. */
import { type Bytes, concat, fromUuid, u8, utf8 } from "./bytes.ts";

const NOTHING: Bytes = new Uint8Array(0);

/** SHA-256. */
export async function hash(...parts: readonly Uint8Array[]): Promise<Bytes> {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", concat(...parts)));
}

/** `"wicketgate/1 " + purpose ‖ 0x00`, which separates every hash, signature and key from all others. */
export function domain(purpose: string): Bytes {
  return concat(utf8(`wicketgate/1 ${purpose}`), u8(0));
}

/** A secret as a key that WebCrypto holds and nobody can read back. */
export async function kdfKey(secret: Bytes): Promise<CryptoKey> {
  return crypto.subtle.importKey("raw", secret, "HKDF", false, ["deriveBits"]);
}

/** 32 bytes for one purpose, from a secret or from one already imported by {@link kdfKey}. */
export async function kdf(
  secret: Bytes | CryptoKey,
  purpose: string,
  context: Bytes = NOTHING,
): Promise<Bytes> {
  const key = secret instanceof Uint8Array ? await kdfKey(secret) : secret;
  const info = concat(domain(purpose), context);
  const bits = await crypto.subtle.deriveBits(
    { name: "HKDF", hash: "SHA-256", salt: NOTHING, info },
    key,
    256,
  );
  return new Uint8Array(bits);
}

/** The 16 bytes that both sides compute for a chat, so that a server cannot attach a link to another one. */
export async function chatRefOf(partnerId: string, chatId: string): Promise<Bytes> {
  return (await hash(domain("chat"), fromUuid(partnerId), utf8(chatId))).slice(0, 16);
}
