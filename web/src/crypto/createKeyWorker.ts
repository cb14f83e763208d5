/** The key worker with both halves: in the desk's worker for the page, in the test's own thread for tests. */

import { DeskKeys } from "./deskKeys.ts";
import { DeskLinks } from "./deskLinks.ts";
import type { KeyWorker } from "./keyWorkerApi.ts";
import { keyWorkerCalls, systemRandom } from "./keyWorkerCalls.ts";
import type { Random } from "./seatBook.ts";
import type { Store } from "./store.ts";

/** The calls over a store, drawing their randomness from `random`. */
export function createKeyWorker(store: Store, random: Random = systemRandom): KeyWorker {
  const keys = new DeskKeys(store, random);
  const half = { keys, links: new DeskLinks(keys, random) };
  return keyWorkerCalls(store, () => half, random);
}
