/** Recomputes every vector of a file with this implementation, and opens what the other side sealed. */
import { expect } from "vitest";
import {
  type AgentSecret,
  passwordCredential,
  recoveryCredential,
  unwrapAgent,
  wrapAgent,
} from "../agent.ts";
import { apiKeyText, parseApiKey } from "../apiKey.ts";
import { type Bytes, fromBase64Url, fromUuid, toBase64Url } from "../bytes.ts";
import { checkCertificate } from "../certificate.ts";
import { publicKeyOf as signPublicKeyOf } from "../ed25519.ts";
import { publicKeyOf } from "../hpke.ts";
import { fingerprintOf } from "../identity.ts";
import { chatRefOf, hash, kdf } from "../kdf.ts";
import { encodeKeyring, openKeyring, parseKeyring } from "../keyring.ts";
import {
  encodeFixed,
  fragmentText,
  openBlob,
  parseFixed,
  parseFragment,
  proofOf,
  sealLink,
} from "../link.ts";
import { openVault, sealVaultByDesk } from "../linkVault.ts";
import { messageKeyOf, openMessage, sealMessage } from "../message.ts";
import { parseRecoveryCode, recoveryCodeText } from "../recoveryCode.ts";
import { safetyWordsOf } from "../safetyWords.ts";
import { type Role, rootOfSeat, type SeatBinding } from "../seat.ts";
import { transcriptNext, transcriptStart } from "../transcript.ts";
import type { Vectors } from "./shape.ts";

const b = fromBase64Url;
const t = (bytes: Bytes): string => toBase64Url(bytes);

/** One check for each kind of vector: it fails unless every vector agrees. */
export const checks: { readonly [Kind in keyof Vectors]: (vectors: Vectors[Kind]) => Promise<void> } = {
  kdf: (vectors) =>
    each(vectors, async ({ secret, purpose, context, out }) => {
      expect(t(await kdf(b(secret), purpose, b(context)))).toBe(out);
    }),
  chatRef: (vectors) =>
    each(vectors, async ({ partnerId, chatId, out }) => {
      expect(t(await chatRefOf(partnerId, chatId))).toBe(out);
    }),
  fingerprint: (vectors) =>
    each(vectors, async ({ publicKey, out }) => expect(t(await fingerprintOf(b(publicKey)))).toBe(out)),
  identity: (vectors) =>
    each(vectors, async ({ seed, publicKey }) => expect(t(await signPublicKeyOf(b(seed)))).toBe(publicKey)),
  certificate: (vectors) =>
    each(vectors, async ({ partnerId, identitySeed, ...rest }) => {
      const certificate = { ...rest, publicKey: b(rest.publicKey), signature: b(rest.signature) };
      const identity = await signPublicKeyOf(b(identitySeed));
      await checkCertificate(partnerId, identity, certificate, rest.notBefore);
    }),
  password: (vectors) =>
    each(vectors, async ({ password, salt, rounds, auth, wrap }) => {
      const credential = await passwordCredential(password, b(salt), rounds);
      expect({ auth: t(credential.auth), wrap: t(credential.wrap) }).toEqual({ auth, wrap });
    }),
  recovery: (vectors) =>
    each(vectors, async ({ code, auth, wrap }) => {
      const bytes = parseRecoveryCode(code);
      const credential = await recoveryCredential(bytes);
      expect({ auth: t(credential.auth), wrap: t(credential.wrap) }).toEqual({ auth, wrap });
      expect(recoveryCodeText(bytes)).toBe(code);
    }),
  agentWrap: (vectors) =>
    each(vectors, async ({ kdfId, key, agentId, nonce, seed, identity, out }) => {
      const kind = kdfId === 1 ? "password" : "recovery";
      const secret: AgentSecret = { seed: b(seed), identity: b(identity) };
      expect(t(await wrapAgent(kind, b(key), agentId, secret, b(nonce)))).toBe(out);
      expect(await unwrapAgent(kind, b(key), agentId, b(out))).toEqual(secret);
    }),
  keyring: (vectors) => each(vectors, checkKeyring),
  link: (vectors) => each(vectors, checkLink),
  vault: (vectors) => each(vectors, checkVault),
  redeem: (vectors) =>
    each(vectors, async ({ kind, chatRef, linkId, f, inboxSeed, inboxPublic, enc, root }) => {
      expect(t(await publicKeyOf(b(inboxSeed)))).toBe(inboxPublic);
      const chat = b(chatRef);
      const binding: SeatBinding =
        kind === "sealed"
          ? { kind: "sealed", chatRef: chat, linkId: b(linkId), f: b(f) }
          : { kind: "plain", chatRef: chat, linkHash: await hash(b(linkId)) };
      const inbox = { seed: b(inboxSeed), publicKey: b(inboxPublic) };
      expect(t(await rootOfSeat(inbox, binding, b(enc)))).toBe(root);
    }),
  message: (vectors) => each(vectors, checkMessage),
  transcript: (vectors) =>
    each(vectors, async ({ chatRef, seat, enc, start, messages }) => {
      let current = await transcriptStart(b(chatRef), seat, b(enc));
      expect(t(current)).toBe(start);
      for (const { n, role, cid, body, out } of messages) {
        const step = { n, role: roleOf(role), cid: fromUuid(cid), body: b(body) };
        current = await transcriptNext(current, step);
        expect(t(current)).toBe(out);
      }
    }),
  words: (vectors) =>
    each(vectors, async ({ root, words }) => expect(await safetyWordsOf(b(root))).toEqual(words)),
  apiKey: (vectors) =>
    each(vectors, async ({ text, id, secret, fingerprint }) => {
      const key = { id, secret, fingerprint: fingerprint ? b(fingerprint) : null };
      expect(parseApiKey(text)).toEqual(key);
      expect(apiKeyText(key)).toBe(text);
    }),
};

