/** The customer's page: at the door, on the way in, in the chat, or at the end of a way. */
import { effect, signal } from "@preact/signals";
import { Api } from "../api/api.ts";
import { keepsCookies } from "../api/cookies.ts";
import { Line } from "../api/line.ts";
import type { Door, SeatView } from "../api/wire.ts";
import { ChatModel } from "../chat/ChatModel.ts";
import { ownSeat } from "../chat/seats.ts";
import type { HeldSeat, KeyWorker } from "../crypto/keyWorkerApi.ts";
import { DoorModel } from "../link/DoorModel.ts";
import { chatPath, doorPath } from "../link/link.ts";
import type { DeadEnd } from "../link/redeem.ts";
import type { AlertSubject } from "../ui/alerts.ts";
import type { Notice } from "../ui/notice.ts";
import { enterChat, type Keyless, type Wish } from "./enter.ts";

/** A chat that is open, and what the page says around it. */
export interface OpenChat {
  readonly model: ChatModel;
  readonly line: Line;
  readonly partner: string;
  readonly verified: boolean;
  /** Whether an earlier customer browser had this chat. */
  readonly isLater: boolean;
  readonly fleeting: boolean;
  readonly safetyWords: () => Promise<readonly string[]>;
}

/** What the page shows. */
export type Screen =
  | { readonly kind: "loading" }
  | { readonly kind: "door"; readonly door: DoorModel }
  | { readonly kind: "chat"; readonly chat: OpenChat }
  | Keyless
  | { readonly kind: "elsewhere" }
  | { readonly kind: "dead"; readonly why: DeadEnd }
  | { readonly kind: "failed"; readonly fault: unknown; readonly chatRef: string };

/** What the page gives. */
export interface CustomerParts {
  readonly keyWorker: KeyWorker;
  readonly notice: Notice;
  readonly origin: string;
  /** Replaces the address without loading anything. */
  readonly replaceAddress: (path: string) => void;
  readonly askPersistence: () => void;
  /** Unix milliseconds. */
  readonly now: () => number;
}

/** One page. */
export class CustomerModel {
  readonly screen = signal<Screen>({ kind: "loading" });
  readonly #parts: CustomerParts;
  readonly api: Api;
  #entering: Promise<void> | null = null;

  constructor(parts: CustomerParts) {
    this.#parts = parts;
    this.api = new Api(parts.origin);
  }

  /** Whether the page stands before something that opens no more. */
  get dead(): boolean {
    const screen = this.screen.peek();
    return screen.kind === "door" && screen.door.state.peek().kind === "dead";
  }

  /** Who writes here, for a notification: whoever presses it is where they want to be. */
  get alertSubject(): AlertSubject | null {
    const screen = this.screen.peek();
    return screen.kind === "chat" ? { name: screen.chat.partner, show: () => {} } : null;
  }

  /** Stands at a link's door. */
  async atDoor(linkId: string, fragment: string | null, known: Door | null): Promise<void> {
    const { keyWorker, now, replaceAddress, askPersistence } = this.#parts;
    const door = known ?? (await this.#askDoor(linkId));
    const model = new DoorModel({
      linkId,
      fragment,
      door,
      keyWorker,
      api: this.api,
      now,
      keepsCookies,
      wipe: () => replaceAddress(doorPath(linkId, null)),
      enter: (chatRef) => {
        askPersistence();
        void this.enter(chatRef);
      },
    });
    this.screen.value = { kind: "door", door: model };
    await model.open();
  }

  /** Goes into a chat; once, however often it is asked for meanwhile. */
  async enter(chatRef: string): Promise<void> {
    this.#entering ??= this.#enter(chatRef).finally(() => {
      this.#entering = null;
    });
    return this.#entering;
  }

  async #enter(chatRef: string): Promise<void> {
    const { replaceAddress, keyWorker, now } = this.#parts;
    replaceAddress(chatPath(chatRef));
    const entered = await enterChat({ api: this.api, keyWorker, now }, chatRef);
    if (entered.kind === "open") await this.#open(entered.held, entered.view);
    else if (entered.kind === "failed") this.screen.value = { ...entered, chatRef };
    else this.screen.value = entered;
  }

  /** Shows how far this browser's wish for a new link has come. */
  wishes(screen: Keyless, wish: Wish): void {
    this.screen.value = { ...screen, wish };
  }

  async #askDoor(linkId: string): Promise<Door> {
    return this.api.call("POST /api/links/door", { body: { linkId } }).catch(() => ({ state: "not_found" }));
  }

  async #open(held: HeldSeat, view: SeatView): Promise<void> {
    const { keyWorker, notice, origin, now } = this.#parts;
    const { chatRef, seat } = held;
    const line = new Line(this.api, origin, "customer", chatRef);
    const model = new ChatModel({
      side: "customer",
      chatRef,
      api: this.api,
      line,
      keyWorker,
      seats: ownSeat(seat),
      notice,
      firstSeq: held.firstSeq,
      read: view.seat.customer.read,
      theirs: new Map([[seat, view.partner]]),
      online: view.online,
      closed: view.seat.closed ?? (view.endedAt ? "chat_ended" : null),
      endedBy: view.endedBy ?? null,
      now,
    });
    const keeping = await keyWorker.keeping();
    this.screen.value = {
      kind: "chat",
      chat: {
        model,
        line,
        partner: view.partnerName,
        verified: held.kind === "sealed",
        isLater: seat > 1,
        fleeting: keeping === "memory",
        safetyWords: () => keyWorker.safetyWords({ as: "customer", chatRef, seat }),
      },
    };
    if (!model.closed.value) line.start();
    // A server says of a closed chat only that it is closed, and hangs up: no use in asking again.
    effect(() => {
      if (model.closed.value) line.stop();
    });
    await model.start();
  }
}
