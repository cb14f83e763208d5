/** Ed25519 from WebCrypto, and from a library only where the browser has none. */
import { type Bytes, concat, exactly, fromBase64Url } from "./bytes.ts";
import { CryptoFailure, loading } from "./failure.ts";

/** What both implementations offer. A seed is the 32-byte private key of RFC 8032. */
export interface Ed25519 {
  publicKeyOf(seed: Bytes): Promise<Bytes>;
  sign(seed: Bytes, message: Bytes): Promise<Bytes>;
  verify(publicKey: Bytes, message: Bytes, signature: Bytes): Promise<boolean>;
}

/** The public key of a seed. */
export async function publicKeyOf(seed: Bytes): Promise<Bytes> {
  exactly(seed, 32, "seed");
  return (await engine()).publicKeyOf(seed);
}

/** The 64-byte signature of a message. */
export async function sign(seed: Bytes, message: Bytes): Promise<Bytes> {
  exactly(seed, 32, "seed");
  return (await engine()).sign(seed, message);
}

/** Whether the signature holds. */
export async function verify(publicKey: Bytes, message: Bytes, signature: Bytes): Promise<boolean> {
  if (publicKey.length !== 32 || signature.length !== 64) return false;
  return (await engine()).verify(publicKey, message, signature);
}

let chosen: Promise<Ed25519> | undefined;

function engine(): Promise<Ed25519> {
  chosen ??= native.publicKeyOf(new Uint8Array(32)).then(() => native, library);
  return chosen;
}

/** The PKCS #8 header (RFC 8410) before a raw seed: WebCrypto imports no bare private key. */
const PKCS8_HEADER = Uint8Array.of(48, 46, 2, 1, 0, 48, 5, 6, 3, 43, 101, 112, 4, 34, 4, 32);

/** The browser's own. */
export const native: Ed25519 = {
  async publicKeyOf(seed) {
    const { x } = await crypto.subtle.exportKey("jwk", await importSeed(seed, true));
    return fromBase64Url(x);
  },
  async sign(seed, message) {
    return new Uint8Array(await crypto.subtle.sign("Ed25519", await importSeed(seed, false), message));
  },
  async verify(publicKey, message, signature) {
    try {
      const key = await crypto.subtle.importKey("raw", publicKey, "Ed25519", false, ["verify"]);
      return await crypto.subtle.verify("Ed25519", key, signature, message);
    } catch {
      return false;
    }
  },
};

async function importSeed(seed: Bytes, extractable: boolean): Promise<CryptoKey> {
  return crypto.subtle.importKey("pkcs8", concat(PKCS8_HEADER, seed), "Ed25519", extractable, ["sign"]);
}

/** The library's, loaded when first needed. */
export async function library(): Promise<Ed25519> {
  const { getPublicKeyAsync, signAsync, verifyAsync } = await loading(import("@noble/ed25519"));
  return {
    async publicKeyOf(seed) {
      return Uint8Array.from(await getPublicKeyAsync(seed));
    },
    async sign(seed, message) {
      return Uint8Array.from(await signAsync(message, seed));
    },
    async verify(publicKey, message, signature) {
      try {
        return await verifyAsync(signature, message, publicKey, { zip215: false });
      } catch {
        return false;
      }
    },
  };
}

/** Refuses a signature that does not hold, with the reason that the caller names. */
export async function requireSignature(
  publicKey: Bytes,
  message: Bytes,
  signature: Bytes,
  reason: "identity" | "certificate",
): Promise<void> {
  if (!(await verify(publicKey, message, signature))) throw new CryptoFailure(reason, "signature");
}
