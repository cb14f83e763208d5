/** AES-256-GCM under a derived key: nonce ‖ ciphertext ‖ tag. */
import { type Bytes, concat, exactly, Reader } from "./bytes.ts";
import { CryptoFailure } from "./failure.ts";

/** Length of a nonce in bytes. */
export const NONCE_LENGTH = 12;

/** Encrypts with a nonce that the caller never uses again under this key; the nonce is not part of the result. */
export async function encrypt(key: Bytes, nonce: Bytes, plain: Bytes, aad: Bytes): Promise<Bytes> {
  const algorithm = { name: "AES-GCM", iv: exactly(nonce, NONCE_LENGTH, "nonce"), additionalData: aad };
  return new Uint8Array(await crypto.subtle.encrypt(algorithm, await aesKey(key, "encrypt"), plain));
}

/** Opens what {@link encrypt} made; a wrong key, nonce, aad or any altered bit is `unopened`. */
export async function decrypt(key: Bytes, nonce: Bytes, sealed: Bytes, aad: Bytes): Promise<Bytes> {
  const algorithm = { name: "AES-GCM", iv: exactly(nonce, NONCE_LENGTH, "nonce"), additionalData: aad };
  const imported = await aesKey(key, "decrypt");
  try {
    return new Uint8Array(await crypto.subtle.decrypt(algorithm, imported, sealed));
  } catch {
    throw new CryptoFailure("unopened");
  }
}

/** Seals under a key: the random nonce leads. */
export async function seal(key: Bytes, nonce: Bytes, plain: Bytes, aad: Bytes): Promise<Bytes> {
  return concat(nonce, await encrypt(key, nonce, plain, aad));
}

/** Opens what {@link seal} made. */
export async function open(key: Bytes, sealed: Bytes, aad: Bytes): Promise<Bytes> {
  const reader = new Reader(sealed);
  const nonce = reader.take(NONCE_LENGTH);
  return decrypt(key, nonce, reader.rest(), aad);
}

async function aesKey(key: Bytes, usage: KeyUsage): Promise<CryptoKey> {
  return crypto.subtle.importKey("raw", exactly(key, 32, "key"), "AES-GCM", false, [usage]);
}
