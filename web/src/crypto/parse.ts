/** Reads foreign JSON values: each function returns a typed value or refuses. */
import { CryptoFailure } from "./failure.ts";

/** An object whose fields are still unknown. */
export function record(value: unknown): Readonly<Record<string, unknown>> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new CryptoFailure("malformed", "not an object");
  }
  return value as Readonly<Record<string, unknown>>;
}

/** A text. */
export function text(value: unknown): string {
  if (typeof value !== "string") throw new CryptoFailure("malformed", "not a text");
  return value;
}

/** A whole number from 0 to `limit`. */
export function count(value: unknown, limit: number = Number.MAX_SAFE_INTEGER): number {
  if (typeof value !== "number" || !Number.isSafeInteger(value) || value < 0 || value > limit) {
    throw new CryptoFailure("malformed", "not a whole number in range");
  }
  return value;
}

/** A list. */
export function list(value: unknown): readonly unknown[] {
  if (!Array.isArray(value)) throw new CryptoFailure("malformed", "not a list");
  return value;
}

/** The value parsed, or null when it is null or absent. */
export function optional<Value>(value: unknown, parse: (value: unknown) => Value): Value | null {
  return value === null || value === undefined ? null : parse(value);
}

/** JSON text as an unknown value. */
export function json(source: string): unknown {
  try {
    return JSON.parse(source);
  } catch {
    throw new CryptoFailure("malformed", "not JSON");
  }
}
