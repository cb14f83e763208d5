/** The keyring: everything that an agent needs to read its partner's chats, sealed to each agent in the roster. */
import {
  type Bytes,
  concat,
  equal,
  exactly,
  fromUuid,
  Reader,
  toUuid,
  u8,
  u16,
  u32,
  u64,
  utf8,
} from "./bytes.ts";
import { type Certificate, certify, MAX_VALIDITY, RENEWAL_AGE } from "./certificate.ts";
import { publicKeyOf as signPublicKeyOf } from "./ed25519.ts";
import { CryptoFailure } from "./failure.ts";
import { hpkeOpen, hpkeSeal, publicKeyOf } from "./hpke.ts";
import { followSuccessions, type Succession } from "./identity.ts";
import { PUBLIC_KEY_LENGTH } from "./lengths.ts";

const VERSION = 1;
const INFO = utf8("wicketgate/1 keyring");

/** One inbox epoch with its seed, its validity (Unix seconds) and the signature of its certificate. */
export interface Epoch {
  readonly epoch: number;
  readonly notBefore: number;
  readonly notAfter: number;
  readonly seed: Bytes;
  readonly signature: Bytes;
}

/** An agent to whom the keyring is sealed. */
export interface RosterEntry {
  readonly agentId: string;
  readonly kem: Bytes;
  readonly sign: Bytes;
}

/** An opened keyring. */
export interface Keyring {
  readonly generation: number;
  readonly identitySeed: Bytes;
  readonly firstIdentity: Bytes;
  readonly successions: readonly Succession[];
  readonly epochs: readonly Epoch[];
  readonly roster: readonly RosterEntry[];
}

/** The plain bytes of a keyring. */
export function encodeKeyring(keyring: Keyring): Bytes {
  const { generation, identitySeed, firstIdentity, successions, epochs, roster } = keyring;
  return concat(
    u8(VERSION),
    u32(generation),
    identitySeed,
    firstIdentity,
    u16(successions.length),
    ...successions.flatMap(({ identity, signature }) => [identity, signature]),
    u16(epochs.length),
    ...epochs.flatMap((epoch) => [
      u32(epoch.epoch),
      u64(epoch.notBefore),
      u64(epoch.notAfter),
      epoch.seed,
      epoch.signature,
    ]),
    u16(roster.length),
    ...roster.flatMap(({ agentId, kem, sign }) => [fromUuid(agentId), kem, sign]),
  );
}

/** Reads a keyring, and refuses one whose chain of identities does not lead to its own seed. */
export async function parseKeyring(partnerId: string, plain: Bytes): Promise<Keyring> {
  const reader = new Reader(plain);
  reader.expect(VERSION, "keyring");
  const keyring: Keyring = {
    generation: reader.u32(),
    identitySeed: reader.take(32),
    firstIdentity: reader.take(32),
    successions: reader.list((item) => ({ identity: item.take(32), signature: item.take(64) })),
    epochs: reader.list((item) => ({
      epoch: item.u32(),
      notBefore: item.u64(),
      notAfter: item.u64(),
      seed: item.take(32),
      signature: item.take(64),
    })),
    roster: reader.list((item) => ({
      agentId: toUuid(item.take(16)),
      kem: item.take(PUBLIC_KEY_LENGTH),
      sign: item.take(32),
    })),
  };
  reader.end();
  const chain = await followSuccessions(partnerId, keyring.firstIdentity, keyring.successions);
  const current = chain[chain.length - 1];
  if (!current || !equal(current, await signPublicKeyOf(keyring.identitySeed))) {
    throw new CryptoFailure("identity", "the chain does not lead to this identity");
  }
  return keyring;
}

/** Seals a keyring to one agent. `randomness` is 64 fresh random bytes. */
export async function sealKeyring(
  partnerId: string,
  agent: RosterEntry,
  keyring: Keyring,
  randomness: Bytes,
): Promise<Bytes> {
  const aad = keyringAad(partnerId, agent.agentId, keyring.generation);
  return concat(u8(VERSION), await hpkeSeal(agent.kem, INFO, aad, encodeKeyring(keyring), randomness));
}

