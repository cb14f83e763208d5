/** A partner and a customer, through both halves of the key worker: links, seats, messages. */
import { beforeAll, describe, expect, test } from "vitest";
import { fromBase64Url, toBase64Url } from "./bytes.ts";
import { freshId } from "./cid.ts";
import { createKeyWorker } from "./createKeyWorker.ts";
import { hash } from "./kdf.ts";
import type { KeyWorker, MadeLink, NewPartner, SeatPlace, StoredMessage } from "./keyWorkerApi.ts";
import { memoryStore } from "./memory.ts";
import { DAY, NOW, newPartner } from "./testPartner.ts";

let partner: NewPartner;
let desk: KeyWorker;

beforeAll(async () => {
  desk = createKeyWorker(memoryStore());
  partner = await newPartner(desk);
});

const doorOf = (link: MadeLink) => ({ chatRef: link.chatRef, blob: link.blob });
const offerOf = (link: MadeLink) => ({
  linkId: link.linkId,
  fragment: `#${link.fragment}`,
  door: doorOf(link),
});
const idHashOf = async (link: MadeLink) => toBase64Url(await hash(fromBase64Url(link.linkId)));

async function rowOf(link: MadeLink) {
  return {
    idHash: await idHashOf(link),
    chatRef: link.chatRef,
    blob: link.blob,
    vault: link.vault,
  };
}

/** A customer who took a seat through a fresh link, and the row that agents get of it. */
async function seated() {
  const link = await desk.makeLink(freshId(), "Table 4");
  const customer = createKeyWorker(memoryStore());
  const { body } = await customer.prepareRedemption(offerOf(link), NOW);
  await customer.seatTaken(link.linkId, { seat: 1, firstSeq: 1, takenAt: NOW });
  const row = {
    chat: link.chatRef,
    number: 1,
    firstSeq: 1,
    handshake: body.handshake,
    linkHash: await idHashOf(link),
    vault: link.vault,
  };
  const [opened] = await desk.openSeats([row]);
  const places: Record<SeatPlace["as"], SeatPlace> = {
    customer: { as: "customer", chatRef: link.chatRef, seat: 1 },
    partner: { as: "partner", chatRef: link.chatRef, seat: 1 },
  };
  return { link, customer, row, opened, places };
}

describe("a link", () => {
  test("is shown again with its label", async () => {
    const link = await desk.makeLink("order-1", "Table 4");
    const row = await rowOf(link);
    expect(await desk.openLinks([row])).toEqual([
      {
        kind: "shown",
        idHash: row.idHash,
        linkId: link.linkId,
        fragment: link.fragment,
        label: "Table 4",
      },
    ]);
  });

  test("never hides the others where it does not hold", async () => {
    const [one, two] = [await desk.makeLink("a", "one"), await desk.makeLink("b", "two")];
    const [first, second] = [await rowOf(one), await rowOf(two)];
    const opened = await desk.openLinks([
      { ...first, vault: second.vault },
      { ...first, blob: second.blob },
      { ...first, chatRef: second.chatRef },
      { idHash: first.idHash, chatRef: first.chatRef },
      second,
    ]);
    expect(opened.map((link) => (link.kind === "refused" ? link.code : link.kind))).toEqual([
      "unopened",
      "unopened",
      "mismatch",
      "plain",
      "shown",
    ]);
  });

  test("gives its label, and none where the label is another link's", async () => {
    const [one, two] = [
      await rowOf(await desk.makeLink("a", "one")),
      await rowOf(await desk.makeLink("b", "")),
    ];
    const labelOf = ({ idHash, vault }: typeof one) => ({ linkHash: idHash, vault: vault ?? "" });
    const moved = { ...labelOf(one), vault: two.vault ?? "" };
    expect(await desk.openLabels([labelOf(one), moved, labelOf(two)])).toEqual(["one", null, ""]);
  });

  test("takes a label of 200 bytes and no more", async () => {
    await desk.makeLink("a", "x".repeat(200));
    await expect(desk.makeLink("a", "é".repeat(101))).rejects.toMatchObject({ code: "too_long" });
  });

  test("is checked without a trace", async () => {
    const customer = createKeyWorker(memoryStore());
    const link = await desk.makeLink("order-2", "");
    const { fingerprint } = (await desk.resumeKeyring()) ?? { fingerprint: "" };
    expect(await customer.checkLink(offerOf(link), NOW)).toEqual({
      kind: "sealed",
      chatRef: link.chatRef,
      fingerprint,
    });
    expect(await customer.pendingRedemptions()).toEqual([]);
  });

  test("is refused where the server swapped its keys or its chat", async () => {
    const customer = createKeyWorker(memoryStore());
    const link = await desk.makeLink("order-3", "");
    const other = await desk.makeLink("order-4", "");
    const swapped = { ...offerOf(link), door: doorOf(other) };
    await expect(customer.checkLink(swapped, NOW)).rejects.toMatchObject({ code: "unopened" });
    const moved = { ...offerOf(link), door: { ...doorOf(link), chatRef: other.chatRef } };
    await expect(customer.prepareRedemption(moved, NOW)).rejects.toMatchObject({ code: "mismatch" });
    const bare = { ...offerOf(link), fragment: "" };
    await expect(customer.checkLink(bare, NOW)).rejects.toMatchObject({ code: "malformed" });
  });
});

