/** The words of the desk, which the customer's page never loads, and faults as the desk says them. */
import { CookiesBlocked } from "../api/cookies.ts";
import { CryptoFailure, type FailureCode } from "../crypto/failure.ts";
import english from "./desk.en.json";
import { faultWords as sharedFaultWords } from "./fault.ts";
import { type Sayings, sayings } from "./say.ts";

/** The keys of the desk's words. */
export type DeskKey = keyof typeof english;

/** Says what only the desk says. */
export const sayDesk: Sayings<DeskKey> = sayings(english);

const CRYPTO: Partial<Record<FailureCode, DeskKey>> = {
  identity: "fault.crypto.identity",
  rollback: "fault.crypto.rollback",
  weak: "fault.crypto.weak",
  too_long: "fault.crypto.too_long",
  unavailable: "fault.crypto.unavailable",
};

/** One sentence about what went wrong. */
export function faultWords(fault: unknown): string {
  if (fault instanceof CryptoFailure) return sayDesk(CRYPTO[fault.code] ?? "fault.crypto");
  if (fault instanceof CookiesBlocked) return sayDesk("fault.cookies");
  return sharedFaultWords(fault);
}
