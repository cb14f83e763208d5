/** The one error of the wire: a network fault, which is worth waiting out, or a refusal, which has its reason. */
import type { Code, Refusal } from "./wire.ts";

/** What something before the server says of a request that it will never let through: it has no reason in our words. */
const NEVER = [400, 413, 415, 422];

/** Codes that say "not now" rather than "no". */
const PASSING: readonly Code[] = ["unavailable", "too_many_requests", "internal", "too_slow"];

/** Thrown by every call of `api.ts` and of the line. */
export class Problem extends Error {
  /** What the server said; null when nothing came back, or nothing that makes sense. */
  readonly refusal: Refusal | null;
  /** The HTTP status, 0 when there was no answer. */
  readonly status: number;

  constructor(refusal: Refusal | null, status: number) {
    super(refusal?.error ?? "no answer");
    this.name = "Problem";
    this.refusal = refusal;
    this.status = status;
  }

  /** The kind of refusal, or `network`. */
  get code(): Code | "network" {
    return this.refusal?.code ?? "network";
  }

  /** Whether the same call may succeed later without anybody changing anything. */
  get passing(): boolean {
    return this.refusal ? PASSING.includes(this.refusal.code) : !NEVER.includes(this.status);
  }

  /** Milliseconds that the server wants to be left alone for; 0 when it did not say. */
  get retryAfter(): number {
    return (this.refusal?.retryAfter ?? 0) * 1000;
  }

  /** What was thrown, as a problem; anything else counts as a network fault. */
  static of(thrown: unknown): Problem {
    return thrown instanceof Problem ? thrown : new Problem(null, 0);
  }
}

/** Whether waiting may help. A fault of the page itself stays. */
export function isPassing(fault: unknown): fault is Problem {
  return fault instanceof Problem && fault.passing;
}

/** Reads a refusal, or null when it is none: a proxy's page, say. */
export function parseRefusal(value: unknown): Refusal | null {
  if (typeof value !== "object" || value === null) return null;
  const { code, error, status } = value as Partial<Record<string, unknown>>;
  const fits = typeof code === "string" && typeof error === "string" && typeof status === "number";
  return fits ? (value as Refusal) : null;
}
