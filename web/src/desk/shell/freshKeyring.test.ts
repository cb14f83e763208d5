/** Two devices of one agent: what the one makes after a renewal opens on the other, which was there all along. */
import { beforeAll, expect, test } from "vitest";
import { fromBase64Url, toBase64Url } from "../../crypto/bytes.ts";
import { freshId } from "../../crypto/cid.ts";
import { createKeyWorker } from "../../crypto/createKeyWorker.ts";
import { hash } from "../../crypto/kdf.ts";
import type { Account, KeyWorker, LinkKeys, SeatRow } from "../../crypto/keyWorkerApi.ts";
import { memoryStore } from "../../crypto/memory.ts";
import { OpenedLinks } from "../../link/OpenedLinks.ts";
import { withFreshKeyring } from "./freshKeyring.ts";

const NOW = 1_800_000_000;
const PASSWORD = "wide green doors";
const [partnerId, agentId] = [freshId(), freshId()];
let account: Account;
let device: KeyWorker;
let newest: Pick<Account, "generation" | "keyring">;
let row: LinkKeys;
let seat: SeatRow;

beforeAll(async () => {
  const other = createKeyWorker(memoryStore());
  const { request } = await other.createPartner({ partnerId, agentId, password: PASSWORD, now: NOW });
  const { generation, keyring, password } = request;
  account = { partnerId, agentId, generation, keyring, wrap: password.wrap };
  device = createKeyWorker(memoryStore());
  await device.passwordAuth(PASSWORD, password.salt, password.rounds);
  await device.unlock(account);

  const proposal = await other.renewInbox(NOW + 31 * 86_400);
  newest = { generation: proposal?.generation ?? 0, keyring: proposal?.copies[0]?.sealed ?? "" };
  await other.adoptKeyring(newest.generation);
  const link = await other.makeLink("table-7", "Terrace");
  const idHash = toBase64Url(await hash(fromBase64Url(link.linkId)));
  row = { idHash, chatRef: link.chatRef, blob: link.blob, vault: link.vault };
  const offer = { linkId: link.linkId, fragment: `#${link.fragment}`, door: link };
  const { body } = await createKeyWorker(memoryStore()).prepareRedemption(offer, NOW);
  seat = {
    chat: link.chatRef,
    number: 1,
    firstSeq: 1,
    handshake: body.handshake,
    linkHash: idHash,
    vault: link.vault,
  };
});

test("a good link is not refused for keys that this device has not fetched yet", async () => {
  let there = false;
  const refresh = async () => {
    if (!there) throw new Error("no answer");
    await device.updateKeyring(newest);
  };
  const links = new OpenedLinks(withFreshKeyring(device, refresh));
  const linkRow = row as Parameters<OpenedLinks["of"]>[0];
  await expect(withFreshKeyring(device, refresh).openSeats([seat])).rejects.toThrow("no answer");
  await links.open([linkRow]);
  expect(links.of(linkRow), "nobody knows yet").toBeUndefined();
  there = true;
  await links.open([linkRow]);
  expect(links.of(linkRow)).toMatchObject({ kind: "shown", label: "Terrace" });
  expect(await withFreshKeyring(device, refresh).openSeats([seat])).toMatchObject([{ kind: "open" }]);
});

test("a link that the newest keyring does not open either stays refused, and is not asked about again", async () => {
  let asked = 0;
  const refresh = async () => {
    asked += 1;
  };
  const stale = { openLinks: async () => [{ kind: "refused", idHash: "a", code: "epoch" }] as const };
  const links = new OpenedLinks(withFreshKeyring({ ...stale, openSeats: async () => [] }, refresh));
  const linkRow = { ...row, idHash: "a" } as Parameters<OpenedLinks["of"]>[0];
  await links.open([linkRow]);
  await links.open([linkRow]);
  expect([links.of(linkRow)?.kind, asked]).toEqual(["refused", 1]);
});
