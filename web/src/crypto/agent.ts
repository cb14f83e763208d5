/** An agent's keys, and the two ways in which the server keeps their seed without being able to read it. */
import { typedPassword } from "../text/typed.ts";
import { type Bytes, concat, exactly, fromUuid, Reader, u8, utf8 } from "./bytes.ts";
import { publicKeyOf as signPublicKeyOf } from "./ed25519.ts";
import { CryptoFailure } from "./failure.ts";
import { publicKeyOf as kemPublicKeyOf } from "./hpke.ts";
import { kdf } from "./kdf.ts";
import { open, seal } from "./seal.ts";

/** The rounds of a new password, and the fewest that a client accepts. */
export const PASSWORD_ROUNDS = 600_000;
/** The most rounds that a client computes: above it a server would only burn the visitor's battery. */
export const MAX_PASSWORD_ROUNDS = 10_000_000;

const VERSION = 1;

/** How the key that wraps an agent's seed was made. */
export type WrapKind = "password" | "recovery";

const WRAP_IDS: Readonly<Record<WrapKind, number>> = { password: 1, recovery: 2 };

/** What the server checks, and what seals the seed; the second never leaves the client. */
export interface Credential {
  readonly auth: Bytes;
  readonly wrap: Bytes;
}

/** An agent's public keys. */
export interface AgentKeys {
  readonly kem: Bytes;
  readonly sign: Bytes;
}

/** What a wrap holds: the agent's seed and the identity that the agent first saw its partner under. */
export interface AgentSecret {
  readonly seed: Bytes;
  readonly identity: Bytes;
}

/** Derives both halves of a password. Takes about half a second, by design. */
export async function passwordCredential(password: string, salt: Bytes, rounds: number): Promise<Credential> {
  if (rounds < PASSWORD_ROUNDS) throw new CryptoFailure("weak", "too few rounds");
  if (rounds > MAX_PASSWORD_ROUNDS) throw new CryptoFailure("malformed", "too many rounds");
  exactly(salt, 16, "salt");
  const normal = utf8(typedPassword(password));
  const key = await crypto.subtle.importKey("raw", normal, "PBKDF2", false, ["deriveBits"]);
  const algorithm = { name: "PBKDF2", hash: "SHA-256", salt, iterations: rounds };
  const master = new Uint8Array(await crypto.subtle.deriveBits(algorithm, key, 256));
  return { auth: await kdf(master, "auth"), wrap: await kdf(master, "wrap") };
}

/** Derives both halves of a recovery code. */
export async function recoveryCredential(code: Bytes): Promise<Credential> {
  exactly(code, 20, "recovery code");
  return { auth: await kdf(code, "recovery-auth"), wrap: await kdf(code, "recovery-wrap") };
}

/** The public keys of an agent's seed. */
export async function agentKeysOf(seed: Bytes): Promise<AgentKeys> {
  return { kem: await kemPublicKeyOf(seed), sign: await signPublicKeyOf(await kdf(seed, "sign")) };
}

/** Seals an agent's secret for the server to keep. */
export async function wrapAgent(
  kind: WrapKind,
  wrapKey: Bytes,
  agentId: string,
  secret: AgentSecret,
  nonce: Bytes,
): Promise<Bytes> {
  const plain = concat(exactly(secret.seed, 32, "seed"), exactly(secret.identity, 32, "identity"));
  return concat(u8(VERSION), u8(WRAP_IDS[kind]), await seal(wrapKey, nonce, plain, fromUuid(agentId)));
}

/** Opens a wrap of this kind; a wrong password or code is `unopened`. */
export async function unwrapAgent(
  kind: WrapKind,
  wrapKey: Bytes,
  agentId: string,
  wrapped: Bytes,
): Promise<AgentSecret> {
  const reader = new Reader(wrapped);
  reader.expect(VERSION, "agent wrap");
  reader.expect(WRAP_IDS[kind], "agent wrap");
  const inner = new Reader(await open(wrapKey, reader.rest(), fromUuid(agentId)));
  const secret = { seed: inner.take(32), identity: inner.take(32) };
  inner.end();
  return secret;
}
