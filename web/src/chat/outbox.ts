/** What waits to be sent: sealed and stored first, then sent in order, as often as it takes, always the same bytes. */
import type { ChatLine } from "../api/line.ts";
import { Problem } from "../api/problem.ts";
import { pauseAfter } from "../api/retry.ts";
import type { Side } from "../api/wire.ts";
import type { KeyWorker, OutboxItem, SeatPlace } from "../crypto/keyWorkerApi.ts";
import { LONGEST_SEALED } from "../crypto/lengths.ts";
import { type ChatMessage, unsentMessage } from "./message.ts";
import { shownContent } from "./reading.ts";
import { withTabLock } from "./tabLock.ts";

/** The key worker's part in it. */
export type OutboxKeyWorker = Pick<
  KeyWorker,
  "sealText" | "readOwn" | "putOutbox" | "outbox" | "removeOutbox"
>;

/** Whom the outbox serves. */
export interface OutboxParts {
  readonly side: Side;
  readonly chatRef: string;
  readonly keyWorker: OutboxKeyWorker;
  readonly line: Pick<ChatLine, "send" | "retryTime">;
}

/** Whom it tells: the thread. */
export interface OutboxTeller {
  /** A message's new state; its number and time once the server has it. */
  readonly changed: (message: ChatMessage) => void;
  /** The server refused for good. */
  readonly refused: (problem: Problem) => void;
}

interface Waiting {
  message: ChatMessage;
  item: OutboxItem | null;
}

/** One chat's outbox. It goes on sending when nobody reads the chat, until it is stopped. */
export class Outbox {
  /** The thread that is open, if one is. */
  teller: OutboxTeller | null = null;
  readonly #parts: OutboxParts;
  readonly #waiting = new Map<string, Waiting>();
  /** What went out or was given up: the store may have been read just before. */
  readonly #gone = new Set<string>();
  #sealing: Promise<void> = Promise.resolve();
  #running = false;
  #stopped = false;

  constructor(parts: OutboxParts) {
    this.#parts = parts;
  }

  /** Whether anything is still to be sent. */
  get busy(): boolean {
    return [...this.#waiting.values()].some(({ message }) => message.delivery === "waiting");
  }

  /** Takes up what is stored, and gives everything that waits here. */
  async restore(): Promise<readonly ChatMessage[]> {
    const { keyWorker, side, chatRef } = this.#parts;
    const items = await keyWorker.outbox(side, chatRef);
    // One after the other: what is taken up first is sent first.
    for (const item of items) await this.#restore(item);
    this.#run();
    return [...this.#waiting.values()].map(({ message }) => message);
  }

  /** Takes a message: stored first, then sent. */
  add(message: ChatMessage, text: string): void {
    this.#waiting.set(message.cid, { message, item: null });
    this.#sealing = this.#sealing.then(() => this.#seal(message, text));
  }

  /** The person wants a refused message to be tried again. */
  async retry(cid: string): Promise<void> {
    const waiting = this.#waiting.get(cid);
    if (waiting?.message.delivery !== "refused") return;
    this.#tell(waiting, { delivery: "waiting", fault: null });
    const { shown } = waiting.message;
    // It may never have been sealed.
    if (!waiting.item && shown.kind === "text") this.add(waiting.message, shown.text);
    await this.#store(waiting, "waiting");
    this.#run();
  }

  /** The server has it after all, or the person gave it up. */
  async drop(cid: string): Promise<void> {
    if (!this.#waiting.delete(cid)) return;
    this.#gone.add(cid);
    await this.#remove(cid);
  }

  stop(): void {
    this.#stopped = true;
  }

  async #restore(item: OutboxItem): Promise<void> {
    const { keyWorker, side, chatRef } = this.#parts;
    const { cid, seat, at, state } = item;
    const place: SeatPlace = { as: side, chatRef, seat };
    const content = await keyWorker.readOwn(place, cid, item.body).catch(() => null);
    const known = this.#waiting.get(cid);
    // It may have been taken up before its seat's key was open.
    if (known && content) known.message = { ...known.message, shown: shownContent(content) };
    if (known || this.#gone.has(cid)) return;
    const fault = tooLong(item);
    const delivery = fault ? "refused" : state;
    const shown = shownContent(content);
    const message = unsentMessage({ cid, from: side, seat, at: at * 1000, shown, delivery });
    this.#waiting.set(cid, { message: { ...message, fault }, item });
  }

  async #seal(message: ChatMessage, text: string): Promise<void> {
    const waiting = this.#waiting.get(message.cid);
    const { keyWorker, side, chatRef } = this.#parts;
    if (!waiting) return;
    const { cid, seat, at } = message;
    try {
      const body = await keyWorker.sealText({ as: side, chatRef, seat }, cid, text);
      waiting.item = { as: side, chatRef, seat, cid, body, at: Math.floor(at / 1000), state: "waiting" };
    } catch (fault) {
      this.#tell(waiting, { delivery: "refused", fault });
      return;
    }
    await this.#store(waiting, "waiting");
    this.#run();
  }

  // A browser that can't store it can still send it.
  async #store(waiting: Waiting, state: OutboxItem["state"]): Promise<void> {
    if (!waiting.item) return;
    waiting.item = { ...waiting.item, state };
    await this.#parts.keyWorker.putOutbox(waiting.item).catch(() => {});
    // It may have gone while it was on its way to the store.
    if (this.#gone.has(waiting.item.cid)) await this.#remove(waiting.item.cid);
  }

  async #remove(cid: string): Promise<void> {
    const { keyWorker, side, chatRef } = this.#parts;
    await keyWorker.removeOutbox(side, chatRef, cid).catch(() => {});
  }

  #run(): void {
    if (this.#running) return;
    this.#running = true;
    const { side, chatRef } = this.#parts;
    // What two tabs write goes in the order in which it was written.
    void withTabLock(`outbox ${side} ${chatRef}`, () => this.#loop()).finally(() => {
      this.#running = false;
    });
  }

