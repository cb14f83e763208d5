/** A chat over a real key worker and a real wire: what waits, what is refused, what comes, and what was tampered with. */
import { effect } from "@preact/signals";
import { afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { Api } from "../api/api.ts";
import { Line } from "../api/line.ts";
import type { Refusal } from "../api/wire.ts";
import { fromBase64Url, toBase64Url } from "../crypto/bytes.ts";
import { freshId } from "../crypto/cid.ts";
import { createKeyWorker } from "../crypto/createKeyWorker.ts";
import { CryptoFailure } from "../crypto/failure.ts";
import { hash } from "../crypto/kdf.ts";
import type { HeldSeat, KeyWorker } from "../crypto/keyWorkerApi.ts";
import { memoryStore } from "../crypto/memory.ts";
import { transcriptStart } from "../crypto/transcript.ts";
import { faultText, isTooLong } from "../i18n/fault.ts";
import { ChatModel } from "./ChatModel.ts";
import { ownSeat } from "./seats.ts";
import { TestServer } from "./testServer.ts";

const NOW = 1_800_000_000;
let desk: KeyWorker;
let customer: KeyWorker;
let held: HeldSeat;
let server: TestServer;
let origin: string;
let arrivals: number;
const open: { model: ChatModel; line: Line }[] = [];

beforeAll(async () => {
  desk = createKeyWorker(memoryStore());
  const password = "wide green doors";
  await desk.createPartner({ partnerId: freshId(), agentId: freshId(), password, now: NOW });
});

beforeEach(async () => {
  const link = await desk.makeLink(freshId(), "Table 4");
  customer = createKeyWorker(memoryStore());
  const offer = { linkId: link.linkId, fragment: `#${link.fragment}`, door: link };
  const { body } = await customer.prepareRedemption(offer, NOW);
  held = await customer.seatTaken(link.linkId, { seat: 1, firstSeq: 1, takenAt: NOW });
  const linkHash = toBase64Url(await hash(fromBase64Url(link.linkId)));
  const row = {
    chat: link.chatRef,
    number: 1,
    firstSeq: 1,
    handshake: body.handshake,
    linkHash,
    vault: link.vault,
  };
  await desk.openSeats([row]);
  const start = await transcriptStart(fromBase64Url(link.chatRef), 1, fromBase64Url(body.handshake.enc));
  server = new TestServer(link.chatRef, start);
  origin = await server.start();
  arrivals = 0;
});

afterEach(() => {
  for (const { model, line } of open.splice(0)) {
    model.stop();
    line.stop();
  }
  server.stop();
});

function openChat(): ChatModel {
  const api = new Api(origin);
  const line = new Line(api, origin, "customer", held.chatRef);
  const notice = {
    announce: () => {},
    arrived: (_: string, count: number) => {
      arrivals += count;
    },
  };
  const model = new ChatModel({
    side: "customer",
    chatRef: held.chatRef,
    api,
    line,
    keyWorker: customer,
    seats: ownSeat(1),
    notice,
    firstSeq: 1,
    read: 0,
    now: Date.now,
  });
  open.push({ model, line });
  line.start();
  void model.start();
  return model;
}

/** Resolves once the condition, made of signals, holds. */
function until(condition: () => boolean): Promise<void> {
  return new Promise((resolve) => {
    let stop = () => {};
    let done = false;
    stop = effect(() => {
      if (done || !condition()) return;
      done = true;
      queueMicrotask(() => stop());
      resolve();
    });
  });
}

/** The partner says something, having read the whole chat so far. */
async function partnerSays(text: string): Promise<void> {
  const place = { as: "partner" as const, chatRef: held.chatRef, seat: 1 };
  await desk.readPage(place, { transcript: null, messages: server.messages });
  const cid = freshId();
  await server.store("partner", { cid, seat: 1, body: await desk.sealText(place, cid, text) });
}

const texts = (model: ChatModel) =>
  model.thread.value.map(({ shown }) => (shown.kind === "text" ? shown.text : shown.kind));
const statuses = (model: ChatModel) =>
  model.rows.value.flatMap((row) => (row.kind === "message" && row.status ? [row.status] : []));

describe("a message that is sent", () => {
  test("shows at once as waiting, and is sent by polling where there is no socket", async () => {
    const model = openChat();
    model.send("Hello?");
    expect(texts(model)).toEqual(["Hello?"]);
    expect(statuses(model)).toEqual(["waiting"]);
    await until(() => statuses(model)[0] === "sent");
    server.partner = { delivered: 1, read: 0 };
    await until(() => statuses(model)[0] === "delivered");
    server.partner = { delivered: 1, read: 1 };
    await until(() => statuses(model)[0] === "read");
    expect(server.messages).toHaveLength(1);
  });

  test("is none where there is nothing to see in it", async () => {
    const model = openChat();
    await model.start();
    for (const text of ["", " \n", "\u200b", "\u2800", "\u3164\ufe0f", "\u{e0041}", "\ufffc"])
      model.send(text);
    expect(model.thread.value).toEqual([]);
    expect(server.messages).toEqual([]);
  });

  test("is sealed and sent when it is tried again after sealing failed", async () => {
    const { sealText } = customer;
    let faults = 1;
    customer = {
      ...customer,
      sealText: async (...call) => {
        faults -= 1;
        if (faults === 0) throw new CryptoFailure("unavailable", "once");
        return sealText(...call);
      },
    };
    const model = openChat();
    model.send("Hello?");
    await until(() => statuses(model)[0] === "refused");
    expect(await customer.outbox("customer", held.chatRef)).toEqual([]);
    await model.retry(model.thread.value[0]?.cid ?? "");
    await until(() => statuses(model)[0] === "sent");
    expect(server.messages).toHaveLength(1);
  });

  test("waits through a reload without a network, keeps its order, and goes out once", async () => {
    const before = openChat();
    await until(() => before.phase.value.kind === "ready");
    server.down = true;
    before.send("one");
    before.send("two");
    const place = { as: "customer" as const, chatRef: held.chatRef };
    await expect.poll(async () => (await customer.outbox("customer", held.chatRef)).length).toBe(2);
    before.stop();
    const sealed = (await customer.outbox(place.as, place.chatRef)).map(({ body }) => body);
    const after = openChat();
    await until(() => texts(after).length === 2);
    expect(after.thread.value.map(({ delivery }) => delivery)).toEqual(["waiting", "waiting"]);
    server.down = false;
    await until(() => after.thread.value.every(({ seq }) => seq !== null));
    expect(texts(after)).toEqual(["one", "two"]);
    expect(server.messages.map(({ body }) => body)).toEqual(sealed);
    await expect.poll(() => customer.outbox("customer", held.chatRef)).toEqual([]);
  });

  test("says why it was refused, stays, and is tried again with the same bytes", async () => {
    const model = openChat();
    await until(() => model.phase.value.kind === "ready");
    server.refusal = refusal("no_seat", 409, "No.");
    model.send("words");
    await until(() => model.thread.value[0]?.delivery === "refused");
    expect(faultText(model.thread.value[0]?.fault)).toBe(
      "The server did not take this. Please load the page again.",
    );
    const [item] = await customer.outbox("customer", held.chatRef);
    server.refusal = null;
    await model.retry(item?.cid ?? "");
    await until(() => model.thread.value[0]?.delivery === "sent");
    expect(server.bodies.at(-1)).toBe(item?.body);
  });

  test("counts as sent where the server has its name already", async () => {
    const model = openChat();
    await until(() => model.phase.value.kind === "ready");
    server.refusal = refusal("other_content", 409, "The same name came before.");
    model.send("words");
    await until(() => model.thread.value[0]?.delivery === "sent");
    await expect.poll(() => customer.outbox("customer", held.chatRef)).toEqual([]);
  });

  test("says that it is too long where no way carries it, and the others go out", async () => {
    const model = openChat();
    await until(() => model.phase.value.kind === "ready");
    server.refusal = refusal("too_large", 413, "The body must be at most 64 KiB.");
    model.send("words");
    await until(() => model.thread.value[0]?.delivery === "refused");
    expect(isTooLong(model.thread.value[0]?.fault)).toBe(true);
    expect(faultText(model.thread.value[0]?.fault)).toContain("too long");
    server.refusal = null;
    model.send("please help");
    await until(() => model.thread.value.some(({ delivery }) => delivery === "sent"));
    expect(server.messages).toHaveLength(1);
  });

  test("is refused without being sent where another version stored it and it is too long for this one", async () => {
    const place = { as: "customer" as const, chatRef: held.chatRef, seat: 1 };
    for (const [at, text] of [[1, "first"] as const, [2, "please help"] as const]) {
      const cid = freshId();
      const sealed = await customer.sealText(place, cid, text);
      const body = at === 1 ? sealed.padEnd(90_000, "A") : sealed;
      await customer.putOutbox({ ...place, cid, body, at, state: "waiting" });
    }
    const model = openChat();
    await until(() => model.thread.value.some(({ delivery }) => delivery === "sent"));
    expect(server.messages).toHaveLength(1);
    expect(server.bodies).toHaveLength(1);
    const stays = model.thread.value.find(({ delivery }) => delivery === "refused");
    expect(isTooLong(stays?.fault)).toBe(true);
  });

  test("can be taken back when it was refused: its text goes below the draft", async () => {
    const model = openChat();
    await until(() => model.phase.value.kind === "ready");
    server.refusal = refusal("too_large", 413, "Too much.");
    model.send("too many words");
    await until(() => model.thread.value[0]?.delivery === "refused");
    model.write("Dear all,");
    const [message] = model.thread.value;
    if (message) await model.takeBack(message);
    expect(model.draft.text.value).toBe("Dear all,\ntoo many words");
    expect(texts(model)).toEqual([]);
    await expect.poll(() => customer.outbox("customer", held.chatRef)).toEqual([]);
    server.refusal = null;
    model.send(model.draft.text.value);
    await until(() => model.thread.value[0]?.delivery === "sent");
    expect(server.messages).toHaveLength(1);
  });

  test("closes a chat that has ended, and empties the draft", async () => {
    const model = openChat();
    await until(() => model.phase.value.kind === "ready");
    model.write("half");
    server.refusal = refusal("chat_ended", 410, "The chat has ended.");
    model.send("too late");
    model.write("half a sentence");
    await until(() => model.closed.value === "chat_ended");
    expect(model.draft.text.value).toBe("");
  });
});

test("a message of the other side comes, is counted, and stands under the unread line", async () => {
  const model = openChat();
  await until(() => model.phase.value.kind === "ready");
  await partnerSays("Good morning");
  await until(() => texts(model).length === 1);
  expect(texts(model)).toEqual(["Good morning"]);
  await expect.poll(() => arrivals).toBe(1);
  expect(model.rows.value.map((row) => row.kind)).toEqual(["day", "unread", "message"]);
  expect(model.thread.value[0]?.history).toBe("agrees");
});

test("a page whose keys stop says so, and goes on when they are there again", async () => {
  const { readPage } = customer;
  let stopped = false;
  customer = {
    ...customer,
    readPage: (...call) =>
      stopped ? Promise.reject(new CryptoFailure("unavailable", "stopped")) : readPage(...call),
  };
  const model = openChat();
  await until(() => model.phase.value.kind === "ready");
  model.receipts.looking = true;
  await partnerSays("Good morning");
  await expect.poll(() => server.customer.read).toBe(1);
  model.receipts.looking = false;
  stopped = true;
  await partnerSays("Are you there?");
  await until(() => model.phase.value.kind === "failed");
  stopped = false;
  await model.again();
  expect(model.phase.value.kind).toBe("ready");
  const kinds = model.rows.value.map((row) => row.kind);
  expect(kinds, "what was read before is not new").toEqual(["day", "message", "unread", "message"]);
  await partnerSays("And now?");
  await until(() => texts(model).length === 3);
  expect(texts(model)).toEqual(["Good morning", "Are you there?", "And now?"]);
});

test("earlier pages come in front, one after the other, until the first message is there", async () => {
  for (let n = 1; n <= 170; n += 1) await partnerSays(`message ${n}`);
  const model = openChat();
  await until(() => model.phase.value.kind === "ready");
  expect(model.thread.value).toHaveLength(50);
  model.span.follow(false);
  await model.span.up();
  expect(model.thread.value).toHaveLength(150);
  await model.span.up();
  await expect.poll(() => model.thread.value.length).toBe(170);
  expect(texts(model)).toEqual(Array.from({ length: 170 }, (_, index) => `message ${index + 1}`));
  expect(model.span.earlier.value).toBe("more");
  await model.span.up();
  expect(model.span.earlier.value).toBe("none");
  expect(model.rows.value.filter(({ kind }) => kind === "message")).toHaveLength(170);
  expect(model.differs.value).toBe(false);
});

test("a message whose sender saw another history marks the chat", async () => {
  await partnerSays("Pay to account 1");
  await partnerSays("and by Friday");
  const [first] = server.messages;
  const place = { as: "partner" as const, chatRef: held.chatRef, seat: 1 };
  const cid = freshId();
  const forged = await desk.sealText(place, cid, "Pay to account 2");
  if (first) Object.assign(first, { cid, body: forged });
  const model = openChat();
  await until(() => model.phase.value.kind === "ready");
  expect(texts(model)).toEqual(["Pay to account 2", "and by Friday"]);
  expect(model.differs.value).toBe(true);
});

test("a draft survives a reload", async () => {
  const before = openChat();
  await until(() => before.phase.value.kind === "ready");
  before.write("I was about to");
  before.write("I was about to say");
  const kept = async () => (await customer.drafts("customer", held.chatRef)).map(({ text }) => text);
  await expect.poll(kept).toEqual(["I was about to say"]);
  const after = openChat();
  await until(() => after.draft.text.value !== "");
  expect(after.draft.text.value).toBe("I was about to say");
});

function refusal(code: Refusal["code"], status: number, error: string): Refusal {
  return { type: `/problems/${code}`, title: error, status, code, success: false, error };
}
