/** An agent's keys in the key worker: sign-in, recovery, the keyring and its renewal. */
import { beforeAll, describe, expect, test } from "vitest";
import { createKeyWorker } from "./createKeyWorker.ts";
import type { KeyWorker, NewPartner, OpenKeyring } from "./keyWorkerApi.ts";
import { memoryStore } from "./memory.ts";
import { DAY, NOW, newPartner, PASSWORD } from "./testPartner.ts";

let partner: NewPartner;
let desk: KeyWorker;

beforeAll(async () => {
  desk = createKeyWorker(memoryStore());
  partner = await newPartner(desk);
});

const accountOf = ({ request }: NewPartner) => ({
  partnerId: request.partnerId,
  agentId: request.agentId,
  wrap: request.password.wrap,
  generation: request.generation,
  keyring: request.keyring,
});

describe("an agent's keys", () => {
  test("open by the password on another machine", async () => {
    const other = createKeyWorker(memoryStore());
    const { salt, rounds, auth } = partner.request.password;
    expect(await other.passwordAuth(PASSWORD, salt, rounds)).toBe(auth);
    const opened = await other.unlock(accountOf(partner));
    expect(opened).toMatchObject({ generation: 1, epoch: 1, identity: partner.request.identity });
  });

  test("do not open by a wrong password", async () => {
    const other = createKeyWorker(memoryStore());
    const { salt, rounds } = partner.request.password;
    await other.passwordAuth(`${PASSWORD}!`, salt, rounds);
    await expect(other.unlock(accountOf(partner))).rejects.toMatchObject({ code: "unopened" });
  });

  test("are not derived with fewer rounds than allowed", async () => {
    const { salt } = partner.request.password;
    await expect(desk.passwordAuth(PASSWORD, salt, 599_999)).rejects.toMatchObject({ code: "weak" });
  });

  test("open by a recovery code, which leads to a new password and a new code", async () => {
    const other = createKeyWorker(memoryStore());
    const auth = await other.recoveryAuth(partner.recoveryCode.toLowerCase().replaceAll("-", " "));
    expect(auth).toBe(partner.request.recovery.auth);
    await other.openRecovery({
      agentId: partner.request.agentId,
      wrap: partner.request.recovery.wrap,
    });
    const password = await other.newPassword("another long phrase");
    expect((await other.newRecoveryCode()).code).not.toBe(partner.recoveryCode);
    await other.unlock({ ...accountOf(partner), wrap: password.wrap });

    const third = createKeyWorker(memoryStore());
    await third.passwordAuth("another long phrase", password.salt, password.rounds);
    await third.unlock({ ...accountOf(partner), wrap: password.wrap });
  });

  test("are resumed after a reload, and forgotten when the agent signs out", async () => {
    const store = memoryStore();
    const first = createKeyWorker(store);
    const made = await newPartner(first);
    await first.setDraft("partner", "chat", "tab", "half a sentence");
    const reloaded = createKeyWorker(store);
    expect(await reloaded.resumeKeyring()).toMatchObject({ partnerId: made.request.partnerId });
    await reloaded.signOut();
    expect(await reloaded.resumeKeyring()).toBeNull();
    expect(await createKeyWorker(store).resumeKeyring()).toBeNull();
    expect(await reloaded.drafts("partner", "chat")).toEqual([]);
    await expect(reloaded.makeLink("chat", "")).rejects.toMatchObject({ code: "locked" });
  });

  test("leave what was written to the same agent and nobody else when a session ends by itself", async () => {
    const store = memoryStore();
    const keyWorker = createKeyWorker(store);
    const made = await newPartner(keyWorker);
    const unlock = async () => {
      const { salt, rounds } = made.request.password;
      await keyWorker.passwordAuth(PASSWORD, salt, rounds);
      await keyWorker.unlock(accountOf(made));
    };
    await keyWorker.updateKeyring(accountOf(made));
    await keyWorker.setDraft("partner", "chat", "tab", "half a sentence");
    await keyWorker.endSession();
    expect(await keyWorker.resumeKeyring()).toBeNull();
    await unlock();
    expect(await keyWorker.drafts("partner", "chat")).toEqual([{ tab: "tab", text: "half a sentence" }]);
    await expect(
      createKeyWorker(store).drafts("partner", "chat"),
      "an open keyring reads it",
    ).resolves.toHaveLength(1);
    await keyWorker.endSession();
    await expect(keyWorker.drafts("partner", "chat")).rejects.toMatchObject({ code: "locked" });

    const other = await newPartner(keyWorker);
    // Not before the server knows this agent: the set-up may still be refused.
    await expect(keyWorker.drafts("partner", "chat")).rejects.toMatchObject({ code: "unopened" });
    await keyWorker.updateKeyring(accountOf(other));
    expect(await keyWorker.drafts("partner", "chat")).toEqual([]);
    await keyWorker.setDraft("partner", "chat", "tab", "the other one's");
    await keyWorker.endSession();
    await unlock();
    expect(await keyWorker.drafts("partner", "chat")).toEqual([]);
  });
});

