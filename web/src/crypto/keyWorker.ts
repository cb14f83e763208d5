/** The page's side of the key worker: starts it and hands calls to it. No key is ever on this side. */
import type { CallName, ToPage, ToWorker } from "./bridge.ts";
import { CryptoFailure, type FailureCode } from "./failure.ts";
import type { Keeping, KeyWorker } from "./keyWorkerApi.ts";
import { trustedWorkerUrl } from "./trusted.ts";

const SNAPSHOT = "wicketgate";

/** Starts the key worker. Never throws: while it cannot start, each call rejects with `unavailable`. */
export function startKeyWorker(workerUrl: string): KeyWorker {
  const remote = new RemoteKeyWorker(workerUrl);
  // Every call of `KeyWorker` is handed on by its name: the type is what keeps both sides equal.
  const keyWorker = new Proxy({} as KeyWorker, {
    get: (_, name) =>
      typeof name === "string" && name !== "then"
        ? (...args: unknown[]) => remote.call(name as CallName, args)
        : undefined,
  });
  return keyWorker;
}

/** Asks the browser not to throw the keys away when space is short. */
export async function askPersistence(): Promise<boolean> {
  try {
    return (await navigator.storage.persisted()) || (await navigator.storage.persist());
  } catch {
    return false;
  }
}

interface Waiting {
  resolve(value: unknown): void;
  reject(reason: CryptoFailure): void;
}

class RemoteKeyWorker {
  readonly #workerUrl: string;
  readonly #waiting = new Map<number, Waiting>();
  #worker: Worker | null = null;
  #kept = true;
  #calls = 0;

  constructor(workerUrl: string) {
    this.#workerUrl = workerUrl;
    this.#start();
  }

  /** Asks the worker. One that is lost, or never came, is started anew: the network may be better by now. */
  call(name: CallName, args: readonly unknown[]): Promise<unknown> {
    if (!this.#worker) this.#start();
    return new Promise((resolve, reject) => {
      if (!this.#worker) return reject(new CryptoFailure("unavailable"));
      this.#calls += 1;
      const id = this.#calls;
      const settle = name === "keeping" ? (value: unknown) => resolve(this.#keeping(value)) : resolve;
      this.#waiting.set(id, { resolve: settle, reject });
      this.#post({ kind: "call", id, name, args });
    });
  }

  #receive(message: ToPage): void {
    switch (message.kind) {
      case "keep":
        this.#kept = keepInTab(message.snapshot);
        break;
      case "done":
        this.#take(message.id)?.resolve(message.value);
        break;
      case "failed":
        this.#take(message.id)?.reject(new CryptoFailure(message.code, message.message));
        break;
      default:
        message satisfies never;
    }
  }

  #take(id: number): Waiting | undefined {
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    return waiting;
  }

  #start(): void {
    try {
      // A browser that knows no modules in workers never asks for the type, and chokes on the file.
      let knows = false;
      const options: WorkerOptions = {
        get type() {
          knows = true;
          return "module" as const;
        },
      };
      const worker = new Worker(trustedWorkerUrl(this.#workerUrl), options);
      worker.onmessage = ({ data }: MessageEvent<ToPage>) => this.#receive(data);
      worker.onerror = () => this.#lose(worker, knows ? "not_loaded" : "unavailable");
      this.#worker = worker;
      this.#post({ kind: "start", ...snapshotOfTab() });
    } catch {
      this.#worker = null;
    }
  }

  #lose(worker: Worker, code: FailureCode): void {
    worker.terminate();
    if (worker !== this.#worker) return;
    this.#worker = null;
    const lost = new CryptoFailure(code);
    for (const { reject } of this.#waiting.values()) reject(lost);
    this.#waiting.clear();
  }

  #post(message: ToWorker): void {
    this.#worker?.postMessage(message);
  }

  // The worker cannot know whether the tab really kept what it was given.
  #keeping(value: unknown): Keeping {
    const keeping = value as Keeping;
    return keeping === "session" && !this.#kept ? "memory" : keeping;
  }
}

function snapshotOfTab(): { snapshot: string | null; session: boolean } {
  try {
    const probe = `${SNAPSHOT} probe`;
    sessionStorage.setItem(probe, "1");
    const session = sessionStorage.getItem(probe) === "1";
    sessionStorage.removeItem(probe);
    return { snapshot: sessionStorage.getItem(SNAPSHOT), session };
  } catch {
    return { snapshot: null, session: false };
  }
}

function keepInTab(snapshot: string): boolean {
  try {
    sessionStorage.setItem(SNAPSHOT, snapshot);
    return sessionStorage.getItem(SNAPSHOT) === snapshot;
  } catch {
    return false;
  }
}
