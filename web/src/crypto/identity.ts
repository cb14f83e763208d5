/** A partner's identity: its fingerprint, its successions, and the desk key that comes from it. */
import { type Bytes, concat, fromUuid } from "./bytes.ts";
import { requireSignature, sign } from "./ed25519.ts";
import { domain, hash, kdf } from "./kdf.ts";

/** A new identity, signed by the one before it. */
export interface Succession {
  readonly identity: Bytes;
  readonly signature: Bytes;
}

/** The 16 bytes that name a partner in links and API keys. */
export async function fingerprintOf(identityPublic: Bytes): Promise<Bytes> {
  return (await hash(domain("identity"), identityPublic)).slice(0, 16);
}

/** The key that seals what only agents read: vaults and labels. */
export async function deskKeyOf(identitySeed: Bytes): Promise<Bytes> {
  return kdf(identitySeed, "desk");
}

/** Signs a new identity with the current one. */
export async function succeed(
  partnerId: string,
  identitySeed: Bytes,
  nextPublic: Bytes,
): Promise<Succession> {
  const signature = await sign(identitySeed, successionMessage(partnerId, nextPublic));
  return { identity: nextPublic, signature };
}

/** Every identity of a chain, first to current; a signature that does not hold refuses the whole chain. */
export async function followSuccessions(
  partnerId: string,
  first: Bytes,
  successions: readonly Succession[],
): Promise<readonly [Bytes, ...Bytes[]]> {
  const chain: [Bytes, ...Bytes[]] = [first];
  let current = first;
  for (const { identity, signature } of successions) {
    await requireSignature(current, successionMessage(partnerId, identity), signature, "identity");
    chain.push(identity);
    current = identity;
  }
  return chain;
}

function successionMessage(partnerId: string, nextPublic: Bytes): Bytes {
  return concat(domain("succession"), fromUuid(partnerId), nextPublic);
}
