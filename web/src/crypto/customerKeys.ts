/** The customer's half of the key worker: links, redemptions and held seats. */
import { equal, exactly, fromBase64Url, toBase64Url } from "./bytes.ts";
import { checkCertificate, parseCertificate } from "./certificate.ts";
import { CryptoFailure } from "./failure.ts";
import { fingerprintOf } from "./identity.ts";
import { hash } from "./kdf.ts";
import type { CheckedLink, DoorKeys, HeldSeat, LinkOffer, OutboxItem, Redemption } from "./keyWorkerApi.ts";
import { SENDER_RANDOMNESS_LENGTH } from "./lengths.ts";
import { type Fragment, openBlob, parseFragment, parseLinkId, proofOf } from "./link.ts";
import { text } from "./parse.ts";
import { parseRedemption, parseSeat, type RedemptionRecord, type SeatRecord } from "./records.ts";
import { type SeatBinding, takeSeat } from "./seat.ts";
import { type Random, SeatBook } from "./seatBook.ts";
import type { Store } from "./store.ts";
import type { Unsent } from "./unsent.ts";

/** The seats that are kept: as many as the server keeps cookies for. */
const MAX_SEATS = 20;

interface Target {
  readonly checked: CheckedLink;
  readonly inbox: { readonly epoch: number; readonly publicKey: Uint8Array<ArrayBuffer> };
  readonly binding: SeatBinding;
}

/** Works on one store. */
export class CustomerKeys {
  readonly seats: SeatBook;
  readonly #store: Store;
  readonly #unsent: Unsent;
  readonly #random: Random;

  constructor(store: Store, unsent: Unsent, random: Random) {
    this.#store = store;
    this.#unsent = unsent;
    this.#random = random;
    this.seats = new SeatBook("customer", random);
  }

  async checkLink(offer: LinkOffer, now: number): Promise<CheckedLink> {
    return (await targetOf(offer, now)).checked;
  }

