/** One chat as one side sees it: what was said, what waits, who is there. Signals and verbs, no page. */

import { computed, type ReadonlySignal, signal } from "@preact/signals";
import { Problem } from "../api/problem.ts";
import type { Side } from "../api/wire.ts";
import { isBlank } from "../text/blank.ts";
import { Draft } from "./draft.ts";
import { type Heard, hear } from "./frames.ts";
import { Loading } from "./loading.ts";
import { Log } from "./log.ts";
import { type ChatMessage, statusOf, unsentMessage } from "./message.ts";
import { nextCid } from "./nextCid.ts";
import { Outbox } from "./outbox.ts";
import type { ChatParts, Closed, Phase } from "./parts.ts";
import type { Asked } from "./question.ts";
import { Receipts } from "./receipts.ts";
import { type Row, rowsOf, sameRows } from "./rows.ts";
import type { Seats } from "./seats.ts";
import { Span } from "./span.ts";
import { Typing } from "./typing.ts";
import { Unseen } from "./unseen.ts";

/** One chat. `start` it once, `stop` it when the page turns away. */
export class ChatModel {
  readonly online = signal(false);
  readonly closed = signal<Closed | null>(null);
  /** Which side ended it, as far as this page knows. */
  readonly endedBy = signal<Side | null>(null);
  /** Counts own messages, so that the thread goes to its end with each. */
  readonly sends = signal(0);
  readonly draft: Draft;
  readonly receipts: Receipts;
  /** Which part of it all stands in the page. */
  readonly span: Span;
  readonly rows: ReadonlySignal<readonly Row[]>;
  readonly unseen = new Unseen();
  readonly #log: Log;
  readonly #loading: Loading;
  readonly #typing: Typing;
  readonly #parts: ChatParts;
  readonly #outbox: Outbox;
  /** Whether its messages were there once: what comes after that is news. */
  #shown = false;
  #unlisten = () => {};

