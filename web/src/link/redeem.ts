/** The one POST that redeems, and what its answer means. The body is never rebuilt, so it may be sent again and again. */
import type { Api } from "../api/api.ts";
import { Problem } from "../api/problem.ts";
import type { KeyWorker, RedemptionBody } from "../crypto/keyWorkerApi.ts";

/** Why a link or a chat does not open. */
export type DeadEnd =
  | "used"
  | "expired"
  | "revoked"
  | "not_found"
  | "incomplete"
  | "mismatch"
  | "unable"
  | "not_loaded"
  | "cookies"
  | "superseded"
  | "chat_ended";

/** What came of it. */
export type Redeemed =
  | { readonly kind: "entered"; readonly chatRef: string }
  /** For good: the record is dropped. */
  | { readonly kind: "dead"; readonly why: DeadEnd }
  /** Not now; the same link still works. */
  | { readonly kind: "failed"; readonly fault: unknown };

/** The parts that redeeming needs. */
export interface RedeemParts {
  readonly api: Pick<Api, "call">;
  readonly keyWorker: Pick<KeyWorker, "seatTaken" | "dropRedemption">;
  /** Unix milliseconds. */
  readonly now: () => number;
}

/** Posts a stored redemption. `chatRef` is the chat that the link itself vouches for. */
export async function redeem(
  { api, keyWorker, now }: RedeemParts,
  { chatRef, body }: { readonly chatRef: string; readonly body: RedemptionBody },
): Promise<Redeemed> {
  try {
    const asked = { ...body, credential: "cookie" } as const;
    const given = await api.call("POST /api/validate-secure-link", { body: asked });
    const { seat, firstSeq } = given;
    await keyWorker.seatTaken(body.linkId, { seat, firstSeq, takenAt: Math.floor(now() / 1000) });
    return { kind: "entered", chatRef };
  } catch (fault) {
    const why = deadEndOf(Problem.of(fault));
    if (why) await keyWorker.dropRedemption(body.linkId).catch(() => {});
    return why ? { kind: "dead", why } : { kind: "failed", fault };
  }
}

/** The dead end that a refusal means; null when the same link still works. */
export function deadEndOf({ code, refusal }: Problem): DeadEnd | null {
  switch (code) {
    case "link_used":
      return refusal?.seatClosed ?? "used";
    case "link_expired":
      return "expired";
    case "link_revoked":
      return "revoked";
    case "link_not_found":
      return "not_found";
    case "chat_ended":
      return "chat_ended";
    case "proof_required":
      return "incomplete";
    case "handshake_mismatch":
      return "used";
    default:
      return null;
  }
}
