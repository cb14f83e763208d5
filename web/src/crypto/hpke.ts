/** HPKE (RFC 9180) with X-Wing, HKDF-SHA-256 and AES-256-GCM: seal to a key, or agree on a secret. */
import { Aes256Gcm, CipherSuite, HkdfSha256 } from "@hpke/core";
import { XWing } from "@hpke/hybridkem-x-wing";
import { type Bytes, concat, exactly, Reader, utf8 } from "./bytes.ts";
import { CryptoFailure } from "./failure.ts";
import { ENC_LENGTH, PUBLIC_KEY_LENGTH, SENDER_RANDOMNESS_LENGTH } from "./lengths.ts";

const ROOT_LABEL = utf8("wicketgate/1 root");

const suite = new CipherSuite({ kem: new XWing(), kdf: new HkdfSha256(), aead: new Aes256Gcm() });
const kem = new XWing();

/** A secret that both sides hold beforehand, with its name. */
export interface PreShared {
  readonly key: Bytes;
  readonly id: Bytes;
}

/** The X-Wing public key of a 32-byte seed. A seed is the raw decapsulation key. */
export async function publicKeyOf(seed: Bytes): Promise<Bytes> {
  const { publicKey } = await pairOf(seed);
  return new Uint8Array(await kem.serializePublicKey(publicKey)).slice();
}

/** Single-shot base mode: enc ‖ ciphertext ‖ tag. `randomness` is 64 fresh random bytes. */
export async function hpkeSeal(
  publicKey: Bytes,
  info: Bytes,
  aad: Bytes,
  plain: Bytes,
  randomness: Bytes,
): Promise<Bytes> {
  const context = await sender(publicKey, info, randomness);
  return concat(new Uint8Array(context.enc), new Uint8Array(await context.seal(plain, aad)));
}

/** Opens what {@link hpkeSeal} made for the key of this seed. */
export async function hpkeOpen(seed: Bytes, info: Bytes, aad: Bytes, sealed: Bytes): Promise<Bytes> {
  const reader = new Reader(sealed);
  const enc = reader.take(ENC_LENGTH);
  const context = await recipient(seed, info, enc);
  try {
    return new Uint8Array(await context.open(reader.rest(), aad));
  } catch {
    throw new CryptoFailure("unopened");
  }
}

/** The sender's half of an agreement: `enc` for the other side, and the 32-byte root. */
export async function agreeAsSender(
  publicKey: Bytes,
  info: Bytes,
  randomness: Bytes,
  preShared?: PreShared,
): Promise<{ enc: Bytes; root: Bytes }> {
  const context = await sender(publicKey, info, randomness, preShared);
  return {
    enc: new Uint8Array(context.enc).slice(),
    root: new Uint8Array(await context.export(ROOT_LABEL, 32)),
  };
}

/** The recipient's half: the same root from its seed and the sender's `enc`. */
export async function agreeAsRecipient(
  seed: Bytes,
  info: Bytes,
  enc: Bytes,
  preShared?: PreShared,
): Promise<Bytes> {
  const context = await recipient(seed, info, enc, preShared);
  return new Uint8Array(await context.export(ROOT_LABEL, 32));
}

async function sender(publicKey: Bytes, info: Bytes, randomness: Bytes, preShared?: PreShared) {
  exactly(publicKey, PUBLIC_KEY_LENGTH, "public key");
  exactly(randomness, SENDER_RANDOMNESS_LENGTH, "randomness");
  try {
    return await suite.createSenderContext({
      recipientPublicKey: await kem.deserializePublicKey(publicKey),
      info,
      ekm: randomness,
      ...(preShared && { psk: preShared }),
    });
  } catch {
    throw new CryptoFailure("malformed", "unusable public key");
  }
}

async function recipient(seed: Bytes, info: Bytes, enc: Bytes, preShared?: PreShared) {
  exactly(enc, ENC_LENGTH, "enc");
  const { privateKey } = await pairOf(seed);
  try {
    return await suite.createRecipientContext({
      recipientKey: privateKey,
      info,
      enc,
      ...(preShared && { psk: preShared }),
    });
  } catch {
    throw new CryptoFailure("unopened");
  }
}

async function pairOf(seed: Bytes): Promise<CryptoKeyPair> {
  // The library keeps the buffer it is given, so it gets its own.
  return kem.generateKeyPairDerand(exactly(seed, 32, "seed").slice());
}
