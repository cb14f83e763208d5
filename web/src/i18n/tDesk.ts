/** The words of the desk, which the customer's page never loads, and faults as the desk says them. */
import { CookiesBlocked } from "../api/cookies.ts";
import { Problem } from "../api/problem.ts";
import type { Code } from "../api/wire.ts";
import { CryptoFailure, type FailureCode } from "../crypto/failure.ts";
import english from "./catalogues/en/desk.json";
import { faultWords as sharedFaultWords } from "./fault.ts";
import { type Sayings, sayings } from "./t.ts";
import { saySeldom } from "./tSeldom.ts";

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

/** Refusals that need words of their own; the server's sentences are for programs, and in English. */
const REFUSALS: Partial<Record<Code, DeskKey>> = {
  email_taken: "fault.email_taken",
  internal: "fault.unavailable",
  link_expired: "fault.link_over",
  link_no_longer_valid: "fault.link_over",
  link_not_found: "fault.gone",
  link_revoked: "fault.link_over",
  link_used: "fault.link_over",
  not_found: "fault.gone",
  setup_closed: "fault.setup_closed",
  too_large: "fault.too_large",
  too_many_keys: "fault.too_many_keys",
  too_slow: "fault.unavailable",
  unauthenticated: "fault.signed_out",
  unavailable: "fault.unavailable",
  wrong_credentials: "signin.wrong",
  wrong_origin: "fault.wrong_origin",
};

/** One sentence about what went wrong. */
export function faultWords(fault: unknown): string {
  if (fault instanceof CryptoFailure && fault.code !== "not_loaded")
    return sayDesk(CRYPTO[fault.code] ?? "fault.crypto");
  if (fault instanceof CookiesBlocked) return sayDesk("fault.cookies");
  if (!(fault instanceof Problem && fault.refusal)) return sharedFaultWords(fault);
  if (fault.refusal.code === "chat_ended") return saySeldom("chat.ended");
  const own = REFUSALS[fault.refusal.code];
  return own ? sayDesk(own) : sharedFaultWords(fault);
}
