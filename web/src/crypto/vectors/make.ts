/** Makes the browser side's vectors: the same bytes on every run, from a counter that SHA-256 spreads. */
import { agentKeysOf, passwordCredential, recoveryCredential, wrapAgent } from "../agent.ts";
import { apiKeyText } from "../apiKey.ts";
import { type Bytes, concat, fromUuid, toBase64Url, toUuid, u32, utf8 } from "../bytes.ts";
import { certify, MAX_VALIDITY } from "../certificate.ts";
import { uuidV7 } from "../cid.ts";
import { publicKeyOf as signPublicKeyOf } from "../ed25519.ts";
import { publicKeyOf } from "../hpke.ts";
import { fingerprintOf, succeed } from "../identity.ts";
import { chatRefOf, hash, kdf } from "../kdf.ts";
import { encodeKeyring, type Keyring, makeEpoch, sealKeyring } from "../keyring.ts";
import { encodeFixed, fragmentText, proofOf, sealLink } from "../link.ts";
import { sealVaultByDesk, sealVaultByKey } from "../linkVault.ts";
import { messageKeyOf, sealMessage } from "../message.ts";
import { recoveryCodeText } from "../recoveryCode.ts";
import { safetyWordsOf } from "../safetyWords.ts";
import { ROLE_BYTE, type Role, type SeatBinding, takeSeat } from "../seat.ts";
import { transcriptNext, transcriptStart } from "../transcript.ts";
import type { Vectors } from "./shape.ts";

const NOW = 1_800_000_000;
const t = (bytes: Bytes): string => toBase64Url(bytes);

/** Deterministic bytes for one name. */
export class Source {
  readonly #name: string;
  #count = 0;

  constructor(name: string) {
    this.#name = name;
  }

