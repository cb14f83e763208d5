/** The worker in which the keys live: it answers the calls of one page. */
import type { ToPage, ToWorker } from "./bridge.ts";
import { CryptoFailure } from "./failure.ts";
import { indexedStore } from "./indexed.ts";
import { MemoryMedium } from "./memory.ts";
import { Store } from "./store.ts";
import type { Vault } from "./vaultApi.ts";
import { createVault } from "./vaultCore.ts";

const page: { postMessage(message: ToPage): void } = self;

let vault: Promise<Vault> | null = null;

self.onmessage = ({ data }: MessageEvent<ToWorker>) => {
  switch (data.kind) {
    case "start":
      vault = start(data.snapshot, data.session);
      // Each call is told of a fault; before the first one nobody asks.
      vault.catch(() => undefined);
      break;
    case "call":
      answer(data);
      break;
    default:
      data satisfies never;
  }
};

async function start(snapshot: string | null, session: boolean): Promise<Vault> {
  const indexed = await indexedStore();
  if (indexed) return createVault(indexed);
  const medium = new MemoryMedium(snapshot, (changed) =>
    page.postMessage({ kind: "keep", snapshot: changed }),
  );
  return createVault(new Store(medium, session ? "session" : "memory", null));
}

async function answer({ id, name, args }: Extract<ToWorker, { kind: "call" }>): Promise<void> {
  try {
    if (!vault) throw new CryptoFailure("unavailable", "not started");
    const call: (...args: never[]) => Promise<unknown> = (await vault)[name];
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
