/** The door over a real key worker and a real wire: one tap, one record, one POST that may be repeated. */
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { Api } from "../api/api.ts";
import type { Door, Refusal } from "../api/wire.ts";
import { freshId } from "../crypto/cid.ts";
import { createKeyWorker } from "../crypto/createKeyWorker.ts";
import type { KeyWorker, MadeLink } from "../crypto/keyWorkerApi.ts";
import { memoryStore } from "../crypto/memory.ts";
import { DoorModel } from "./DoorModel.ts";

const NOW = 1_800_000_000_000;
let desk: KeyWorker;
let link: MadeLink;
let keyWorker: KeyWorker;
let server: Server;
let api: Api;
/** The bodies of the POSTs that redeem. */
let posts: string[];
/** What the server answers; null breaks the connection. */
let answer: { status: number; body: unknown } | null;
let wiped: number;
let entered: string[];
let cookies: boolean;

beforeAll(async () => {
  desk = createKeyWorker(memoryStore());
  const password = "wide green doors";
  await desk.createPartner({ partnerId: freshId(), agentId: freshId(), password, now: NOW / 1000 });
  link = await desk.makeLink(freshId(), "Table 4");
});

beforeEach(async () => {
  keyWorker = createKeyWorker(memoryStore());
  [posts, entered, wiped, cookies] = [[], [], 0, true];
  const { chatRef } = link;
  answer = {
    status: 200,
    body: { success: true, chatId: "c", partnerId: "p", chatRef, seat: 1, firstSeq: 1 },
  };
  server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    posts.push(Buffer.concat(chunks).toString());
    if (!answer) return request.socket.destroy();
    response.writeHead(answer.status, { "content-type": "application/json" });
    return response.end(JSON.stringify(answer.body));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  api = new Api(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
});

afterEach(() => {
  server.closeAllConnections();
  server.close();
});

async function stand(door: Partial<Door> = {}, fragment: string | null = link.fragment): Promise<DoorModel> {
  const { linkId, blob, chatRef } = link;
  const model = new DoorModel({
    linkId,
    fragment,
    door: { state: "valid", kind: "sealed", partnerName: "Oak & Daughter", blob, chatRef, ...door },
    keyWorker,
    api,
    now: () => NOW,
    keepsCookies: () => cookies,
    wipe: () => {
      wiped += 1;
    },
    enter: (chat) => {
      entered.push(chat);
    },
  });
  await model.open();
  return model;
}

describe("a valid link", () => {
  test("is checked without a call, and nothing but the tap redeems", async () => {
    const model = await stand();
    expect(model.state.value).toMatchObject({ kind: "valid", checked: "sealed" });
    expect([posts, wiped]).toEqual([[], 0]);
    await model.tap();
    expect([posts.length, wiped, entered]).toEqual([1, 1, [link.chatRef]]);
    expect(await keyWorker.heldSeat(link.chatRef)).toMatchObject({ seat: 1, firstSeq: 1 });
    expect(await keyWorker.pendingRedemption(link.linkId)).toBeNull();
  });

  test("is posted once when it is tapped twice at once", async () => {
    const model = await stand();
    await Promise.all([model.tap(), model.tap()]);
    expect(posts).toHaveLength(1);
  });

  test("survives a broken connection: the fault shows, and the same body is posted again", async () => {
    const success = answer;
    answer = null;
    const model = await stand();
    await model.tap();
    expect(model.start.value).toMatchObject({ kind: "failed", fault: { code: "network" } });
    expect(model.state.value.kind).toBe("valid");
    answer = success;
    await model.tap();
    expect(posts).toHaveLength(2);
    expect(posts[1]).toBe(posts[0]);
    expect(entered).toEqual([link.chatRef]);
  });

  test("is posted again on the next load after its answer was lost, even without its fragment", async () => {
    const success = answer;
    answer = null;
    await (await stand()).tap();
    answer = success;
    await stand({ state: "used" }, null);
    expect(posts[1]).toBe(posts[0]);
    expect(entered).toEqual([link.chatRef]);
  });
});

describe("a door that opens nothing", () => {
  test("leaves the link alone without a fragment", async () => {
    const model = await stand({}, null);
    expect(model.state.value).toMatchObject({ kind: "dead", why: "incomplete" });
    expect(posts).toEqual([]);
  });

  test("leaves the link alone where cookies are blocked, whatever is pressed", async () => {
    cookies = false;
    const model = await stand();
    expect(model.state.value).toEqual({ kind: "dead", why: "cookies", returnTo: null });
    await model.tap();
    expect([posts, wiped]).toEqual([[], 0]);
    expect(await keyWorker.pendingRedemption(link.linkId)).toBeNull();
    // A link that is over says so all the same.
    expect((await stand({ state: "expired" })).state.value).toMatchObject({ why: "expired" });
  });

  test("sends nothing where the server's keys are not the link's", async () => {
    const other = await desk.makeLink(freshId(), "Table 5");
    const swapped = await stand({ blob: other.blob });
    expect(swapped.state.value).toMatchObject({ kind: "dead", why: "mismatch" });
    const elsewhere = await stand({ chatRef: other.chatRef });
    expect(elsewhere.state.value).toMatchObject({ kind: "dead", why: "mismatch" });
    expect(posts).toEqual([]);
  });

  test.each([
    ["link_used", 410, {}, "used"],
    ["link_used", 410, { seatClosed: "superseded" }, "superseded"],
    ["link_used", 410, { seatClosed: "chat_ended" }, "chat_ended"],
    ["link_expired", 410, {}, "expired"],
    ["link_revoked", 410, {}, "revoked"],
    ["link_not_found", 404, {}, "not_found"],
    ["proof_required", 403, {}, "incomplete"],
  ] as const)("%s after the tap (%j, %j) is %s, for good", async (code, status, more, why) => {
    answer = { status, body: { ...refusal(code, status), ...more } };
    const model = await stand();
    await model.tap();
    expect(model.state.value).toMatchObject({ kind: "dead", why });
    expect(await keyWorker.pendingRedemption(link.linkId)).toBeNull();
  });

  test("keeps the record while its fault may pass", async () => {
    answer = { status: 503, body: refusal("unavailable", 503) };
    const model = await stand();
    await model.tap();
    expect(model.start.value).toMatchObject({ kind: "failed", fault: { code: "unavailable" } });
    expect(await keyWorker.pendingRedemption(link.linkId)).not.toBeNull();
  });
});

test("a used link offers the way back only in the browser that holds its seat", async () => {
  await (await stand()).tap();
  const here = await stand({ state: "used" });
  expect(here.state.value).toEqual({ kind: "dead", why: "used", returnTo: link.chatRef });
  keyWorker = createKeyWorker(memoryStore());
  const elsewhere = await stand({ state: "used" });
  expect(elsewhere.state.value).toEqual({ kind: "dead", why: "used", returnTo: null });
});

function refusal(code: Refusal["code"], status: number): Refusal {
  return { type: `/problems/${code}`, title: code, status, code, success: false, error: "A sentence." };
}