  async bytes(length: number): Promise<Bytes> {
    let made: Bytes = new Uint8Array(0);
    while (made.length < length) {
      const block = concat(utf8(`wicketgate web vectors ${this.#name}`), u32(this.#count));
      this.#count += 1;
      made = concat(made, new Uint8Array(await crypto.subtle.digest("SHA-256", block)));
    }
    return made.slice(0, length);
  }

  async text(length: number): Promise<string> {
    return toBase64Url(await this.bytes(length));
  }

  async uuid(): Promise<string> {
    return toUuid(await this.bytes(16));
  }
}

/** Every vector of this implementation. */
export async function makeVectors(): Promise<Vectors> {
  return {
    kdf: await times(3, makeKdf),
    chatRef: await times(2, makeChatRef),
    fingerprint: await times(2, async (source) => {
      const publicKey = await source.bytes(32);
      return { publicKey: t(publicKey), out: t(await fingerprintOf(publicKey)) };
    }),
    identity: await times(3, async (source) => {
      const seed = await source.bytes(32);
      return { seed: t(seed), publicKey: t(await signPublicKeyOf(seed)) };
    }),
    certificate: await times(2, makeCertificate),
    password: await times(2, makePassword),
    recovery: await times(3, async (source) => {
      const code = await source.bytes(20);
      const { auth, wrap } = await recoveryCredential(code);
      return { code: recoveryCodeText(code), auth: t(auth), wrap: t(wrap) };
    }),
    agentWrap: await times(2, makeAgentWrap),
    keyring: await times(3, makeKeyring),
    link: await times(3, makeLink),
    vault: await times(4, makeVault),
    redeem: await times(4, makeRedeem),
    message: await times(6, makeMessage),
    transcript: await times(2, makeTranscript),
    words: await times(3, async (source) => {
      const root = await source.bytes(32);
      return { root: t(root), words: [...(await safetyWordsOf(root))] };
    }),
    apiKey: await times(2, async (source, index) => {
      const key = {
        id: await source.text(9),
        secret: await source.text(24),
        fingerprint: index === 0 ? null : await source.bytes(16),
      };
      return { ...key, text: apiKeyText(key), fingerprint: key.fingerprint && t(key.fingerprint) };
    }),
  };
}

type One<Kind extends keyof Vectors> = Vectors[Kind][number];

async function makeKdf(source: Source, index: number): Promise<One<"kdf">> {
  const secret = await source.bytes(32);
  const context = await source.bytes(index * 17);
  const purpose = ["desk", "message", "words"][index] ?? "other";
  return { secret: t(secret), purpose, context: t(context), out: t(await kdf(secret, purpose, context)) };
}

async function makeChatRef(source: Source, index: number): Promise<One<"chatRef">> {
  const partnerId = await source.uuid();
  const chatId = index === 0 ? "order 4711" : "Größe-中文-🗝";
  return { partnerId, chatId, out: t(await chatRefOf(partnerId, chatId)) };
}

async function makeCertificate(source: Source, index: number): Promise<One<"certificate">> {
  const [partnerId, identitySeed] = [await source.uuid(), await source.bytes(32)];
  const unsigned = {
    epoch: index + 1,
    notBefore: NOW,
    notAfter: NOW + MAX_VALIDITY - index,
    publicKey: await publicKeyOf(await source.bytes(32)),
  };
  const { publicKey, signature } = await certify(partnerId, identitySeed, unsigned);
  return {
    partnerId,
    identitySeed: t(identitySeed),
    ...unsigned,
    publicKey: t(publicKey),
    signature: t(signature),
  };
}

async function makePassword(source: Source, index: number): Promise<One<"password">> {
  // The second one has a ligature, a full-width letter and a decomposed umlaut, which NFKC changes.
  const password = index === 0 ? "a long enough pass phrase" : "\ufb01ne \uff37icket u\u0308ber alles";
  const salt = await source.bytes(16);
  const rounds = 600_000 + index;
  const { auth, wrap } = await passwordCredential(password, salt, rounds);
  return { password, salt: t(salt), rounds, auth: t(auth), wrap: t(wrap) };
}

async function makeAgentWrap(source: Source, index: number): Promise<One<"agentWrap">> {
  const [key, agentId, nonce] = [await source.bytes(32), await source.uuid(), await source.bytes(12)];
  const secret = { seed: await source.bytes(32), identity: await signPublicKeyOf(await source.bytes(32)) };
  const out = await wrapAgent(index === 0 ? "password" : "recovery", key, agentId, secret, nonce);
  return {
    kdfId: index + 1,
    key: t(key),
    agentId,
    nonce: t(nonce),
    seed: t(secret.seed),
    identity: t(secret.identity),
    out: t(out),
  };
}

async function makeKeyring(source: Source, index: number): Promise<One<"keyring">> {
  const partnerId = await source.uuid();
  let identitySeed = await source.bytes(32);
  const firstIdentity = await signPublicKeyOf(identitySeed);
  const successions: { identity: Bytes; signature: Bytes }[] = [];
  for (let step = 0; step < index; step += 1) {
    const next = await source.bytes(32);
    successions.push(await succeed(partnerId, identitySeed, await signPublicKeyOf(next)));
    identitySeed = next;
  }
  const epochs = [];
  for (let epoch = 1; epoch <= index + 1; epoch += 1) {
    const seed = await source.bytes(32);
    epochs.push(await makeEpoch(partnerId, identitySeed, epoch, seed, NOW + epoch));
  }
  const agentSeed = await source.bytes(32);
  const agent = { agentId: await source.uuid(), ...(await agentKeysOf(agentSeed)) };
  const colleague = { agentId: await source.uuid(), ...(await agentKeysOf(await source.bytes(32))) };
  const roster = index === 0 ? [agent] : [agent, colleague];
  const keyring: Keyring = {
    generation: index + 1,
    identitySeed,
    firstIdentity,
    successions,
    epochs,
    roster,
  };
  return {
    partnerId,
    agentId: agent.agentId,
    agentSeed: t(agentSeed),
    plain: t(encodeKeyring(keyring)),
    sealed: t(await sealKeyring(partnerId, agent, keyring, await source.bytes(64))),
    parsed: {
      generation: keyring.generation,
      identitySeed: t(identitySeed),
      firstIdentity: t(firstIdentity),
      successions: successions.map(({ identity, signature }) => {
        return { identity: t(identity), signature: t(signature) };
      }),
      epochs: epochs.map(({ seed, signature, ...epoch }) => {
        return { ...epoch, seed: t(seed), signature: t(signature) };
      }),
      roster: roster.map(({ agentId, kem, sign }) => ({ agentId, kem: t(kem), sign: t(sign) })),
    },
  };
}

async function makeLink(source: Source, index: number): Promise<One<"link">> {
  const partnerId = await source.uuid();
  const chatId = `order-${index}`;
  const fixed = {
    linkId: await source.bytes(16),
    chatRef: await chatRefOf(partnerId, chatId),
    r: await source.bytes(32),
    epoch: index + 1,
    inboxPublic: await publicKeyOf(await source.bytes(32)),
    identityPublic: await signPublicKeyOf(await source.bytes(32)),
  };
  const { f, blob, proofHash } = await sealLink(fixed);
  return {
    linkId: t(fixed.linkId),
    partnerId,
    chatId,
    chatRef: t(fixed.chatRef),
    r: t(fixed.r),
    epoch: fixed.epoch,
    inboxPublic: t(fixed.inboxPublic),
    identityPublic: t(fixed.identityPublic),
    fixed: t(encodeFixed(fixed)),
    f: t(f),
    blob: t(blob),
    proof: t(await proofOf(f)),
    proofHash: t(proofHash),
    fragment: fragmentText({ kind: "sealed", f }),
  };
}

async function makeVault(source: Source, index: number): Promise<One<"vault">> {
  const label = ["", "Table 4", "Größe 中文 🗝", "x".repeat(200)][index] ?? "";
  const content = { linkId: await source.bytes(16), f: await source.bytes(32), label };
  const shown = { linkId: t(content.linkId), f: t(content.f), label };
  if (index % 2 === 0) {
    const [deskKey, nonce] = [await source.bytes(32), await source.bytes(12)];
    const out = t(await sealVaultByDesk(deskKey, content, nonce));
    return { kind: 1, ...shown, deskKey: t(deskKey), nonce: t(nonce), out };
  }
  const inboxSeed = await source.bytes(32);
  const inboxPublic = await publicKeyOf(inboxSeed);
  const out = t(await sealVaultByKey(inboxPublic, index, content, await source.bytes(64)));
  return { kind: 2, ...shown, epoch: index, inboxSeed: t(inboxSeed), out };
}

async function makeRedeem(source: Source, index: number): Promise<One<"redeem">> {
  const [chatRef, linkId, f] = [await source.bytes(16), await source.bytes(16), await source.bytes(32)];
  const binding: SeatBinding =
    index % 2 === 0
      ? { kind: "sealed", chatRef, linkId, f }
      : { kind: "plain", chatRef, linkHash: await hash(linkId) };
  const inboxSeed = await source.bytes(32);
  const inboxPublic = await publicKeyOf(inboxSeed);
  const { enc, root } = await takeSeat(inboxPublic, binding, await source.bytes(64));
  return {
    kind: binding.kind,
    chatRef: t(chatRef),
    linkId: t(linkId),
    ...(binding.kind === "sealed" && { f: t(f) }),
    inboxSeed: t(inboxSeed),
    inboxPublic: t(inboxPublic),
    enc: t(enc),
    root: t(root),
  };
}

async function makeMessage(source: Source, index: number): Promise<One<"message">> {
  const role: Role = index % 2 === 0 ? "customer" : "partner";
  const [root, chatRef] = [await source.bytes(32), await source.bytes(16)];
  const cid = uuidV7(NOW * 1000 + index, await source.bytes(10));
  const place = { chatRef, seat: index + 1, role, cid: fromUuid(cid) };
  const seen = { n: index * 1_000_000_007, transcript: await source.bytes(32) };
  // From one block to several, and both sides of a block's edge.
  const text = ["", "Hello", "x".repeat(60), "x".repeat(61), "Größe 中文 🗝", "y".repeat(3000)][index] ?? "";
  const json = JSON.stringify({ type: "text", text });
  const nonce = await source.bytes(12);
  return {
    root: t(root),
    chatRef: t(chatRef),
    seat: place.seat,
    role: ROLE_BYTE[role],
    cid,
    n: seen.n,
    transcript: t(seen.transcript),
    nonce: t(nonce),
    json,
    key: t(await messageKeyOf(root, role, place.cid)),
    body: t(await sealMessage(root, place, seen, json, nonce)),
  };
}

async function makeTranscript(source: Source, index: number): Promise<One<"transcript">> {
  const [chatRef, enc, seat] = [await source.bytes(16), await source.bytes(1120), index + 1];
  const start = await transcriptStart(chatRef, seat, enc);
  let current = start;
  const messages = [];
  for (let n = index * 9 + 1; n < index * 9 + 5; n += 1) {
    const role: Role = n % 2 === 0 ? "customer" : "partner";
    const cid = uuidV7(NOW * 1000 + n, await source.bytes(10));
    const body = await source.bytes(156);
    current = await transcriptNext(current, { n, role, cid: fromUuid(cid), body });
    messages.push({ n, role: ROLE_BYTE[role], cid, body: t(body), out: t(current) });
  }
  return { chatRef: t(chatRef), seat, enc: t(enc), start: t(start), messages };
}

async function times<Vector>(
  count: number,
  make: (source: Source, index: number) => Promise<Vector>,
): Promise<Vector[]> {
  const made = [];
  for (let index = 0; index < count; index += 1) {
    made.push(await make(new Source(`${make.name} ${index}`), index));
  }
  return made;
}
