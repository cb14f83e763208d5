/** The whole vault: in the desk's worker for the page, in the test's own thread for tests. */

import { DeskVault } from "./deskKeys.ts";
import { DeskLinks } from "./deskLinks.ts";
import type { Vault } from "./keyWorkerApi.ts";
import { systemRandom, vaultOver } from "./keyWorkerCalls.ts";
import type { Random } from "./seatBook.ts";
import type { Store } from "./store.ts";

/** A vault over a store, drawing its randomness from `random`. */
export function createVault(store: Store, random: Random = systemRandom): Vault {
  const keys = new DeskVault(store, random);
  const half = { keys, links: new DeskLinks(keys, random) };
  return vaultOver(store, () => half, random);
}
