/** What the page and the worker say to each other. */
import type { FailureCode } from "./failure.ts";
import type { KeyWorker } from "./keyWorkerApi.ts";

/** The name of a call. */
export type CallName = keyof KeyWorker;

/** From the page: what it kept for the worker (null where this tab keeps nothing), then calls. */
export type ToWorker =
  | { readonly kind: "start"; readonly snapshot: string | null; readonly session: boolean }
  | {
      readonly kind: "call";
      readonly id: number;
      readonly name: CallName;
      readonly args: readonly unknown[];
    };

/** From the worker: a snapshot to keep in this tab, and the answers to calls. */
export type ToPage =
  | { readonly kind: "keep"; readonly snapshot: string }
  | { readonly kind: "done"; readonly id: number; readonly value: unknown }
  | { readonly kind: "failed"; readonly id: number; readonly code: FailureCode; readonly message: string };
