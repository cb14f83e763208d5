/** A page that shows the vault to the tests, and does nothing else. */
import { freshId } from "../../src/crypto/cid.ts";
import workerUrl from "../../src/crypto/desk.worker.ts?worker&url";
import { askPersistence, openVault } from "../../src/crypto/keyWorker.ts";
import type { Vault } from "../../src/crypto/keyWorkerApi.ts";

/** What the tests find on the window. */
export interface VaultPage {
  readonly vault: Vault;
  readonly freshId: typeof freshId;
  readonly askPersistence: typeof askPersistence;
}

const shown: VaultPage = { vault: openVault(workerUrl), freshId, askPersistence };
Object.assign(window, shown);