  constructor(parts: ChatParts) {
    const { side, chatRef, keyWorker, line, seats } = parts;
    this.#parts = parts;
    this.online.value = parts.online ?? false;
    this.closed.value = parts.closed ?? null;
    this.endedBy.value = parts.endedBy ?? null;
    this.#log = new Log({
      reader: { side, chatRef, keyWorker, seats },
      api: parts.api,
      firstSeq: parts.firstSeq,
      opened: (messages) => this.#opened(messages),
      came: (messages) => this.#came(messages),
      gap: () => void this.#resync(),
    });
    this.#loading = new Loading({
      line,
      restore: async () => this.#log.put(await this.#outbox.restore()),
      newest: () => this.#loadNewest(),
      open: () => this.#open(),
      isOver: (fault) => this.#isOver(fault),
    });
    this.draft = new Draft(keyWorker, side, chatRef);
    this.#typing = new Typing(line, chatRef);
    this.receipts = new Receipts(line, chatRef, parts.read, parts.theirs);
    this.#outbox = parts.outbox ?? new Outbox({ side, chatRef, keyWorker, line });
    this.#outbox.teller = {
      changed: (message) => this.#log.put([message]),
      refused: (problem) => this.#refused(problem),
    };
    this.span = new Span(this.#log);
    let rows: readonly Row[] = [];
    this.rows = computed(() => {
      const { messages, above, below } = this.span.part.value;
      const now = rowsOf(messages, {
        own: side,
        status: (message) => statusOf(message, this.receipts.theirs.value.get(message.seat)),
        unread: this.unseen.line.value,
        seats: seats.shown.value.map(({ number }) => number),
        above,
        below,
      });
      rows = sameRows(rows, now);
      return rows;
    });
  }

  get side(): Side {
    return this.#parts.side;
  }

  /** Whether the messages are there. */
  get phase(): ReadonlySignal<Phase> {
    return this.#loading.phase;
  }

  /** A message that waits for the person's word, because somebody else now reads the chat. */
  get question(): ReadonlySignal<Asked | null> | undefined {
    return this.#parts.question?.asked;
  }

  /** The messages in their order; what waits to be sent stands last. */
  get thread(): ReadonlySignal<readonly ChatMessage[]> {
    return this.#log.thread;
  }

  /** Whether any message's sender saw another history. */
  get differs(): ReadonlySignal<boolean> {
    return this.#log.differs;
  }

  /** The number of the newest message, 0 before the first. */
  get newest(): ReadonlySignal<number> {
    return this.#log.newest;
  }

  /** Whether the other side is typing. */
  get typing(): ReadonlySignal<boolean> {
    return this.#typing.theirs;
  }

  /** The seats that stand as dividers. */
  get seats(): Seats {
    return this.#parts.seats;
  }

  /** Loads what there is, and listens from there. */
  async start(): Promise<void> {
    const { line, chatRef, side } = this.#parts;
    this.#unlisten = line.listen((frame) => hear(frame, chatRef, side, this.#heard()));
    void this.draft.restore();
    await this.#loading.load(() => this.#parts.seats.ready([]));
  }

  /** Somebody asks for it again after a failure. */
  async again(): Promise<void> {
    // The keys may be in a new worker, which knows of no seat.
    await this.#loading.load(() => this.#parts.seats.refresh());
  }

  stop(): void {
    this.#loading.stop();
    this.#unlisten();
    this.#outbox.teller = null;
    if (!this.#parts.outbox) this.#outbox.stop();
    this.#typing.stop();
    this.#parts.line.leave(this.#parts.chatRef);
  }

  /** The person is typing. */
  write(text: string): void {
    void this.draft.set(text);
    this.#typing.write(text !== "");
  }

  /** Sends a text. On the desk, the first one to another customer browser asks. */
  send(text: string): void {
    const seat = this.#parts.seats.live.value;
    if (isBlank(text) || seat === null || this.closed.value) return;
    if (this.#mayGo({ text, seat })) this.#send({ text, seat });
  }

  /** The person's answer to `question`. */
  answer(yes: boolean): void {
    const message = this.#parts.question?.answer(yes);
    if (message) this.#send(message);
  }

  /** Tries a refused message again. */
  async retry(cid: string): Promise<void> {
    await this.#outbox.retry(cid);
  }

  /** Takes a refused message out of the thread; its words go where one writes, below what stands there. */
  async takeBack({ cid, shown }: ChatMessage): Promise<void> {
    const { text: draft } = this.draft;
    if (shown.kind !== "text") return;
    const kept = this.draft.set(draft.value === "" ? shown.text : `${draft.value}\n${shown.text}`);
    this.#log.takeBack(cid);
    if (await kept) await this.#outbox.drop(cid);
  }

  /** The person has seen the thread's end. */
  saw(): void {
    this.unseen.count.value = 0;
    this.receipts.saw(this.newest.value);
  }

  /** Ends the chat for both sides. Throws a {@link Problem}. */
  async end(): Promise<void> {
    const { api, chatRef } = this.#parts;
    await api.call("POST /api/chats/{chatRef}/end", { path: { chatRef }, query: this.#as() });
    this.endedBy.value = this.#parts.side;
    this.#close("chat_ended");
  }

  #send({ text, seat }: Asked): void {
    const { side, now } = this.#parts;
    const message = unsentMessage({
      cid: nextCid(now()),
      from: side,
      seat,
      at: now(),
      shown: { kind: "text", text },
      delivery: "waiting",
    });
    this.#log.put([message]);
    this.unseen.line.value = null;
    this.sends.value += 1;
    this.#outbox.add(message, text);
    void this.draft.set("");
    this.#typing.write(false);
  }

  #mayGo(message: Asked): boolean {
    const before = ({ from, seat }: ChatMessage) => from === this.side && seat === message.seat;
    return this.#parts.question?.allows(message, () => this.thread.value.some(before)) ?? true;
  }

  async #loadNewest(): Promise<void> {
    const messages = await this.#log.loadNewest();
    if (this.#shown) {
      this.#came(messages);
      return;
    }
    this.#shown = true;
    this.unseen.opened(this.#theirs(messages), this.#parts.read);
    this.receipts.got(this.newest.value);
  }

  #theirs(messages: readonly ChatMessage[]): readonly ChatMessage[] {
    return messages.filter(({ from }) => from !== this.side);
  }

  #as(): { as: "customer" | "agent" } {
    return { as: this.#parts.side === "customer" ? "customer" : "agent" };
  }

  #heard(): Heard {
    const { side, seats } = this.#parts;
    return {
      message: (message) => {
        if (message.from !== side) this.#typing.heard(false);
        this.#log.arrive(message);
      },
      opened: (frame) => {
        this.online.value = frame.online;
        const told = () => this.receipts.opened(frame, side, seats.live.value);
        // Somebody else may have come while nothing was heard: the cursors are those of the newest seat.
        void seats.refresh().then(told, () => this.#resync());
      },
      seen: (frame) => this.receipts.heard(frame, side, seats.live.value),
      typing: (typing) => this.#typing.heard(typing),
      presence: (online) => {
        this.online.value = online;
      },
      seat: (row) => void seats.add(row).catch(() => {}),
      closed: (reason) => this.#close(reason),
      resync: () => void this.#resync(),
    };
  }

  // Whatever the server has need not wait any longer.
  #opened(messages: readonly ChatMessage[]): void {
    for (const { from, cid } of messages) if (from === this.#parts.side) void this.#outbox.drop(cid);
  }

  #came(messages: readonly ChatMessage[]): void {
    const { receipts, unseen } = this;
    receipts.got(this.newest.value);
    const theirs = this.#theirs(messages);
    if (theirs.length === 0) return;
    unseen.came(theirs, receipts.read, receipts.looking);
    this.#parts.notice.arrived(this.#parts.chatRef, theirs.length);
  }

  async #resync(): Promise<void> {
    await this.#loading.resync(() => this.#parts.seats.refresh());
  }

  #open(): void {
    const { line, chatRef } = this.#parts;
    if (this.closed.value === null) line.open(chatRef, () => this.newest.value);
  }

  #isOver(fault: unknown): boolean {
    if (fault instanceof Problem) this.#refused(fault);
    return this.closed.value !== null;
  }

  #refused({ code, refusal }: Problem): void {
    if (code === "chat_ended") this.#close("chat_ended");
    if (code === "seat_closed") this.#close(refusal?.seatClosed ?? "superseded");
    if (code === "unauthenticated") this.#close("lost");
  }

  #close(reason: Closed): void {
    // A desk outlives the customer's seat: only the end of the chat closes it there.
    if (this.#parts.side === "partner" && reason === "superseded") {
      void this.#parts.seats.refresh().catch(() => {});
      return;
    }
    this.closed.value = reason;
    if (reason !== "lost") void this.draft.drop().catch(() => {});
    this.#typing.stop();
    this.#parts.line.leave(this.#parts.chatRef);
  }
}
