/** The desk's half of the key worker: an agent's keys, the keyring, and what they open. */
import {
  type AgentSecret,
  agentKeysOf,
  PASSWORD_ROUNDS,
  passwordCredential,
  recoveryCredential,
  unwrapAgent,
  type WrapKind,
  wrapAgent,
} from "./agent.ts";
import { apiKeyText, parseApiKey } from "./apiKey.ts";
import { type Bytes, exactly, fromBase64Url, fromUtf8, toBase64Url, utf8 } from "./bytes.ts";
import { certificateJson } from "./certificate.ts";
import { publicKeyOf as signPublicKeyOf } from "./ed25519.ts";
import { CryptoFailure } from "./failure.ts";
import { deskKeyOf, fingerprintOf } from "./identity.ts";
import { kdf } from "./kdf.ts";
import {
  acceptKeyring,
  certificateOf,
  currentIdentity,
  encodeKeyring,
  epochOf,
  type Keyring,
  makeEpoch,
  newestEpoch,
  openKeyring,
  parseKeyring,
  renewalDue,
  sealKeyring,
  withNextEpoch,
  withoutEpochs,
} from "./keyring.ts";
import type {
  Account,
  CertificateJson,
  KeyringProposal,
  KeyWorker,
  NewPartner,
  OpenKeyring,
  PasswordRecord,
  RecoveryRecord,
} from "./keyWorkerApi.ts";
import { SENDER_RANDOMNESS_LENGTH } from "./lengths.ts";
import type { VaultKeys } from "./linkVault.ts";
import { count } from "./parse.ts";
import { type DeskRecord, parseDesk } from "./records.ts";
import { parseRecoveryCode, recoveryCodeText } from "./recoveryCode.ts";
import { NONCE_LENGTH, seal, open as unseal } from "./seal.ts";
import type { Random } from "./seatBook.ts";
import type { Store } from "./store.ts";

const RESTING = "desk";
/** Whose the unsent messages and drafts are. */
const OWNER = "owner";

/** The keys of an agent who is signed in. */
export interface OpenKeys {
  readonly partnerId: string;
  readonly agentId: string;
  readonly secret: AgentSecret;
  readonly keyring: Keyring;
}

/** Works on one store. */
export class DeskKeys {
  readonly #store: Store;
  readonly #random: Random;
  #keys: OpenKeys | null = null;
  /** The half of a credential that opens a wrap, between its two calls. */
  #credential: { readonly kind: WrapKind; readonly wrap: Bytes } | null = null;
  /** What recovery opened, until the keyring is unlocked. */
  #recovered: { readonly agentId: string; readonly secret: AgentSecret } | null = null;
  #proposed: Keyring | null = null;

  constructor(store: Store, random: Random) {
    this.#store = store;
    this.#random = random;
  }

