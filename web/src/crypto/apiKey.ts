/** An API key's text: the server's two parts, and the identity that the desk adds. */
import { type Bytes, exactly, fromBase64Url, toBase64Url } from "./bytes.ts";
import { CryptoFailure } from "./failure.ts";

/** The parts of an API key. */
export interface ApiKey {
  readonly id: string;
  readonly secret: string;
  readonly fingerprint: Bytes | null;
}

/** Reads an API key. */
export function parseApiKey(source: string): ApiKey {
  const found = /^wg_([\w-]{12})\.([\w-]{32})(?:\.([\w-]{22}))?$/.exec(source);
  const [, id, secret, fingerprint] = found ?? [];
  if (id === undefined || secret === undefined) throw new CryptoFailure("malformed", "not an API key");
  return {
    id,
    secret,
    fingerprint: fingerprint === undefined ? null : exactly(fromBase64Url(fingerprint), 16, "fingerprint"),
  };
}

/** The text of an API key. */
export function apiKeyText({ id, secret, fingerprint }: ApiKey): string {
  return `wg_${id}.${secret}${fingerprint === null ? "" : `.${toBase64Url(fingerprint)}`}`;
}
