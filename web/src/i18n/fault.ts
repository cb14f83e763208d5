/** What went wrong, in a sentence for a person. */
import { Problem } from "../api/problem.ts";
import { CryptoFailure } from "../crypto/failure.ts";
import { t } from "./t.ts";

/** One sentence about anything that was thrown. */
export function faultText(thrown: unknown): string {
  if (isTooLong(thrown)) return t("composer.too_long");
  if (!(thrown instanceof Problem)) return t("fault.unexpected");
  // The server's sentences are for programs, and in English.
  if (thrown.refusal?.code === "too_many_requests") return t("fault.busy");
  if (thrown.passing) return t("fault.network");
  return t(thrown.refusal ? "fault.refused" : "fault.unexpected");
}

/** Whether it is about a message that no way carries: to try it again is of no use. */
export function isTooLong(thrown: unknown): boolean {
  return thrown instanceof Problem
    ? thrown.status === 413
    : thrown instanceof CryptoFailure && thrown.code === "too_long";
}
