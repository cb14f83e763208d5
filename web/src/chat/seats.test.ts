/** Who has come to a chat on the desk, also while nothing was heard. */
import { effect } from "@preact/signals";
import { afterEach, beforeEach, expect, test } from "vitest";
import { Api } from "../api/api.ts";
import type { ChatLine } from "../api/line.ts";
import { pollChat } from "../api/poll.ts";
import type { SeatRow, ServerFrame } from "../api/wire.ts";
import { createKeyWorker } from "../crypto/createKeyWorker.ts";
import { memoryStore } from "../crypto/memory.ts";
import { ChatModel } from "./ChatModel.ts";
import { PartnerSeats } from "./seats.ts";
import { TestServer } from "./testServer.ts";

const CHAT = "AAAAAAAAAAAAAAAAAAAAAA";
const keyWorker = { openSeats: async () => [] };
let server: TestServer;
let api: Api;
let stop: () => void;

beforeEach(async () => {
  server = new TestServer(CHAT, new Uint8Array(32));
  api = new Api(await server.start());
  stop = () => {};
});

afterEach(() => {
  stop();
  server.stop();
});

function seat(number: number, closed: SeatRow["closed"] = null, rev = closed ? 2 : 1): SeatRow {
  const handshake = { epoch: 1, enc: "" };
  const rest = { device: "phone", madeByKey: false } as const;
  const cursors = { delivered: 0, read: 0 };
  const openedAt = "2026-01-01T00:00:00Z";
  return {
    chat: CHAT,
    number,
    firstSeq: 1,
    handshake,
    linkHash: "",
    openedAt,
    customer: cursors,
    closed,
    rev,
    ...rest,
  };
}

/** A thread on the desk, and what the server says to it. */
function openThread(seats: PartnerSeats): { model: ChatModel; hears: (frame: ServerFrame) => void } {
  let hears: (frame: ServerFrame) => void = () => {};
  const line: ChatLine = {
    listen: (listener) => {
      hears = listener;
      return () => {};
    },
    open: () => {},
    leave: () => {},
    send: () => new Promise(() => {}),
    seen: () => {},
    typing: () => true,
    retryTime: async () => {},
  };
  const notice = { announce: () => {}, arrived: () => {} };
  const parts = { side: "partner", chatRef: CHAT, firstSeq: 1, read: 0, now: Date.now } as const;
  const model = new ChatModel({
    ...parts,
    api,
    line,
    keyWorker: createKeyWorker(memoryStore()),
    seats,
    notice,
  });
  stop = () => model.stop();
  return { model, hears: (frame) => hears(frame) };
}

test("a message goes to the customer who came while the desk was away", async () => {
  const seats = new PartnerSeats(api, keyWorker, CHAT);
  const { model, hears } = openThread(seats);
  await model.start();
  expect(seats.live.value).toBeNull();
  server.seats = [seat(1, "superseded"), seat(2)];
  const cursors = { delivered: 3, read: 2 };
  hears({ type: "opened", chat: CHAT, lastSeq: 0, partner: cursors, customer: cursors, online: true });
  await until(() => model.receipts.theirs.value.size > 0);
  expect(seats.live.value).toBe(2);
  expect([...model.receipts.theirs.value]).toEqual([[2, cursors]]);
});

test("a refusal that tells of another customer makes the desk read the seats", async () => {
  server.seats = [seat(1)];
  const seats = new PartnerSeats(api, keyWorker, CHAT);
  const { model, hears } = openThread(seats);
  await model.start();
  expect(seats.live.value).toBe(1);
  server.seats = [seat(1, "superseded"), seat(2)];
  hears({ type: "closed", chat: CHAT, reason: "superseded" });
  await until(() => seats.live.value === 2);
  expect(model.closed.value).toBeNull();
});

test("a customer who comes while the seats are read is not forgotten", async () => {
  server.seats = [seat(1)];
  const seats = new PartnerSeats(api, keyWorker, CHAT);
  const reading = seats.refresh();
  await seats.add(seat(2));
  await reading;
  expect(seats.shown.value.map(({ number }) => number)).toEqual([1, 2]);
  expect(seats.live.value).toBe(2);
});

test("what was read of a seat before the next one opened does not open it again", async () => {
  server.seats = [seat(1)];
  const seats = new PartnerSeats(api, keyWorker, CHAT);
  await seats.refresh();
  await seats.add(seat(2));
  await seats.refresh();
  expect(seats.shown.value.map(({ closed }) => closed)).toEqual(["superseded", null]);
  await seats.add(seat(1));
  expect(seats.live.value).toBe(2);
});

test("of a seat the row with more changes counts, whichever way it comes", async () => {
  server.seats = [seat(1)];
  const seats = new PartnerSeats(api, keyWorker, CHAT);
  await seats.add({ ...seat(1), rev: 3, customer: { delivered: 2, read: 2 } });
  await seats.refresh();
  expect(seats.rows[0]?.customer.read).toBe(2);
});

test("a desk that polls is told which customer came last", async () => {
  server.seats = [seat(1, "superseded"), seat(2)];
  const aborter = new AbortController();
  stop = () => aborter.abort();
  const told = new Promise<ServerFrame>((resolve) => {
    const frame = (frame: ServerFrame) => frame.type === "seat" && resolve(frame);
    const whom = { as: "agent", chat: CHAT, signal: aborter.signal } as const;
    void pollChat({ ...whom, api, after: () => 0, frame, answered: () => {} });
  });
  expect(await told).toMatchObject({ type: "seat", seat: { number: 2 } });
});

/** Resolves once the condition, made of signals, holds. */
function until(condition: () => boolean): Promise<void> {
  return new Promise((resolve) => {
    const end = effect(() => {
      if (!condition()) return;
      queueMicrotask(() => end());
      resolve();
    });
  });
}
