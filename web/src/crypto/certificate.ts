/** The inbox certificate: the identity's word that customers may seal to this key, for a while. */
import { type Bytes, concat, exactly, fromBase64Url, fromUuid, toBase64Url, u32, u64 } from "./bytes.ts";
import { requireSignature, sign } from "./ed25519.ts";
import { CryptoFailure } from "./failure.ts";
import { domain } from "./kdf.ts";
import { PUBLIC_KEY_LENGTH } from "./lengths.ts";
import { count, record } from "./parse.ts";

const DAY = 86_400;
/** The longest validity that a reader accepts, in seconds. */
export const MAX_VALIDITY = 90 * DAY;
/** How wrong a clock may be, in seconds. */
export const CLOCK_SLACK = 2 * DAY;
/** The age at which a keyring holder's client makes the next epoch, in seconds. */
export const RENEWAL_AGE = 30 * DAY;

/** A public inbox key with its epoch and its validity (Unix seconds). */
export interface Certificate {
  readonly epoch: number;
  readonly notBefore: number;
  readonly notAfter: number;
  readonly publicKey: Bytes;
  readonly signature: Bytes;
}

/** A certificate as it travels in JSON. */
export interface CertificateJson {
  readonly epoch: number;
  readonly notBefore: number;
  readonly notAfter: number;
  readonly publicKey: string;
  readonly signature: string;
}

/** Reads a certificate from JSON; says nothing about whether it holds. */
export function parseCertificate(value: unknown): Certificate {
  const fields = record(value);
  return {
    epoch: count(fields.epoch, 0xffff_ffff),
    notBefore: count(fields.notBefore),
    notAfter: count(fields.notAfter),
    publicKey: exactly(fromBase64Url(fields.publicKey), PUBLIC_KEY_LENGTH, "inbox key"),
    signature: exactly(fromBase64Url(fields.signature), 64, "signature"),
  };
}

/** A certificate as JSON. */
export function certificateJson(certificate: Certificate): CertificateJson {
  return {
    epoch: certificate.epoch,
    notBefore: certificate.notBefore,
    notAfter: certificate.notAfter,
    publicKey: toBase64Url(certificate.publicKey),
    signature: toBase64Url(certificate.signature),
  };
}

/** Signs an inbox key. */
export async function certify(
  partnerId: string,
  identitySeed: Bytes,
  unsigned: Omit<Certificate, "signature">,
): Promise<Certificate> {
  return { ...unsigned, signature: await sign(identitySeed, signedMessage(partnerId, unsigned)) };
}

/** Refuses a certificate that this identity did not sign, or that `now` (Unix seconds) lies outside of. */
export async function checkCertificate(
  partnerId: string,
  identityPublic: Bytes,
  certificate: Certificate,
  now: number,
): Promise<void> {
  const { notBefore, notAfter } = certificate;
  if (notAfter < notBefore || notAfter - notBefore > MAX_VALIDITY) {
    throw new CryptoFailure("certificate", "validity");
  }
  if (now > notAfter + CLOCK_SLACK || now < notBefore - CLOCK_SLACK) {
    throw new CryptoFailure("certificate", "out of its time");
  }
  const message = signedMessage(partnerId, certificate);
  await requireSignature(identityPublic, message, certificate.signature, "certificate");
}

function signedMessage(partnerId: string, certificate: Omit<Certificate, "signature">): Bytes {
  const { epoch, notBefore, notAfter, publicKey } = certificate;
  return concat(domain("inbox"), fromUuid(partnerId), u32(epoch), u64(notBefore), u64(notAfter), publicKey);
}