  async #loop(): Promise<void> {
    let failures = 0;
    for (let next = this.#next(); next && !this.#stopped; next = this.#next()) {
      const problem = await this.#send(next.waiting, next.item);
      if (!problem) {
        failures = 0;
      } else if (problem.passing) {
        failures += 1;
        await this.#parts.line.retryTime(pauseAfter(problem, failures));
      } else {
        await this.#refuse(next.waiting, problem);
      }
    }
  }

  #next(): { waiting: Waiting; item: OutboxItem } | null {
    for (const waiting of this.#waiting.values()) {
      if (waiting.message.delivery === "waiting" && waiting.item) return { waiting, item: waiting.item };
    }
    return null;
  }

  async #send(waiting: Waiting, { cid, seat, body }: OutboxItem): Promise<Problem | null> {
    try {
      const { seq, at } = await this.#parts.line.send(this.#parts.chatRef, { cid, seat, body });
      this.#tell(waiting, { delivery: "sent", fault: null, seq, at: Date.parse(at) });
      await this.drop(cid);
      return null;
    } catch (error) {
      return Problem.of(error);
    }
  }

  async #refuse(waiting: Waiting, problem: Problem): Promise<void> {
    const { cid } = waiting.message;
    if (problem.code === "other_content") {
      // The server has this message, sealed for an earlier seat: its answer was lost.
      this.#tell(waiting, { delivery: "sent", fault: null });
      await this.drop(cid);
      return;
    }
    this.#tell(waiting, { delivery: "refused", fault: problem });
    // The seat that took its place may have sealed it anew by now, in another tab.
    if (problem.code !== "seat_closed") await this.#store(waiting, "refused");
    this.teller?.refused(problem);
  }

  #tell(waiting: Waiting, news: Partial<ChatMessage>): void {
    waiting.message = { ...waiting.message, ...news };
    this.teller?.changed(waiting.message);
  }
}

// What is sealed here fits; what was stored by another version may not, and no way would carry it.
function tooLong({ body }: OutboxItem): Problem | null {
  return body.length * 3 > (LONGEST_SEALED + 1) * 4 ? new Problem(null, 413) : null;
}
