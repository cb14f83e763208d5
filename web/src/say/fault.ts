/** What went wrong, in words for a person. */
import { Problem } from "../api/problem.ts";
import { CryptoFailure } from "../crypto/failure.ts";
import { say } from "./say.ts";

/** One sentence about anything that was thrown. */
export function faultWords(thrown: unknown): string {
  if (isTooLong(thrown)) return say("composer.too_long");
  if (!(thrown instanceof Problem)) return say("fault.unexpected");
  if (thrown.refusal) return thrown.refusal.error;
  return say(thrown.passing ? "fault.network" : "fault.unexpected");
}

/** Whether it is about a message that no way carries: to try it again is of no use. */
export function isTooLong(thrown: unknown): boolean {
  return thrown instanceof Problem
    ? thrown.status === 413
    : thrown instanceof CryptoFailure && thrown.code === "too_long";
}
