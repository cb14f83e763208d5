/** What went wrong, in a sentence for an agent. */
import { CookiesBlocked } from "../api/cookies.ts";
import { Problem } from "../api/problem.ts";
import type { Code } from "../api/wire.ts";
import { CryptoFailure, type FailureCode } from "../crypto/failure.ts";
import { faultText as sharedFaultText } from "./fault.ts";
import { type DeskTextKey, tDesk } from "./tDesk.ts";
import { tSeldom } from "./tSeldom.ts";

const CRYPTO: Partial<Record<FailureCode, DeskTextKey>> = {
  identity: "fault.crypto.identity",
  rollback: "fault.crypto.rollback",
  weak: "fault.crypto.weak",
  too_long: "fault.crypto.too_long",
  unavailable: "fault.crypto.unavailable",
};

/** Refusals that need a text of their own; the server's sentences are for programs, and in English. */
const REFUSALS: Partial<Record<Code, DeskTextKey>> = {
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
export function faultText(fault: unknown): string {
  if (fault instanceof CryptoFailure && fault.code !== "not_loaded")
    return tDesk(CRYPTO[fault.code] ?? "fault.crypto");
  if (fault instanceof CookiesBlocked) return tDesk("fault.cookies");
  if (!(fault instanceof Problem && fault.refusal)) return sharedFaultText(fault);
  if (fault.refusal.code === "chat_ended") return tSeldom("chat.ended");
  const own = REFUSALS[fault.refusal.code];
  return own ? tDesk(own) : sharedFaultText(fault);
}