describe("a redemption", () => {
  test("is one record after two taps or in two tabs", async () => {
    const store = memoryStore();
    const [one, two] = [createKeyWorker(store), createKeyWorker(store)];
    const link = await desk.makeLink("order-5", "");
    const [first, second, third] = await Promise.all([
      one.prepareRedemption(offerOf(link), NOW),
      one.prepareRedemption(offerOf(link), NOW),
      two.prepareRedemption(offerOf(link), NOW),
    ]);
    expect(second).toEqual(first);
    expect(third).toEqual(first);
    expect(await two.pendingRedemption(link.linkId)).toEqual(first);
    expect(JSON.stringify(first)).not.toContain("root");
  });

  test("finds the seat in the slower tab", async () => {
    const store = memoryStore();
    const keyWorker = createKeyWorker(store);
    const link = await desk.makeLink("order-6", "");
    await keyWorker.prepareRedemption(offerOf(link), NOW);
    const given = { seat: 1, firstSeq: 1, takenAt: NOW };
    const seat = await keyWorker.seatTaken(link.linkId, given);
    expect(await createKeyWorker(store).seatTaken(link.linkId, given)).toEqual(seat);
    expect(await keyWorker.pendingRedemptions()).toEqual([]);
    expect(await keyWorker.heldSeat(link.chatRef)).toEqual(seat);
    expect(await keyWorker.heldSeat("another")).toBeNull();
  });

  test("keeps the newest twenty seats", async () => {
    const keyWorker = createKeyWorker(memoryStore());
    for (let index = 0; index < 21; index += 1) {
      const link = await desk.makeLink(`many-${index}`, "");
      await keyWorker.prepareRedemption(offerOf(link), NOW);
      await keyWorker.seatTaken(link.linkId, { seat: 1, firstSeq: 1, takenAt: NOW + index });
    }
    const seats = await keyWorker.heldSeats();
    expect(seats.map(({ takenAt }) => takenAt - NOW)).toEqual(Array.from({ length: 20 }, (_, i) => 20 - i));
  });

  test("of a plain link is checked against identity and certificate", async () => {
    const keyWorker = createKeyWorker(memoryStore());
    const { fingerprint } = (await desk.resumeKeyring()) ?? { fingerprint: "" };
    const link = await desk.makeLink("plain", "");
    const { partnerId, identity, certificate } = partner.request;
    const door = { chatRef: link.chatRef, partnerId, identity, certificate };
    const offer = { linkId: link.linkId, fragment: `#2.${fingerprint}`, door };
    expect(await keyWorker.checkLink(offer, NOW)).toMatchObject({ kind: "plain", fingerprint });

    const late = keyWorker.checkLink(offer, NOW + 92 * DAY + 1);
    await expect(late).rejects.toMatchObject({ code: "certificate" });
    const forged = { ...door, certificate: { ...certificate, epoch: 2 } };
    await expect(keyWorker.checkLink({ ...offer, door: forged }, NOW)).rejects.toMatchObject({
      code: "certificate",
    });
    const stranger = { ...offer, fragment: `#2.${toBase64Url(new Uint8Array(16))}` };
    await expect(keyWorker.checkLink(stranger, NOW)).rejects.toMatchObject({ code: "identity" });

    const { body } = await keyWorker.prepareRedemption(offer, NOW);
    expect(body).not.toHaveProperty("proof");
    await keyWorker.seatTaken(link.linkId, { seat: 2, firstSeq: 9, takenAt: NOW });
    const row = {
      chat: link.chatRef,
      number: 2,
      firstSeq: 9,
      handshake: body.handshake,
      linkHash: await idHashOf(link),
    };
    expect(await desk.openSeats([row])).toMatchObject([{ kind: "open", madeBy: "plain" }]);
    const place = { chatRef: link.chatRef, seat: 2 };
    expect(await desk.safetyWords({ as: "partner", ...place })).toEqual(
      await keyWorker.safetyWords({ as: "customer", ...place }),
    );
  });
});