  /** The open keys; `locked` when there are none. */
  async opened(): Promise<OpenKeys> {
    if (!this.#keys) await this.resumeKeyring();
    if (!this.#keys) throw new CryptoFailure("locked");
    return this.#keys;
  }

  /** What opens vaults. */
  async vaultKeys(): Promise<VaultKeys> {
    const { keyring } = await this.opened();
    return {
      deskKey: await deskKeyOf(keyring.identitySeed),
      seedOf: (epoch) => epochOf(keyring, epoch).seed,
    };
  }

  async createPartner(input: Parameters<KeyWorker["createPartner"]>[0]): Promise<NewPartner> {
    const { partnerId, agentId, password, now } = input;
    const identitySeed = this.#random(32);
    const identity = await signPublicKeyOf(identitySeed);
    const secret: AgentSecret = { seed: this.#random(32), identity };
    const agent = { agentId, ...(await agentKeysOf(secret.seed)) };
    const epoch = await makeEpoch(partnerId, identitySeed, 1, this.#random(32), now);
    const keyring: Keyring = {
      generation: 1,
      identitySeed,
      firstIdentity: identity,
      successions: [],
      epochs: [epoch],
      roster: [agent],
    };
    const sealed = await sealKeyring(partnerId, agent, keyring, this.#random(SENDER_RANDOMNESS_LENGTH));
    await this.#open({ partnerId, agentId, secret, keyring });
    const { code, recovery } = await this.newRecoveryCode();
    return {
      recoveryCode: code,
      request: {
        partnerId,
        agentId,
        password: await this.newPassword(password),
        recovery,
        identity: toBase64Url(identity),
        agentKem: toBase64Url(agent.kem),
        agentSign: toBase64Url(agent.sign),
        generation: keyring.generation,
        keyring: toBase64Url(sealed),
        certificate: certificateJson(await certificateOf(epoch)),
      },
    };
  }

  async passwordAuth(password: string, salt: string, rounds: number): Promise<string> {
    const { auth, wrap } = await passwordCredential(password, fromBase64Url(salt), rounds);
    this.#credential = { kind: "password", wrap };
    return toBase64Url(auth);
  }

  async recoveryAuth(code: string): Promise<string> {
    const { auth, wrap } = await recoveryCredential(parseRecoveryCode(code));
    this.#credential = { kind: "recovery", wrap };
    return toBase64Url(auth);
  }

  async openRecovery({ agentId, wrap }: Pick<Account, "agentId" | "wrap">): Promise<void> {
    const secret = await this.#unwrap("recovery", agentId, wrap);
    this.#recovered = { agentId, secret };
  }

  async unlock({ partnerId, agentId, wrap, generation, keyring }: Account): Promise<OpenKeyring> {
    const secret =
      this.#recovered?.agentId === agentId
        ? this.#recovered.secret
        : await this.#unwrap("password", agentId, wrap);
    const sealed = fromBase64Url(keyring);
    const opened = await openKeyring(partnerId, agentId, secret.seed, generation, sealed);
    await this.#own(agentId);
    return this.#open({ partnerId, agentId, secret, keyring: opened });
  }

  async resumeKeyring(): Promise<OpenKeyring | null> {
    if (!this.#keys) {
      const value = await this.#store.get("desk", RESTING);
      if (value === undefined) return null;
      this.#keys = await openRecord(parseDesk(value));
    }
    return describe(this.#keys);
  }

  async updateKeyring({
    generation,
    keyring,
  }: Pick<Account, "generation" | "keyring">): Promise<OpenKeyring> {
    const keys = await this.opened();
    const { partnerId, agentId, secret } = keys;
    await this.#own(agentId);
    if (generation === keys.keyring.generation) return describe(keys);
    const sealed = fromBase64Url(keyring);
    const opened = await openKeyring(partnerId, agentId, secret.seed, generation, sealed);
    return this.#open({ partnerId, agentId, secret, keyring: opened });
  }

  async signOut(): Promise<void> {
    await this.endSession();
    await this.#dropUnsent();
  }

  async endSession(): Promise<void> {
    this.#keys = null;
    this.#credential = null;
    this.#recovered = null;
    this.#proposed = null;
    await this.#store.remove("desk", RESTING);
  }

  async newPassword(password: string): Promise<PasswordRecord> {
    const { agentId, secret } = await this.#agent();
    const salt = this.#random(16);
    const { auth, wrap } = await passwordCredential(password, salt, PASSWORD_ROUNDS);
    return {
      salt: toBase64Url(salt),
      rounds: PASSWORD_ROUNDS,
      auth: toBase64Url(auth),
      wrap: await this.#wrap("password", wrap, agentId, secret),
    };
  }

  async newRecoveryCode(): Promise<RecoveryRecord> {
    const { agentId, secret } = await this.#agent();
    const code = this.#random(20);
    const { auth, wrap } = await recoveryCredential(code);
    const wrapped = await this.#wrap("recovery", wrap, agentId, secret);
    return { code: recoveryCodeText(code), recovery: { auth: toBase64Url(auth), wrap: wrapped } };
  }

  async inboxCertificate(): Promise<CertificateJson> {
    const { keyring } = await this.opened();
    return certificateJson(await certificateOf(newestEpoch(keyring)));
  }

  async renewInbox(now: number): Promise<KeyringProposal | null> {
    const { partnerId, keyring } = await this.opened();
    if (!renewalDue(keyring, now)) return null;
    return this.#propose(await withNextEpoch(partnerId, keyring, this.#random(32), now));
  }

  async retireEpochs(epochs: readonly number[]): Promise<KeyringProposal> {
    return this.#propose(withoutEpochs((await this.opened()).keyring, epochs));
  }

  async adoptKeyring(generation: number): Promise<OpenKeyring> {
    const keys = await this.opened();
    if (this.#proposed?.generation !== generation) throw new CryptoFailure("mismatch", "no such proposal");
    const keyring = this.#proposed;
    this.#proposed = null;
    return this.#open({ ...keys, keyring });
  }

  /** Seals what is half written, for it outlives a session that ends by itself: only this agent's own keys open it. */
  async sealDraft(chatRef: string, text: string): Promise<string> {
    const key = await this.#draftKey();
    return toBase64Url(await seal(key, this.#random(NONCE_LENGTH), utf8(text), utf8(chatRef)));
  }

  /** Opens what {@link sealDraft} made; `unopened` when another agent did. */
  async openDraft(chatRef: string, sealed: string): Promise<string> {
    return fromUtf8(await unseal(await this.#draftKey(), fromBase64Url(sealed), utf8(chatRef)));
  }

  async #draftKey(): Promise<Bytes> {
    return kdf((await this.opened()).secret.seed, "drafts");
  }

  async completeApiKey(key: string): Promise<string> {
    const { keyring } = await this.opened();
    const fingerprint = await fingerprintOf(await currentIdentity(keyring));
    return apiKeyText({ ...parseApiKey(key), fingerprint });
  }

  async #propose(keyring: Keyring): Promise<KeyringProposal> {
    const { partnerId } = await this.opened();
    this.#proposed = keyring;
    const copies = keyring.roster.map(async (agent) => {
      const sealed = await sealKeyring(partnerId, agent, keyring, this.#random(SENDER_RANDOMNESS_LENGTH));
      return { agentId: agent.agentId, sealed: toBase64Url(sealed) };
    });
    return {
      generation: keyring.generation,
      copies: await Promise.all(copies),
      certificate: certificateJson(await certificateOf(newestEpoch(keyring))),
    };
  }

  // The generation that was seen is stored before anything else: a roll-back must fail from then on.
  async #open(keys: OpenKeys): Promise<OpenKeyring> {
    const { partnerId, agentId, secret, keyring } = keys;
    const seen = await this.#store.get("seen", partnerId);
    acceptKeyring(keyring, secret.identity, seen === undefined ? 0 : count(seen));
    await this.#store.put("seen", partnerId, keyring.generation);
    const record: DeskRecord = {
      partnerId,
      agentId,
      seed: toBase64Url(secret.seed),
      identity: toBase64Url(secret.identity),
      keyring: toBase64Url(encodeKeyring(keyring)),
    };
    await this.#store.put("desk", RESTING, record);
    this.#keys = keys;
    this.#credential = null;
    this.#recovered = null;
    return describe(keys);
  }

  // What somebody else wrote here and did not send is not this agent's to read.
  async #own(agentId: string): Promise<void> {
    if ((await this.#store.get("desk", OWNER)) === agentId) return;
    await this.#dropUnsent();
    await this.#store.put("desk", OWNER, agentId);
  }

  async #dropUnsent(): Promise<void> {
    await this.#store.removeAll("outbox", "partner/");
    await this.#store.removeAll("drafts", "partner/");
    await this.#store.remove("desk", OWNER);
  }

  async #unwrap(kind: WrapKind, agentId: string, wrap: string): Promise<AgentSecret> {
    if (this.#credential?.kind !== kind) throw new CryptoFailure("locked");
    return unwrapAgent(kind, this.#credential.wrap, agentId, fromBase64Url(wrap));
  }

  async #wrap(kind: WrapKind, key: Bytes, agentId: string, secret: AgentSecret): Promise<string> {
    return toBase64Url(await wrapAgent(kind, key, agentId, secret, this.#random(NONCE_LENGTH)));
  }

  async #agent(): Promise<{ readonly agentId: string; readonly secret: AgentSecret }> {
    return this.#recovered ?? this.opened();
  }
}

async function openRecord(record: DeskRecord): Promise<OpenKeys> {
  const { partnerId, agentId } = record;
  const secret = {
    seed: exactly(fromBase64Url(record.seed), 32, "seed"),
    identity: exactly(fromBase64Url(record.identity), 32, "identity"),
  };
  return {
    partnerId,
    agentId,
    secret,
    keyring: await parseKeyring(partnerId, fromBase64Url(record.keyring)),
  };
}

async function describe({ partnerId, agentId, keyring }: OpenKeys): Promise<OpenKeyring> {
  const identity = await currentIdentity(keyring);
  return {
    partnerId,
    agentId,
    generation: keyring.generation,
    epoch: newestEpoch(keyring).epoch,
    identity: toBase64Url(identity),
    fingerprint: toBase64Url(await fingerprintOf(identity)),
  };
}
