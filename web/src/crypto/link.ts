/** A link: what it fixes, the blob that the server keeps, the proof, and the fragment that the server never gets. */
import { type Bytes, concat, equal, exactly, fromBase64Url, Reader, toBase64Url, u8, u32 } from "./bytes.ts";
import { CryptoFailure } from "./failure.ts";
import { domain, hash, kdf } from "./kdf.ts";
import { PUBLIC_KEY_LENGTH } from "./lengths.ts";
import { decrypt, encrypt, NONCE_LENGTH } from "./seal.ts";

const VERSION = 1;
// The blob's key comes from F, which comes from the blob's own plain text: it is used once, so the nonce may be fixed.
const BLOB_NONCE: Bytes = new Uint8Array(NONCE_LENGTH);

/** Everything that a sealed link vouches for. */
export interface Fixed {
  readonly linkId: Bytes;
  readonly chatRef: Bytes;
  readonly r: Bytes;
  readonly epoch: number;
  readonly inboxPublic: Bytes;
  readonly identityPublic: Bytes;
}

/** What follows the `#` of a link. */
export type Fragment =
  | { readonly kind: "sealed"; readonly f: Bytes }
  | { readonly kind: "plain"; readonly fingerprint: Bytes };

/** A sealed link as the server gets it, and the secret that it does not get. */
export interface SealedLink {
  readonly f: Bytes;
  readonly blob: Bytes;
  readonly proofHash: Bytes;
}

/** The 1317 bytes that F is the hash of. */
export function encodeFixed(fixed: Fixed): Bytes {
  return concat(
    u8(VERSION),
    exactly(fixed.linkId, 16, "link id"),
    exactly(fixed.chatRef, 16, "chat reference"),
    exactly(fixed.r, 32, "r"),
    u32(fixed.epoch),
    exactly(fixed.inboxPublic, PUBLIC_KEY_LENGTH, "inbox key"),
    exactly(fixed.identityPublic, 32, "identity"),
  );
}

/** Reads those bytes. */
export function parseFixed(bytes: Bytes): Fixed {
  const reader = new Reader(bytes);
  reader.expect(VERSION, "link");
  const fixed = {
    linkId: reader.take(16),
    chatRef: reader.take(16),
    r: reader.take(32),
    epoch: reader.u32(),
    inboxPublic: reader.take(PUBLIC_KEY_LENGTH),
    identityPublic: reader.take(32),
  };
  reader.end();
  return fixed;
}

/** Makes a link out of what it fixes. */
export async function sealLink(fixed: Fixed): Promise<SealedLink> {
  const bytes = encodeFixed(fixed);
  const f = await hash(domain("link"), bytes);
  const sealed = await encrypt(await kdf(f, "blob"), BLOB_NONCE, bytes, fixed.linkId);
  return { f, blob: concat(u8(VERSION), sealed), proofHash: await hash(await proofOf(f)) };
}

/** Opens a link's blob: only the very bytes that F names, for this very link. */
export async function openBlob(f: Bytes, linkId: Bytes, blob: Bytes): Promise<Fixed> {
  const reader = new Reader(blob);
  reader.expect(VERSION, "blob");
  const bytes = await decrypt(await kdf(f, "blob"), BLOB_NONCE, reader.rest(), linkId);
  const fixed = parseFixed(bytes);
  const same = equal(await hash(domain("link"), bytes), f) && equal(fixed.linkId, linkId);
  if (!same) throw new CryptoFailure("mismatch", "the link's hash");
  return fixed;
}

/** What a visitor shows at redemption, to prove that it holds the whole link. */
export async function proofOf(f: Bytes): Promise<Bytes> {
  return kdf(f, "proof");
}

/** The text after the `#`. */
export function fragmentText(fragment: Fragment): string {
  return fragment.kind === "sealed"
    ? `1.${toBase64Url(fragment.f)}`
    : `2.${toBase64Url(fragment.fingerprint)}`;
}

/**
 * Reads a fragment, or returns null when there is none that means anything.
 *
 * A leading `#` or `%23` is ignored, and so is whatever a tracker appended after it (`&…`, `?…`, `#…`, `/…`).
 */
export function parseFragment(source: string): Fragment | null {
  const found = /^(?:#|%23)?(?:1\.([\w-]{43})|2\.([\w-]{22}))(?![\w-])/.exec(source.trim());
  if (!found) return null;
  const [, sealed, plain] = found;
  try {
    return sealed === undefined
      ? { kind: "plain", fingerprint: exactly(fromBase64Url(plain), 16, "fingerprint") }
      : { kind: "sealed", f: exactly(fromBase64Url(sealed), 32, "F") };
  } catch {
    return null;
  }
}

/** The 16 bytes of a link id in its text form of 22 characters. */
export function parseLinkId(value: unknown): Bytes {
  return exactly(fromBase64Url(value), 16, "link id");
}
