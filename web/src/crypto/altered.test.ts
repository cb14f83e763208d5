/** Any flipped bit, any cut and any appended byte in anything sealed or signed is refused. */
import { beforeAll, describe, expect, test } from "vitest";
import { agentKeysOf, unwrapAgent, wrapAgent } from "./agent.ts";
import { type Bytes, concat, fromUuid } from "./bytes.ts";
import { type Certificate, certify, checkCertificate } from "./certificate.ts";
import { publicKeyOf as signPublicKeyOf } from "./ed25519.ts";
import { CryptoFailure } from "./failure.ts";
import { publicKeyOf } from "./hpke.ts";
import { followSuccessions, succeed } from "./identity.ts";
import { hash } from "./kdf.ts";
import { encodeKeyring, makeEpoch, openKeyring, parseKeyring, sealKeyring } from "./keyring.ts";
import { openBlob, sealLink } from "./link.ts";
import { openVault, sealVaultByDesk, sealVaultByKey } from "./linkVault.ts";
import { openMessage, sealMessage } from "./message.ts";
import { rootOfSeat, takeSeat } from "./seat.ts";
import { Source } from "./vectors/make.ts";

const PARTNER = "6f1c0a52-92c4-4b7e-8a6d-0d5f6f7f9d11";
const AGENT = "0d9a1c1e-7a55-4a39-9d55-1c7de4a1b0aa";
const NOW = 1_800_000_000;
const source = new Source("altered");

/** Positions of bits to flip: the whole head, and a seeded choice of the rest. */
async function positions(length: number): Promise<readonly number[]> {
  const bits = length * 8;
  const head = Array.from({ length: Math.min(16, bits) }, (_, index) => index);
  const random = new DataView((await source.bytes(4 * 40)).buffer);
  const chosen = Array.from({ length: 40 }, (_, index) => random.getUint32(index * 4) % bits);
  return [...head, ...chosen, bits - 1];
}

function flip(bytes: Bytes, bit: number): Bytes {
  const flipped = bytes.slice();
  const index = Math.floor(bit / 8);
  flipped[index] = (flipped[index] ?? 0) ^ (1 << (bit % 8));
  return flipped;
}

/** Shows that `open` takes the bytes as they are, and nothing close to them. */
async function onlyExact(bytes: Bytes, open: (bytes: Bytes) => Promise<unknown>): Promise<void> {
  await open(bytes);
  for (const bit of await positions(bytes.length)) {
    await expect(open(flip(bytes, bit)), `bit ${bit}`).rejects.toBeInstanceOf(CryptoFailure);
  }
  for (const other of [bytes.slice(0, -1), concat(bytes, Uint8Array.of(0)), new Uint8Array(0)]) {
    await expect(open(other)).rejects.toBeInstanceOf(CryptoFailure);
  }
}

