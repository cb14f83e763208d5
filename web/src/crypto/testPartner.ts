/** A partner for the tests of the vault. */
import { freshId } from "./cid.ts";
import type { NewPartner, Vault } from "./keyWorkerApi.ts";

export const NOW = 1_800_000_000;
export const DAY = 86_400;
export const PASSWORD = "wide green doors";

/** A partner that is set up in this vault just now. */
export function newPartner(vault: Vault): Promise<NewPartner> {
  return vault.createPartner({ partnerId: freshId(), agentId: freshId(), password: PASSWORD, now: NOW });
}
