/** A page that shows the key worker to the tests, and does nothing else. */
import { freshId } from "../../src/crypto/cid.ts";
import workerUrl from "../../src/crypto/desk.worker.ts?worker&url";
import { askPersistence, startKeyWorker } from "../../src/crypto/keyWorker.ts";
import type { KeyWorker } from "../../src/crypto/keyWorkerApi.ts";

/** What the tests find on the window. */
export interface KeyWorkerPage {
  readonly keyWorker: KeyWorker;
  readonly freshId: typeof freshId;
  readonly askPersistence: typeof askPersistence;
}

const shown: KeyWorkerPage = { keyWorker: startKeyWorker(workerUrl), freshId, askPersistence };
Object.assign(window, shown);