describe("messages", () => {
  test("go both ways, with the same six words on both sides", async () => {
    const { customer, opened, places } = await seated();
    expect(opened).toMatchObject({ kind: "open", madeBy: "desk", label: "Table 4" });
    const safetyWords = await customer.safetyWords(places.customer);
    expect(safetyWords).toHaveLength(6);
    expect(await desk.safetyWords(places.partner)).toEqual(safetyWords);

    const messages: StoredMessage[] = [];
    async function say(keyWorker: KeyWorker, from: SeatPlace["as"], text: string) {
      const cid = freshId();
      const body = await keyWorker.sealText(places[from], cid, text);
      messages.push({ seq: messages.length + 1, from, cid, body });
      const page = { transcript: null, messages: messages.slice(-1) };
      const seen = [
        await customer.readPage(places.customer, page),
        await desk.readPage(places.partner, page),
      ];
      for (const { messages: read } of seen) {
        expect(read).toMatchObject([{ from, cid, content: { type: "text", text }, history: "agrees" }]);
      }
    }
    await say(customer, "customer", "Hello");
    await say(desk, "partner", "Guten Tag 🗝");
    await say(customer, "customer", "");
    const fresh = createKeyWorker(memoryStore());
    await expect(fresh.sealText(places.customer, freshId(), "x")).rejects.toMatchObject({
      code: "no_key",
    });
  });

  test("are shown as unreadable where they were altered, and the rest goes on", async () => {
    const { customer, places } = await seated();
    const [one, two] = [freshId(), freshId()];
    const good = await customer.sealText(places.customer, one, "one");
    const bytes = fromBase64Url(await customer.sealText(places.customer, two, "two"));
    bytes[40] = (bytes[40] ?? 0) ^ 1;
    const { messages } = await desk.readPage(places.partner, {
      transcript: null,
      messages: [
        { seq: 1, from: "customer", cid: one, body: good },
        { seq: 2, from: "customer", cid: two, body: toBase64Url(bytes) },
      ],
    });
    expect(messages.map(({ content }) => content?.type ?? null)).toEqual(["text", null]);
  });

  test("that the server dropped or reordered are noticed at the other side's next message", async () => {
    const { customer, places } = await seated();
    const sent: StoredMessage[] = [];
    for (const seq of [1, 2, 3]) {
      const cid = freshId();
      const body = await customer.sealText(places.customer, cid, `message ${seq}`);
      const message: StoredMessage = { seq, from: "customer", cid, body };
      sent.push(message);
      await customer.readPage(places.customer, { transcript: null, messages: [message] });
    }
    const [first, second, third] = sent;
    if (!first || !second || !third) throw new Error("three were sent");
    // The server leaves the second one out and closes the gap.
    const shifted = { ...third, seq: 2 };
    const { messages } = await desk.readPage(places.partner, {
      transcript: null,
      messages: [first, shifted],
    });
    expect(messages.map(({ history }) => history)).toEqual(["agrees", "differs"]);
  });

  test("are refused over 16 KiB, and open again from the outbox", async () => {
    const { customer, places } = await seated();
    const tooLong = customer.sealText(places.customer, freshId(), "é".repeat(8193));
    await expect(tooLong).rejects.toMatchObject({ code: "too_long" });
    const cid = freshId();
    const body = await customer.sealText(places.customer, cid, "later");
    const item = {
      as: "customer" as const,
      chatRef: places.customer.chatRef,
      seat: 1,
      cid,
      body,
      at: NOW,
      state: "waiting" as const,
    };
    await customer.putOutbox(item);
    expect(await customer.outbox("customer", null)).toEqual([item]);
    expect(await customer.outbox("partner", null)).toEqual([]);
    expect(await customer.readOwn(places.customer, cid, body)).toEqual({ type: "text", text: "later" });
    await customer.setDraft("customer", item.chatRef, "tab", "half");
    await customer.forgetSeat(item.chatRef);
    expect(await customer.outbox("customer", null)).toEqual([]);
    expect(await customer.drafts("customer", item.chatRef)).toEqual([]);
  });

  test("a message that waits under one link is sealed anew for the seat of the next, under its old name", async () => {
    const chatId = freshId();
    const store = memoryStore();
    const customer = createKeyWorker(store);
    const enter = async (seat: number) => {
      const link = await desk.makeLink(chatId, "");
      await customer.prepareRedemption(offerOf(link), NOW);
      await customer.seatTaken(link.linkId, { seat, firstSeq: 1, takenAt: NOW });
      return { as: "customer" as const, chatRef: link.chatRef, seat };
    };
    const first = await enter(1);
    const item = { ...first, cid: freshId(), at: NOW, state: "waiting" as const };
    const body = await customer.sealText(first, item.cid, "still here");
    await customer.putOutbox({ ...item, body });
    const second = await enter(2);

    const [kept] = await createKeyWorker(store).outbox("customer", first.chatRef);
    expect(kept, "nobody asked for it to go to the new one").toMatchObject({
      ...item,
      seat: 2,
      state: "refused",
    });
    expect(kept?.body).not.toBe(body);
    const opened = createKeyWorker(store).readOwn(second, item.cid, kept?.body ?? "");
    expect(await opened).toEqual({ type: "text", text: "still here" });
  });

  test("a seat that a server moves to another chat or link does not agree with its customer", async () => {
    const { customer, row, places } = await seated();
    const other = await seated();
    const [moved] = await desk.openSeats([{ ...row, chat: other.row.chat, number: 7 }]);
    expect(moved).toMatchObject({ kind: "open" });
    const cid = freshId();
    const body = await customer.sealText(places.customer, cid, "secret");
    const page = { transcript: null, messages: [{ seq: 1, from: "customer" as const, cid, body }] };
    const read = await desk.readPage({ as: "partner", chatRef: other.row.chat, seat: 7 }, page);
    expect(read.messages[0]?.content).toBeNull();
    const swapped = await desk.openSeats([{ ...row, number: 8, vault: other.row.vault }]);
    expect(swapped).toMatchObject([{ kind: "refused", code: "unopened" }]);
  });
});
