/** The worker's side of the bridge, whichever worker it is: it answers the calls of one page. */
import type { ToPage, ToWorker } from "./bridge.ts";
import { CryptoFailure } from "./failure.ts";
import { indexedStore } from "./indexed.ts";
import type { KeyWorker } from "./keyWorkerApi.ts";
import { MemoryMedium } from "./memory.ts";
import { Store } from "./store.ts";

const page: { postMessage(message: ToPage): void } = self;

/** Answers with the calls that `create` makes over the store of this browser. */
export function serve(create: (store: Store) => KeyWorker): void {
  let keyWorker: Promise<KeyWorker> | null = null;
  self.onmessage = ({ data }: MessageEvent<ToWorker>) => {
    switch (data.kind) {
      case "start":
        keyWorker = openStore(data.snapshot, data.session).then(create);
        // Each call is told of a fault; before the first one nobody asks.
        keyWorker.catch(() => undefined);
        break;
      case "call":
        answer(keyWorker, data);
        break;
      default:
        data satisfies never;
    }
  };
}

async function openStore(snapshot: string | null, session: boolean): Promise<Store> {
  const indexed = await indexedStore();
  if (indexed) return indexed;
  const medium = new MemoryMedium(snapshot, (changed) =>
    page.postMessage({ kind: "keep", snapshot: changed }),
  );
  return new Store(medium, session ? "session" : "memory", null);
}

async function answer(
  keyWorker: Promise<KeyWorker> | null,
  { id, name, args }: Extract<ToWorker, { kind: "call" }>,
): Promise<void> {
  try {
    if (!keyWorker) throw new CryptoFailure("unavailable", "not started");
    const call: (...args: never[]) => Promise<unknown> = (await keyWorker)[name];
    page.postMessage({ kind: "done", id, value: await call(...(args as never[])) });
  } catch (error) {
    const { code, message } =
      error instanceof CryptoFailure ? error : new CryptoFailure("unavailable", describe(error));
    page.postMessage({ kind: "failed", id, code, message });
  }
}

// The name of an unforeseen error says where to look; its message could quote what it choked on.
function describe(error: unknown): string {
  return error instanceof Error ? error.name : "unknown";
}