  async prepareRedemption(offer: LinkOffer, now: number): Promise<Redemption> {
    const pending = await this.pendingRedemption(offer.linkId);
    if (pending) return pending;
    const { checked, inbox, binding } = await targetOf(offer, now);
    const { enc, root } = await takeSeat(inbox.publicKey, binding, this.#random(SENDER_RANDOMNESS_LENGTH));
    const record: RedemptionRecord = {
      kind: binding.kind,
      chatRef: checked.chatRef,
      root: toBase64Url(root),
      body: {
        linkId: offer.linkId,
        claim: toBase64Url(this.#random(32)),
        ...(binding.kind === "sealed" && { proof: toBase64Url(await proofOf(binding.f)) }),
        handshake: { epoch: inbox.epoch, enc: toBase64Url(enc) },
      },
    };
    // Another tab may have been faster: then its record is the one, and this one was never posted.
    return withoutRoot(parseRedemption(await this.#store.add("redemptions", offer.linkId, record)));
  }

  async pendingRedemption(linkId: string): Promise<Redemption | null> {
    const value = await this.#store.get("redemptions", linkId);
    return value === undefined ? null : withoutRoot(parseRedemption(value));
  }

  async pendingRedemptions(): Promise<readonly Redemption[]> {
    const records = await this.#store.all("redemptions");
    return records.map(({ value }) => withoutRoot(parseRedemption(value)));
  }

  async seatTaken(
    linkId: string,
    { seat, firstSeq, takenAt }: Pick<HeldSeat, "seat" | "firstSeq" | "takenAt">,
  ): Promise<HeldSeat> {
    const value = await this.#store.get("redemptions", linkId);
    if (value === undefined) return this.#seatOfLink(linkId);
    const record: SeatRecord = { ...parseRedemption(value), seat, firstSeq, takenAt };
    // Words that can't be kept keep nobody out.
    await this.#sealAnew(record).catch(() => undefined);
    await this.#store.put("seats", record.chatRef, record);
    await this.#store.remove("redemptions", linkId);
    await this.#dropOldSeats();
    return withoutRoot(record);
  }

  async dropRedemption(linkId: string): Promise<void> {
    await this.#store.remove("redemptions", linkId);
  }

  async heldSeats(): Promise<readonly HeldSeat[]> {
    return (await this.#records()).map(withoutRoot);
  }

  async heldSeat(chatRef: string): Promise<HeldSeat | null> {
    const record = await this.#record(chatRef);
    return record && withoutRoot(record);
  }

  async forgetSeat(chatRef: string): Promise<void> {
    this.seats.forget(chatRef);
    await this.#store.remove("seats", chatRef);
    await this.#store.removeAll("outbox", `customer/${chatRef}/`);
    await this.#store.removeAll("drafts", `customer/${chatRef}`);
  }

  /** Makes sure that a held seat is open. */
  async open(chatRef: string, seat: number): Promise<void> {
    if (this.seats.has(chatRef, seat)) return;
    const record = await this.#record(chatRef);
    if (!record || record.seat !== seat) throw new CryptoFailure("no_key");
    await this.#add(record);
  }

  async #add({ chatRef, seat, firstSeq, root, body }: SeatRecord): Promise<void> {
    const enc = fromBase64Url(body.handshake.enc);
    await this.seats.add({ chatRef, seat, firstSeq, enc, root: exactly(fromBase64Url(root), 32, "root") });
  }

  // What waits was sealed for the seat that this browser had before, whose key goes. Nobody asked for it to go to the
  // new one: it stands as not sent. It keeps its cid, by which the server knows what it has already. This comes before
  // the new seat is stored, for it can be done again.
  async #sealAnew(record: SeatRecord): Promise<void> {
    const { chatRef, seat } = record;
    const before = await this.#record(chatRef);
    if (!before || before.seat === seat) return;
    await this.#add(before);
    await this.#add(record);
    for (const item of await this.#unsent.outbox("customer", chatRef)) {
      if (item.seat !== before.seat) continue;
      const content = await this.seats.readOwn(item, item.cid, item.body);
      if (content?.type !== "text") continue;
      await this.#sealAgain(item, seat, content.text);
    }
    this.seats.forget(chatRef);
  }

  async #sealAgain(item: OutboxItem, seat: number, text: string): Promise<void> {
    const { as, chatRef, cid } = item;
    try {
      const body = await this.seats.sealText({ as, chatRef, seat }, cid, text);
      await this.#unsent.putOutbox({ ...item, seat, body, state: "refused" });
    } catch (error) {
      if (!(error instanceof CryptoFailure) || error.code !== "too_long") throw error;
      // Another version took it, and none sends it: its words go where one writes, as those of a tab that is gone.
      await this.#unsent.setDraft(as, chatRef, cid, text);
      await this.#unsent.removeOutbox(as, chatRef, cid);
    }
  }

  // Two tabs post the same redemption: the slower one finds that the seat is there already.
  async #seatOfLink(linkId: string): Promise<HeldSeat> {
    const record = (await this.#records()).find(({ body }) => body.linkId === linkId);
    if (!record) throw new CryptoFailure("no_key");
    return withoutRoot(record);
  }

  async #record(chatRef: string): Promise<SeatRecord | null> {
    const value = await this.#store.get("seats", chatRef);
    return value === undefined ? null : parseSeat(value);
  }

  async #records(): Promise<SeatRecord[]> {
    const records = (await this.#store.all("seats")).map(({ value }) => parseSeat(value));
    return records.sort((left, right) => right.takenAt - left.takenAt);
  }

  async #dropOldSeats(): Promise<void> {
    for (const { chatRef } of (await this.#records()).slice(MAX_SEATS)) await this.forgetSeat(chatRef);
  }
}

async function targetOf({ linkId, fragment, door }: LinkOffer, now: number): Promise<Target> {
  const parsed = parseFragment(fragment);
  if (!parsed) throw new CryptoFailure("malformed", "no fragment");
  return parsed.kind === "sealed"
    ? sealedTarget(linkId, parsed, door)
    : plainTarget(linkId, parsed, door, now);
}

async function sealedTarget(
  linkIdText: string,
  { f }: Extract<Fragment, { kind: "sealed" }>,
  door: DoorKeys,
): Promise<Target> {
  const linkId = parseLinkId(linkIdText);
  const fixed = await openBlob(f, linkId, fromBase64Url(door.blob));
  const chatRef = toBase64Url(fixed.chatRef);
  if (door.chatRef && door.chatRef !== chatRef) throw new CryptoFailure("mismatch", "another chat");
  return {
    checked: { kind: "sealed", chatRef, fingerprint: toBase64Url(await fingerprintOf(fixed.identityPublic)) },
    inbox: { epoch: fixed.epoch, publicKey: fixed.inboxPublic },
    binding: { kind: "sealed", chatRef: fixed.chatRef, linkId, f },
  };
}

async function plainTarget(
  linkIdText: string,
  { fingerprint }: Extract<Fragment, { kind: "plain" }>,
  door: DoorKeys,
  now: number,
): Promise<Target> {
  const linkId = parseLinkId(linkIdText);
  const chatRef = exactly(fromBase64Url(door.chatRef), 16, "chat reference");
  const identity = exactly(fromBase64Url(door.identity), 32, "identity");
  if (!equal(await fingerprintOf(identity), fingerprint)) throw new CryptoFailure("identity");
  const certificate = parseCertificate(door.certificate);
  await checkCertificate(text(door.partnerId), identity, certificate, now);
  return {
    checked: {
      kind: "plain",
      chatRef: toBase64Url(chatRef),
      fingerprint: toBase64Url(fingerprint),
    },
    inbox: { epoch: certificate.epoch, publicKey: certificate.publicKey },
    binding: { kind: "plain", chatRef, linkHash: await hash(linkId) },
  };
}

function withoutRoot<Item extends { readonly root: string }>({ root: _, ...rest }: Item): Omit<Item, "root"> {
  return rest;
}