describe("one changed bit is refused in", () => {
  let inbox: { seed: Bytes; publicKey: Bytes };
  const bytes = (length: number) => source.bytes(length);

  beforeAll(async () => {
    const seed = await bytes(32);
    inbox = { seed, publicKey: await publicKeyOf(seed) };
  });

  test("an agent wrap", async () => {
    const key = await bytes(32);
    const secret = { seed: await bytes(32), identity: await bytes(32) };
    const wrapped = await wrapAgent("password", key, AGENT, secret, await bytes(12));
    await onlyExact(wrapped, (altered) => unwrapAgent("password", key, AGENT, altered));
    await expect(unwrapAgent("password", key, PARTNER, wrapped)).rejects.toMatchObject({
      code: "unopened",
    });
    await expect(unwrapAgent("recovery", key, AGENT, wrapped)).rejects.toMatchObject({
      code: "malformed",
    });
  });

  test("a sealed keyring, and every part that its identity vouches for", async () => {
    const [first, second, seed] = [await bytes(32), await bytes(32), await bytes(32)];
    const succession = await succeed(PARTNER, first, await signPublicKeyOf(second));
    const keyring = {
      generation: 3,
      identitySeed: second,
      firstIdentity: await signPublicKeyOf(first),
      successions: [succession],
      epochs: [await makeEpoch(PARTNER, second, 1, await bytes(32), NOW)],
      roster: [{ agentId: AGENT, ...(await agentKeysOf(seed)) }],
    };
    const [agent] = keyring.roster;
    if (!agent) throw new Error("there is one");
    const sealed = await sealKeyring(PARTNER, agent, keyring, await bytes(64));
    await onlyExact(sealed, (altered) => openKeyring(PARTNER, AGENT, seed, 3, altered));
    await expect(openKeyring(PARTNER, AGENT, seed, 2, sealed)).rejects.toMatchObject({
      code: "unopened",
    });
    // Version, identity seed, first identity, count, and the succession.
    const plain = encodeKeyring(keyring);
    for (let bit = 0; bit < (1 + 4 + 32 + 32 + 2 + 96) * 8; bit += 5) {
      if (bit >= 8 && bit < 40) continue;
      await expect(parseKeyring(PARTNER, flip(plain, bit)), `bit ${bit}`).rejects.toBeInstanceOf(
        CryptoFailure,
      );
    }
    const chain = followSuccessions(AGENT, keyring.firstIdentity, [succession]);
    await expect(chain).rejects.toMatchObject({ code: "identity" });
  });

  test("a certificate", async () => {
    const identity = await bytes(32);
    const identityPublic = await signPublicKeyOf(identity);
    const certificate = await certify(PARTNER, identity, {
      epoch: 1,
      notBefore: NOW,
      notAfter: NOW + 1000,
      publicKey: inbox.publicKey,
    });
    const check = (changed: Partial<Certificate>, now = NOW) =>
      checkCertificate(PARTNER, identityPublic, { ...certificate, ...changed }, now);
    await check({});
    await onlyExact(certificate.signature, (signature) => check({ signature }));
    const changes = [
      { epoch: 2 },
      { notBefore: NOW + 1 },
      { notAfter: NOW + 999 },
      { publicKey: flip(inbox.publicKey, 9) },
    ];
    for (const change of changes) {
      await expect(check(change)).rejects.toMatchObject({ code: "certificate" });
    }
    const slack = 2 * 86_400;
    await check({}, NOW - slack);
    await check({}, NOW + 1000 + slack);
    for (const now of [NOW - slack - 1, NOW + 1000 + slack + 1]) {
      await expect(check({}, now)).rejects.toMatchObject({ code: "certificate" });
    }
    const long = await certify(PARTNER, identity, { ...certificate, notAfter: NOW + 90 * 86_400 + 1 });
    await expect(check(long)).rejects.toMatchObject({ code: "certificate" });
  });

  test("a link's blob", async () => {
    const fixed = {
      linkId: await bytes(16),
      chatRef: await bytes(16),
      r: await bytes(32),
      epoch: 1,
      inboxPublic: inbox.publicKey,
      identityPublic: await bytes(32),
    };
    const { f, blob } = await sealLink(fixed);
    await onlyExact(blob, (altered) => openBlob(f, fixed.linkId, altered));
    await expect(openBlob(flip(f, 3), fixed.linkId, blob)).rejects.toMatchObject({
      code: "unopened",
    });
    await expect(openBlob(f, flip(fixed.linkId, 3), blob)).rejects.toMatchObject({
      code: "unopened",
    });
  });

  test("both kinds of vault", async () => {
    const content = { linkId: await bytes(16), f: await bytes(32), label: "Table 4" };
    const linkHash = await hash(content.linkId);
    const keys = { deskKey: await bytes(32), seedOf: () => inbox.seed };
    const byDesk = await sealVaultByDesk(keys.deskKey, content, await bytes(12));
    await onlyExact(byDesk, (altered) => openVault(keys, linkHash, altered));
    const byKey = await sealVaultByKey(inbox.publicKey, 1, content, await bytes(64));
    // The epoch says which seed to try: here both numbers lead to the same one, so its four bytes are left alone.
    const open = (altered: Bytes) => openVault(keys, linkHash, concat(byKey.slice(0, 6), altered));
    await onlyExact(byKey.slice(6), open);
    const other = await hash(await bytes(16));
    await expect(openVault(keys, other, byDesk)).rejects.toMatchObject({ code: "unopened" });
  });

  test("a message, its place and its root", async () => {
    const root = await bytes(32);
    const cid = fromUuid(AGENT);
    const place = { chatRef: await bytes(16), seat: 1, role: "customer" as const, cid };
    const seen = { n: 4, transcript: await bytes(32) };
    const body = await sealMessage(root, place, seen, '{"type":"text","text":"hello"}', await bytes(12));
    await onlyExact(body, (altered) => openMessage(root, place, altered));
    const others = [
      { ...place, chatRef: flip(place.chatRef, 1) },
      { ...place, seat: 2 },
      { ...place, role: "partner" as const },
      { ...place, cid: flip(cid, 5) },
    ];
    for (const other of others) {
      await expect(openMessage(root, other, body)).rejects.toMatchObject({ code: "unopened" });
    }
    await expect(openMessage(flip(root, 0), place, body)).rejects.toMatchObject({ code: "unopened" });
  });

  test("a seat agrees on nothing", async () => {
    const binding = {
      kind: "sealed" as const,
      chatRef: await bytes(16),
      linkId: await bytes(16),
      f: await bytes(32),
    };
    const { enc, root } = await takeSeat(inbox.publicKey, binding, await bytes(64));
    expect(await rootOfSeat(inbox, binding, enc)).toEqual(root);
    const others = [
      { ...binding, chatRef: flip(binding.chatRef, 2) },
      { ...binding, linkId: flip(binding.linkId, 2) },
      { ...binding, f: flip(binding.f, 2) },
      { kind: "plain" as const, chatRef: binding.chatRef, linkHash: await hash(binding.linkId) },
    ];
    for (const other of others) expect(await rootOfSeat(inbox, other, enc)).not.toEqual(root);
    for (const bit of await positions(enc.length)) {
      // X25519 ignores the last bit of a point, and X-Wing's combiner hashes it in again.
      expect(await rootOfSeat(inbox, binding, flip(enc, bit)), `bit ${bit}`).not.toEqual(root);
    }
  });
});
