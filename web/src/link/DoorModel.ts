/** The customer's door: what the link is, and the one tap that opens it. Nothing else redeems. */
import { signal } from "@preact/signals";
import type { Door } from "../api/wire.ts";
import { CryptoFailure } from "../crypto/failure.ts";
import type { KeyWorker, LinkOffer, Redemption } from "../crypto/keyWorkerApi.ts";
import { SEVERAL } from "./link.ts";
import { type DeadEnd, type Redeemed, type RedeemParts, redeem } from "./redeem.ts";

/** What the door shows. */
export type DoorState =
  | {
      readonly kind: "valid";
      /** Unix milliseconds. */
      readonly expiresAt: number | null;
      /** What the check said; null while it is going on, and the button waits for it. */
      readonly checked: "sealed" | "plain" | null;
      /** Whether this browser forgets the keys with the tab. */
      readonly fleeting: boolean;
    }
  | {
      readonly kind: "dead";
      readonly why: DeadEnd;
      /** The chat that this browser already holds through this very link. */
      readonly returnTo: string | null;
    };

/** How the tap goes. */
export type Start =
  | { readonly kind: "ready" }
  | { readonly kind: "busy" }
  | { readonly kind: "failed"; readonly fault: unknown };

/** The parts of a door. */
export interface DoorParts extends RedeemParts {
  readonly linkId: string;
  readonly fragment: string | null;
  readonly door: Door;
  readonly keyWorker: Pick<
    KeyWorker,
    | "keeping"
    | "checkLink"
    | "prepareRedemption"
    | "pendingRedemption"
    | "seatTaken"
    | "dropRedemption"
    | "heldSeats"
  >;
  /** Whether this browser keeps the cookie that the tap gives it: without, the link would be spent for nothing. */
  readonly keepsCookies: () => boolean;
  /** The record is stored: the fragment leaves the address bar. */
  readonly wipe: () => void;
  /** The chat is open. */
  readonly enter: (chatRef: string) => void;
}

/** One door. `open` it once. */
export class DoorModel {
  readonly state = signal<DoorState>(VALID);
  readonly start = signal<Start>({ kind: "ready" });
  readonly partner: string | null;
  readonly #parts: DoorParts;
  readonly #offer: LinkOffer;

  constructor(parts: DoorParts) {
    const { door, linkId, fragment } = parts;
    this.#parts = parts;
    this.partner = door.partnerName ?? null;
    this.#offer = { linkId, fragment: fragment === null ? "" : `#${fragment}`, door };
    this.state.value = firstState(parts);
  }

  /** Checks the link, and takes up what an earlier visit began. */
  async open(): Promise<void> {
    const { keyWorker, linkId } = this.#parts;
    const pending = await keyWorker.pendingRedemption(linkId).catch(() => null);
    if (pending) {
      await this.#resume(pending);
    } else if (this.state.value.kind === "valid") {
      await this.#check();
    } else {
      await this.#lookForSeat();
    }
  }

  /** The tap. A second one while the first goes on does nothing. */
  async tap(): Promise<void> {
    if (this.start.value.kind === "busy" || this.state.value.kind !== "valid") return;
    this.start.value = { kind: "busy" };
    const redemption = await this.#prepare();
    if (!redemption) return;
    this.#parts.wipe();
    this.#settle(await redeem(this.#parts, redemption));
  }

  async #prepare(): Promise<Redemption | null> {
    try {
      return await this.#parts.keyWorker.prepareRedemption(this.#offer, this.#seconds());
    } catch (error) {
      this.#die(refusalOf(error));
      return null;
    }
  }

  async #check(): Promise<void> {
    const { keyWorker, door } = this.#parts;
    try {
      const [{ kind }, keeping] = await Promise.all([
        keyWorker.checkLink(this.#offer, this.#seconds()),
        keyWorker.keeping(),
      ]);
      const fleeting = keeping === "memory" || keeping === "session";
      this.state.value = { kind: "valid", expiresAt: expiryOf(door), checked: kind, fleeting };
    } catch (error) {
      this.#die(refusalOf(error));
    }
  }

  // The tap was made before a reload or a lost connection: its answer is still owed.
  async #resume(pending: Redemption): Promise<void> {
    this.state.value = {
      kind: "valid",
      expiresAt: expiryOf(this.#parts.door),
      checked: pending.kind,
      fleeting: false,
    };
    this.start.value = { kind: "busy" };
    this.#parts.wipe();
    this.#settle(await redeem(this.#parts, pending));
  }

  async #lookForSeat(): Promise<void> {
    const state = this.state.value;
    if (state.kind !== "dead" || state.why !== "used") return;
    const seats = await this.#parts.keyWorker.heldSeats().catch(() => []);
    const held = seats.find(({ body }) => body.linkId === this.#parts.linkId);
    if (held) this.state.value = { ...state, returnTo: held.chatRef };
  }

  #settle(redeemed: Redeemed): void {
    switch (redeemed.kind) {
      case "entered":
        this.#parts.enter(redeemed.chatRef);
        return;
      case "dead":
        this.#die(redeemed.why);
        // Another tab of this browser may have been faster.
        void this.#lookForSeat();
        return;
      case "failed":
        this.start.value = redeemed;
        return;
      default:
        redeemed satisfies never;
    }
  }

  #die(why: DeadEnd): void {
    this.start.value = { kind: "ready" };
    this.state.value = deadState(why);
  }

  #seconds(): number {
    return Math.floor(this.#parts.now() / 1000);
  }
}

const VALID = { kind: "valid", expiresAt: null, checked: null, fleeting: false } as const;

function firstState({ door, fragment, keepsCookies }: DoorParts): DoorState {
  if (door.state !== "valid") return deadState(door.state);
  if (fragment === null) return deadState("incomplete");
  if (fragment === SEVERAL) return deadState("mismatch");
  if (!keepsCookies()) return deadState("cookies");
  return { ...VALID, expiresAt: expiryOf(door) };
}

function deadState(why: DeadEnd): DoorState {
  return { kind: "dead", why, returnTo: null };
}

function expiryOf(door: Door): number | null {
  return door.expiresAt ? Date.parse(door.expiresAt) : null;
}

// A fragment that does not even parse was cut on the way; one that does not fit is somebody's lie.
function refusalOf(error: unknown): DeadEnd {
  const code = error instanceof CryptoFailure ? error.code : "unavailable";
  if (code === "malformed") return "incomplete";
  if (code === "not_loaded") return code;
  return code === "unavailable" ? "unable" : "mismatch";
}
