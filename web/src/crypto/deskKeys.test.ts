/** An agent's keys in the vault: sign-in, recovery, the keyring and its renewal. */
import { beforeAll, describe, expect, test } from "vitest";
import { createVault } from "./createKeyWorker.ts";
import type { Desk, NewPartner, Vault } from "./keyWorkerApi.ts";
import { memoryStore } from "./memory.ts";
import { DAY, NOW, newPartner, PASSWORD } from "./testPartner.ts";

let partner: NewPartner;
let desk: Vault;

beforeAll(async () => {
  desk = createVault(memoryStore());
  partner = await newPartner(desk);
});

const accountOf = ({ request }: NewPartner) => ({
  partnerId: request.partnerId,
  agentId: request.agentId,
  wrap: request.password.wrap,
  generation: request.generation,
  keyring: request.keyring,
});

describe("signing in", () => {
  test("a password opens the wrap and the keyring on another machine", async () => {
    const other = createVault(memoryStore());
    const { salt, rounds, auth } = partner.request.password;
    expect(await other.passwordAuth(PASSWORD, salt, rounds)).toBe(auth);
    const opened = await other.unlock(accountOf(partner));
    expect(opened).toMatchObject({ generation: 1, epoch: 1, identity: partner.request.identity });
  });

  test("a wrong password does not", async () => {
    const other = createVault(memoryStore());
    const { salt, rounds } = partner.request.password;
    await other.passwordAuth(`${PASSWORD}!`, salt, rounds);
    await expect(other.unlock(accountOf(partner))).rejects.toMatchObject({ code: "unopened" });
  });

  test("fewer rounds are refused before anything is derived", async () => {
    const { salt } = partner.request.password;
    await expect(desk.passwordAuth(PASSWORD, salt, 599_999)).rejects.toMatchObject({ code: "weak" });
  });

  test("a recovery code leads to a new password and a new code", async () => {
    const other = createVault(memoryStore());
    const auth = await other.recoveryAuth(partner.recoveryCode.toLowerCase().replaceAll("-", " "));
    expect(auth).toBe(partner.request.recovery.auth);
    await other.openRecovery({
      agentId: partner.request.agentId,
      wrap: partner.request.recovery.wrap,
    });
    const password = await other.newPassword("another long phrase");
    expect((await other.newRecoveryCode()).code).not.toBe(partner.recoveryCode);
    await other.unlock({ ...accountOf(partner), wrap: password.wrap });

    const third = createVault(memoryStore());
    await third.passwordAuth("another long phrase", password.salt, password.rounds);
    await third.unlock({ ...accountOf(partner), wrap: password.wrap });
  });

  test("a reload resumes the desk, and signing out forgets it", async () => {
    const store = memoryStore();
    const first = createVault(store);
    const made = await newPartner(first);
    await first.setDraft("partner", "chat", "half a sentence");
    const reloaded = createVault(store);
    expect(await reloaded.resumeDesk()).toMatchObject({ partnerId: made.request.partnerId });
    await reloaded.signOut();
    expect(await reloaded.resumeDesk()).toBeNull();
    expect(await createVault(store).resumeDesk()).toBeNull();
    expect(await reloaded.draft("partner", "chat")).toBe("");
    await expect(reloaded.makeLink("chat", "")).rejects.toMatchObject({ code: "locked" });
  });

  test("a session that ends by itself leaves what was written to the same agent, and to nobody else", async () => {
    const store = memoryStore();
    const vault = createVault(store);
    const made = await newPartner(vault);
    const unlock = async () => {
      const { salt, rounds } = made.request.password;
      await vault.passwordAuth(PASSWORD, salt, rounds);
      await vault.unlock(accountOf(made));
    };
    await vault.updateKeyring(accountOf(made));
    await vault.setDraft("partner", "chat", "half a sentence");
    await vault.endSession();
    expect(await vault.resumeDesk()).toBeNull();
    await unlock();
    expect(await vault.draft("partner", "chat")).toBe("half a sentence");
    await expect(createVault(store).draft("partner", "chat"), "an open desk reads it").resolves.not.toBe("");
    await vault.endSession();
    await expect(vault.draft("partner", "chat")).rejects.toMatchObject({ code: "locked" });

    const other = await newPartner(vault);
    // Not before the server knows this agent: the set-up may still be refused.
    await expect(vault.draft("partner", "chat")).rejects.toMatchObject({ code: "unopened" });
    await vault.updateKeyring(accountOf(other));
    expect(await vault.draft("partner", "chat")).toBe("");
    await vault.setDraft("partner", "chat", "the other one's");
    await vault.endSession();
    await unlock();
    expect(await vault.draft("partner", "chat")).toBe("");
  });
});

describe("the keyring", () => {
  test("is renewed after thirty days, and an older one is refused from then on", async () => {
    const store = memoryStore();
    const vault = createVault(store);
    const made = await newPartner(vault);
    expect(await vault.renewInbox(NOW + 29 * DAY)).toBeNull();
    const proposal = await vault.renewInbox(NOW + 30 * DAY);
    expect(proposal).toMatchObject({ generation: 2, certificate: { epoch: 2 } });
    expect(await vault.resumeDesk()).toMatchObject({ generation: 1, epoch: 1 });
    expect(await vault.adoptKeyring(2)).toMatchObject({ generation: 2, epoch: 2 });

    const { generation, keyring } = made.request;
    await expect(vault.updateKeyring({ generation, keyring })).rejects.toMatchObject({
      code: "rollback",
    });
    const { salt, rounds } = made.request.password;
    await vault.signOut();
    await vault.passwordAuth(PASSWORD, salt, rounds);
    await expect(vault.unlock(accountOf(made))).rejects.toMatchObject({ code: "rollback" });
    const sealed = proposal?.copies[0]?.sealed ?? "";
    const desk: Desk = await vault.unlock({ ...accountOf(made), generation: 2, keyring: sealed });
    expect(desk.epoch).toBe(2);
  });

  test("gives up old epochs and keeps the newest", async () => {
    const vault = createVault(memoryStore());
    await newPartner(vault);
    await vault.renewInbox(NOW + 40 * DAY);
    await vault.adoptKeyring(2);
    const { generation } = await vault.retireEpochs([1, 2]);
    expect(await vault.adoptKeyring(generation)).toMatchObject({ generation: 3, epoch: 2 });
    const link = await vault.makeLink("chat", "");
    expect(link.epoch).toBe(2);
  });

  test("of another partner is refused", async () => {
    const other = createVault(memoryStore());
    const second = await other.createPartner({
      partnerId: partner.request.partnerId,
      agentId: partner.request.agentId,
      password: PASSWORD,
      now: NOW,
    });
    const third = createVault(memoryStore());
    const { salt, rounds } = partner.request.password;
    await third.passwordAuth(PASSWORD, salt, rounds);
    const swapped = { ...accountOf(partner), keyring: second.request.keyring };
    await expect(third.unlock(swapped)).rejects.toMatchObject({ code: "unopened" });
  });
});

test("an API key gets the identity as its third part", async () => {
  const { fingerprint } = (await desk.resumeDesk()) ?? { fingerprint: "" };
  const key = `wg_${"a".repeat(12)}.${"b".repeat(32)}`;
  expect(await desk.completeApiKey(key)).toBe(`${key}.${fingerprint}`);
  await expect(desk.completeApiKey("wg_short")).rejects.toMatchObject({ code: "malformed" });
});
