/** One chat on the desk: found by its address, then a thread. */
import { type Signal, signal } from "@preact/signals";
import type { ChatLine } from "../../api/line.ts";
import type { ChatRow } from "../../api/wire.ts";
import { ChatModel } from "../../chat/ChatModel.ts";
import { Question } from "../../chat/question.ts";
import { PartnerSeats } from "../../chat/seats.ts";
import type { KeyWorker } from "../../crypto/keyWorkerApi.ts";
import type { Notice } from "../../ui/notice.ts";
import type { InboxModel } from "../inbox/InboxModel.ts";
import type { DeskApi } from "../shell/deskApi.ts";
import type { Opener } from "../shell/freshKeyring.ts";
import type { Outboxes } from "./Outboxes.ts";

export type DeskChatState =
  | { readonly kind: "loading" }
  | { readonly kind: "missing" }
  | { readonly kind: "failed"; readonly fault: unknown }
  | { readonly kind: "open"; readonly model: ChatModel };

export interface DeskChatParts {
  readonly chatRef: string;
  readonly api: DeskApi;
  readonly keyWorker: KeyWorker;
  readonly opener: Opener;
  readonly notice: Notice;
  readonly line: ChatLine;
  readonly inbox: InboxModel;
  readonly outboxes: Outboxes;
}

export class DeskChat {
  readonly state: Signal<DeskChatState> = signal({ kind: "loading" });
  readonly #parts: DeskChatParts;
  #stopped = false;

  constructor(parts: DeskChatParts) {
    this.#parts = parts;
  }

  get chatRef(): string {
    return this.#parts.chatRef;
  }

  /** Finds the chat and opens its thread. */
  async start(): Promise<void> {
    const { inbox, chatRef } = this.#parts;
    this.state.value = { kind: "loading" };
    const found = await inbox.find(chatRef);
    const row = inbox.chat(chatRef);
    if (this.#stopped) return;
    if (found.kind !== "found" || row === null) {
      this.state.value = found.kind === "failed" ? found : { kind: "missing" };
      return;
    }
    const seats = new PartnerSeats(this.#parts.api, this.#parts.opener, chatRef);
    // How far earlier customers had come is worth a try; the thread itself reads its seats until it has them.
    await seats.refresh().catch(() => undefined);
    if (this.#stopped) return;
    const model = this.#thread(row, seats);
    this.state.value = { kind: "open", model };
    await model.start();
  }

  /** The safety words, which the customer of this seat sees as well, when nobody is in between. */
  safetyWords(seat: number): Promise<readonly string[]> {
    return this.#parts.keyWorker.safetyWords({ as: "partner", chatRef: this.chatRef, seat });
  }

  stop(): void {
    this.#stopped = true;
    const state = this.state.value;
    if (state.kind === "open") state.model.stop();
  }

  #thread(row: ChatRow, seats: PartnerSeats): ChatModel {
    const { api, keyWorker, notice, line, outboxes, chatRef } = this.#parts;
    return new ChatModel({
      side: "partner",
      chatRef,
      api,
      line,
      keyWorker,
      notice,
      seats,
      question: new Question(),
      outbox: outboxes.of(chatRef),
      firstSeq: 1,
      read: row.partner.read,
      theirs: new Map(seats.rows.map(({ number, customer }) => [number, customer])),
      online: row.online,
      closed: row.endedAt ? "chat_ended" : null,
      now: () => Date.now(),
    });
  }
}