type One<Kind extends keyof Vectors> = Vectors[Kind][number];

async function checkKeyring({ partnerId, agentId, agentSeed, plain, sealed, parsed }: One<"keyring">) {
  const keyring = await parseKeyring(partnerId, b(plain));
  expect(t(encodeKeyring(keyring))).toBe(plain);
  expect({
    generation: keyring.generation,
    identitySeed: t(keyring.identitySeed),
    firstIdentity: t(keyring.firstIdentity),
    successions: keyring.successions.map(({ identity, signature }) => {
      return { identity: t(identity), signature: t(signature) };
    }),
    epochs: keyring.epochs.map(({ seed, signature, ...epoch }) => {
      return { ...epoch, seed: t(seed), signature: t(signature) };
    }),
    roster: keyring.roster.map(({ agentId, kem, sign }) => ({ agentId, kem: t(kem), sign: t(sign) })),
  }).toEqual(parsed);
  const opened = await openKeyring(partnerId, agentId, b(agentSeed), parsed.generation, b(sealed));
  expect(t(encodeKeyring(opened))).toBe(plain);
}

async function checkLink(vector: One<"link">) {
  expect(t(await chatRefOf(vector.partnerId, vector.chatId))).toBe(vector.chatRef);
  const fixed = {
    linkId: b(vector.linkId),
    chatRef: b(vector.chatRef),
    r: b(vector.r),
    epoch: vector.epoch,
    inboxPublic: b(vector.inboxPublic),
    identityPublic: b(vector.identityPublic),
  };
  expect(t(encodeFixed(fixed))).toBe(vector.fixed);
  expect(parseFixed(b(vector.fixed))).toEqual(fixed);
  const link = await sealLink(fixed);
  expect(t(link.f)).toBe(vector.f);
  expect(t(link.blob)).toBe(vector.blob);
  expect(t(await proofOf(link.f))).toBe(vector.proof);
  expect(t(link.proofHash)).toBe(vector.proofHash);
  expect(fragmentText({ kind: "sealed", f: link.f })).toBe(vector.fragment);
  expect(parseFragment(vector.fragment)).toEqual({ kind: "sealed", f: link.f });
  expect(await openBlob(b(vector.f), b(vector.linkId), b(vector.blob))).toEqual(fixed);
}

async function checkVault({ kind, linkId, f, label, deskKey, nonce, epoch, inboxSeed, out }: One<"vault">) {
  const content = { linkId: b(linkId), f: b(f), label };
  const keys = {
    deskKey: deskKey ? b(deskKey) : new Uint8Array(32),
    seedOf(asked: number) {
      expect(asked).toBe(epoch);
      return b(inboxSeed);
    },
  };
  const madeBy = kind === 1 ? "desk" : "key";
  expect(await openVault(keys, await hash(b(linkId)), b(out))).toEqual({ madeBy, ...content });
  if (kind === 1) expect(t(await sealVaultByDesk(keys.deskKey, content, b(nonce)))).toBe(out);
}

async function checkMessage(vector: One<"message">) {
  const { root, chatRef, seat, cid, n, transcript, nonce, json, key, body } = vector;
  const place = { chatRef: b(chatRef), seat, role: roleOf(vector.role), cid: fromUuid(cid) };
  const seen = { n, transcript: b(transcript) };
  expect(t(await messageKeyOf(b(root), place.role, place.cid))).toBe(key);
  expect(t(await sealMessage(b(root), place, seen, json, b(nonce)))).toBe(body);
  expect(await openMessage(b(root), place, b(body))).toEqual({ seen, source: json });
}

function roleOf(byte: number): Role {
  return byte === 0 ? "customer" : "partner";
}

async function each<Vector>(
  vectors: readonly Vector[],
  check: (vector: Vector) => Promise<unknown> | unknown,
): Promise<void> {
  expect(vectors.length).toBeGreaterThan(0);
  for (const vector of vectors) await check(vector);
}