/** Opens a keyring that the server says is of this generation. */
export async function openKeyring(
  partnerId: string,
  agentId: string,
  agentSeed: Bytes,
  generation: number,
  sealed: Bytes,
): Promise<Keyring> {
  const reader = new Reader(sealed);
  reader.expect(VERSION, "sealed keyring");
  const aad = keyringAad(partnerId, agentId, generation);
  const keyring = await parseKeyring(partnerId, await hpkeOpen(agentSeed, INFO, aad, reader.rest()));
  if (keyring.generation !== generation) throw new CryptoFailure("malformed", "generation");
  return keyring;
}

/**
 * Refuses a keyring that an agent must not take: one whose identity does not come from the identity that the agent
 * knows, or one older than it has seen.
 */
export function acceptKeyring(keyring: Keyring, knownIdentity: Bytes, generationSeen: number): void {
  const chain = [keyring.firstIdentity, ...keyring.successions.map(({ identity }) => identity)];
  if (!chain.some((identity) => equal(identity, knownIdentity))) throw new CryptoFailure("identity");
  if (keyring.generation < generationSeen) throw new CryptoFailure("rollback");
}

/** The public key of the current identity. */
export async function currentIdentity(keyring: Keyring): Promise<Bytes> {
  return signPublicKeyOf(keyring.identitySeed);
}

/** The newest inbox epoch. */
export function newestEpoch(keyring: Keyring): Epoch {
  const [first, ...others] = keyring.epochs;
  if (!first) throw new CryptoFailure("epoch", "the keyring holds no inbox");
  return others.reduce((newest, epoch) => (epoch.epoch > newest.epoch ? epoch : newest), first);
}

/** The epoch of this number. */
export function epochOf(keyring: Keyring, epoch: number): Epoch {
  const found = keyring.epochs.find((candidate) => candidate.epoch === epoch);
  if (!found) throw new CryptoFailure("epoch");
  return found;
}

/** The certificate of an epoch. */
export async function certificateOf(epoch: Epoch): Promise<Certificate> {
  const { notBefore, notAfter, signature } = epoch;
  return { epoch: epoch.epoch, notBefore, notAfter, publicKey: await publicKeyOf(epoch.seed), signature };
}

/** Makes and signs an inbox epoch that is valid from `now` (Unix seconds) for as long as readers accept. */
export async function makeEpoch(
  partnerId: string,
  identitySeed: Bytes,
  epoch: number,
  seed: Bytes,
  now: number,
): Promise<Epoch> {
  const unsigned = {
    epoch,
    notBefore: now,
    notAfter: now + MAX_VALIDITY,
    publicKey: await publicKeyOf(exactly(seed, 32, "seed")),
  };
  const { signature } = await certify(partnerId, identitySeed, unsigned);
  return { epoch, notBefore: unsigned.notBefore, notAfter: unsigned.notAfter, seed, signature };
}

/** Whether the newest epoch is old enough to be followed by another. */
export function renewalDue(keyring: Keyring, now: number): boolean {
  return now >= newestEpoch(keyring).notBefore + RENEWAL_AGE;
}

/** The next generation, with one more epoch. */
export async function withNextEpoch(
  partnerId: string,
  keyring: Keyring,
  seed: Bytes,
  now: number,
): Promise<Keyring> {
  const number = newestEpoch(keyring).epoch + 1;
  const next = await makeEpoch(partnerId, keyring.identitySeed, number, seed, now);
  return { ...keyring, generation: keyring.generation + 1, epochs: [...keyring.epochs, next] };
}

/** The next generation without these epochs, whose chats are all gone. The newest one always stays. */
export function withoutEpochs(keyring: Keyring, retired: readonly number[]): Keyring {
  const newest = newestEpoch(keyring).epoch;
  const epochs = keyring.epochs.filter(({ epoch }) => epoch === newest || !retired.includes(epoch));
  return { ...keyring, generation: keyring.generation + 1, epochs };
}

function keyringAad(partnerId: string, agentId: string, generation: number): Bytes {
  return concat(fromUuid(partnerId), fromUuid(agentId), u32(generation));
}