describe("the keyring", () => {
  test("is renewed after thirty days, and an older one is refused from then on", async () => {
    const store = memoryStore();
    const keyWorker = createKeyWorker(store);
    const made = await newPartner(keyWorker);
    expect(await keyWorker.renewInbox(NOW + 29 * DAY)).toBeNull();
    const proposal = await keyWorker.renewInbox(NOW + 30 * DAY);
    expect(proposal).toMatchObject({ generation: 2, certificate: { epoch: 2 } });
    expect(await keyWorker.resumeKeyring()).toMatchObject({ generation: 1, epoch: 1 });
    expect(await keyWorker.adoptKeyring(2)).toMatchObject({ generation: 2, epoch: 2 });

    const { generation, keyring } = made.request;
    await expect(keyWorker.updateKeyring({ generation, keyring })).rejects.toMatchObject({
      code: "rollback",
    });
    const { salt, rounds } = made.request.password;
    await keyWorker.signOut();
    await keyWorker.passwordAuth(PASSWORD, salt, rounds);
    await expect(keyWorker.unlock(accountOf(made))).rejects.toMatchObject({ code: "rollback" });
    const sealed = proposal?.copies[0]?.sealed ?? "";
    const opened: OpenKeyring = await keyWorker.unlock({
      ...accountOf(made),
      generation: 2,
      keyring: sealed,
    });
    expect(opened.epoch).toBe(2);
  });

  test("gives up old epochs and keeps the newest", async () => {
    const keyWorker = createKeyWorker(memoryStore());
    await newPartner(keyWorker);
    await keyWorker.renewInbox(NOW + 40 * DAY);
    await keyWorker.adoptKeyring(2);
    const { generation } = await keyWorker.retireEpochs([1, 2]);
    expect(await keyWorker.adoptKeyring(generation)).toMatchObject({ generation: 3, epoch: 2 });
    const link = await keyWorker.makeLink("chat", "");
    expect(link.epoch).toBe(2);
  });

  test("is refused where it is another partner's", async () => {
    const other = createKeyWorker(memoryStore());
    const second = await other.createPartner({
      partnerId: partner.request.partnerId,
      agentId: partner.request.agentId,
      password: PASSWORD,
      now: NOW,
    });
    const third = createKeyWorker(memoryStore());
    const { salt, rounds } = partner.request.password;
    await third.passwordAuth(PASSWORD, salt, rounds);
    const swapped = { ...accountOf(partner), keyring: second.request.keyring };
    await expect(third.unlock(swapped)).rejects.toMatchObject({ code: "unopened" });
  });
});

test("an API key gets the identity as its third part", async () => {
  const { fingerprint } = (await desk.resumeKeyring()) ?? { fingerprint: "" };
  const key = `wg_${"a".repeat(12)}.${"b".repeat(32)}`;
  expect(await desk.completeApiKey(key)).toBe(`${key}.${fingerprint}`);
  await expect(desk.completeApiKey("wg_short")).rejects.toMatchObject({ code: "malformed" });
});
