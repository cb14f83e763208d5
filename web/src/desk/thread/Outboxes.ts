/** What waits to be sent from this desk, in every chat: it goes out whichever page is open. */
import type { ChatLine } from "../../api/line.ts";
import { Problem } from "../../api/problem.ts";
import { Outbox, type OutboxKeyWorker } from "../../chat/outbox.ts";

export interface OutboxesParts {
  readonly keyWorker: OutboxKeyWorker;
  readonly line: Pick<ChatLine, "send" | "retryTime">;
  /** The server no longer knows who sends. */
  readonly ended: () => void;
}

export class Outboxes {
  readonly #parts: OutboxesParts;
  /** By chat, and never two for one: the server would get the same message twice at once. */
  readonly #outboxes = new Map<string, Outbox>();
  /** Those whose store is being read. */
  readonly #reading = new Set<Outbox>();
  #stopped = false;

  constructor(parts: OutboxesParts) {
    this.#parts = parts;
  }

  /** The outbox of a chat that is being opened. One that still sends stays; otherwise what is stored counts. */
  of(chatRef: string): Outbox {
    const kept = this.#outboxes.get(chatRef);
    if (kept && (kept.busy || this.#reading.has(kept))) return kept;
    const { keyWorker } = this.#parts;
    const line: OutboxesParts["line"] = {
      send: (...message) => this.#send(...message),
      retryTime: (pause) => this.#parts.line.retryTime(pause),
    };
    const outbox = new Outbox({ side: "partner", chatRef, keyWorker, line });
    this.#outboxes.set(chatRef, outbox);
    return outbox;
  }

  /** Sends what lies in the store, from before a reload or from a tab that is gone. */
  async resume(): Promise<void> {
    const items = await this.#parts.keyWorker.outbox("partner", null).catch(() => []);
    const waiting = items.filter(({ state }) => state === "waiting");
    if (this.#stopped) return;
    for (const chatRef of new Set(waiting.map((item) => item.chatRef))) {
      void this.#restore(this.#outboxes.get(chatRef) ?? this.of(chatRef));
    }
  }

  stop(): void {
    this.#stopped = true;
    for (const outbox of this.#outboxes.values()) outbox.stop();
  }

  async #restore(outbox: Outbox): Promise<void> {
    this.#reading.add(outbox);
    await outbox.restore().catch(() => undefined);
    this.#reading.delete(outbox);
  }

  // The end of a session says nothing about the message: it stays, and waits for who signs in again.
  async #send(...message: Parameters<ChatLine["send"]>): ReturnType<ChatLine["send"]> {
    try {
      return await this.#parts.line.send(...message);
    } catch (fault) {
      const problem = Problem.of(fault);
      if (problem.code !== "unauthenticated") throw problem;
      this.#parts.ended();
      throw new Problem(null, 0);
    }
  }
}
