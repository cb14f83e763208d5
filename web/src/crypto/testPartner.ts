/** A partner for the tests of the key worker. */
import { freshId } from "./cid.ts";
import type { KeyWorker, NewPartner } from "./keyWorkerApi.ts";

export const NOW = 1_800_000_000;
export const DAY = 86_400;
export const PASSWORD = "wide green doors";

/** A partner that is set up in this key worker just now. */
export function newPartner(keyWorker: KeyWorker): Promise<NewPartner> {
  return keyWorker.createPartner({ partnerId: freshId(), agentId: freshId(), password: PASSWORD, now: NOW });
}
