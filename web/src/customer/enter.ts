/** Coming into a chat: the key from this browser, the right from its cookie, and either brought back from the other. */
import type { Api } from "../api/api.ts";
import { Problem } from "../api/problem.ts";
import type { SeatView } from "../api/wire.ts";
import type { HeldSeat, KeyWorker } from "../crypto/keyWorkerApi.ts";
import { type DeadEnd, redeem } from "../link/redeem.ts";

/** The right is there, the key is not. */
export interface Keyless {
  readonly kind: "keyless";
  readonly chatRef: string;
  readonly partner: string;
  readonly wish: Wish;
}

/** How far this browser's wish for a new link has come. */
export type Wish =
  | { readonly kind: "none" | "busy" | "made" }
  | { readonly kind: "failed"; readonly problem: Problem };

/** What came of it. */
export type Entered =
  | { readonly kind: "open"; readonly held: HeldSeat; readonly view: SeatView }
  | Keyless
  /** Neither is in this browser. */
  | { readonly kind: "elsewhere" }
  | { readonly kind: "dead"; readonly why: DeadEnd }
  | { readonly kind: "failed"; readonly fault: unknown };

/** The parts that entering needs. */
export interface EnterParts {
  readonly api: Pick<Api, "call">;
  readonly keyWorker: Pick<KeyWorker, "heldSeat" | "pendingRedemptions" | "seatTaken" | "dropRedemption">;
  readonly now: () => number;
}

/** Enters a chat by its name. */
export async function enterChat(parts: EnterParts, chatRef: string): Promise<Entered> {
  try {
    const held = await parts.keyWorker.heldSeat(chatRef);
    return held ? await enterHeld(parts, held) : await enterPending(parts, chatRef);
  } catch (fault) {
    return { kind: "failed", fault };
  }
}

async function enterHeld(parts: EnterParts, held: HeldSeat): Promise<Entered> {
  const view = await viewOf(parts, held.chatRef);
  if (view) return { kind: "open", held, view };
  // The cookie is gone, but the same claim gets a fresh one.
  const again = await redeem(parts, held);
  if (again.kind !== "entered") return again;
  const fresh = await viewOf(parts, held.chatRef);
  return fresh ? { kind: "open", held, view: fresh } : { kind: "elsewhere" };
}

async function enterPending(parts: EnterParts, chatRef: string): Promise<Entered> {
  const pending = (await parts.keyWorker.pendingRedemptions()).find((record) => record.chatRef === chatRef);
  if (pending) {
    const redeemed = await redeem(parts, pending);
    if (redeemed.kind !== "entered") return redeemed;
    const held = await parts.keyWorker.heldSeat(chatRef);
    if (held) return enterHeld(parts, held);
  }
  const view = await viewOf(parts, chatRef);
  if (!view) return { kind: "elsewhere" };
  const { partnerName: partner, seat } = view;
  if (seat.closed) return { kind: "dead", why: seat.closed };
  return { kind: "keyless", chatRef, partner, wish: { kind: seat.askedAt ? "made" : "none" } };
}

async function viewOf({ api }: EnterParts, chatRef: string): Promise<SeatView | null> {
  try {
    return await api.call("GET /api/chats/{chatRef}/seat", { path: { chatRef } });
  } catch (thrown) {
    const problem = Problem.of(thrown);
    if (problem.code === "unauthenticated" || problem.code === "not_found") return null;
    throw problem;
  }
}
