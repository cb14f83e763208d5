/** The line to the server: the socket while it works, long polling while it does not, one stream of frames. */
import { type ReadonlySignal, signal } from "@preact/signals";
import type { Api } from "./api.ts";
import { PendingSends, type Sent } from "./PendingSends.ts";
import { online, onWake } from "./pageLife.ts";
import { Problem } from "./problem.ts";
import { pause, pauseAfter } from "./retry.ts";
import { Socket } from "./socket.ts";
import type { ClientFrame, Cursors, Role, SendRequest, ServerFrame } from "./wire.ts";

/** How the line stands; each has its text under `connection.*`. */
export type Connection = "connecting" | "open" | "polling" | "waiting" | "offline" | "refused";

/** Whether nothing comes in or goes out just now. */
export function isDown(connection: Connection): boolean {
  return connection === "waiting" || connection === "offline";
}

/** Tries of the socket that fail before the page polls as well. */
const PATIENCE = 2;
/** Milliseconds between two refreshes while polling. */
const REFRESH = 5_000;
/** What counts as the failures in a row of opening a chat: nothing tells that it worked, so they are not counted. */
const FAILURES = 3;

interface OpenChat {
  readonly after: () => number;
  polling: AbortController | null;
}

/** What a chat needs of the line. */
export interface ChatLine {
  listen(listener: (frame: ServerFrame) => void): () => void;
  open(chat: string, after: () => number): void;
  leave(chat: string): void;
  send(chat: string, message: SendRequest): Promise<Sent>;
  seen(chat: string, cursors: Cursors): void;
  /** Says whether somebody types; gives whether there was a way to say it. */
  typing(chat: string, typing: boolean): boolean;
  retryTime(milliseconds: number): Promise<void>;
}

/** One for each page. `chat` is named on a customer's line, which goes by that chat's seat. */
export class Line implements ChatLine {
  readonly #state = signal<Connection>("connecting");
  readonly #api: Api;
  readonly #as: Role;
  readonly #socket: Socket;
  readonly #listeners = new Set<(frame: ServerFrame) => void>();
  readonly #refreshers = new Set<(gap: boolean) => void>();
  readonly #chats = new Map<string, OpenChat>();
  readonly #refused = new Set<string>();
  readonly #pending = new PendingSends();
  readonly #waiters = new Set<() => void>();
  #connected = false;
  #refresh: ReturnType<typeof setInterval> | undefined;

  constructor(api: Api, origin: string, as: Role, chat?: string) {
    this.#api = api;
    this.#as = as;
    const query = new URLSearchParams(chat === undefined ? { as } : { as, chat });
    const address = `${origin.replace(/^http/, "ws")}/api/socket?${query}`;
    this.#socket = new Socket(address, {
      up: () => this.#up(),
      down: (failures, refused) => this.#down(failures, refused),
      frame: (frame) => this.#frame(frame),
    });
    onWake(() => this.#wakeWaiters());
  }

  /** How it stands. */
  get state(): ReadonlySignal<Connection> {
    return this.#state;
  }

  start(): void {
    this.#socket.start();
  }

  stop(): void {
    this.#socket.stop();
    this.#stopPolling();
    this.#pending.allLost();
  }

  /** Hears every frame. */
  listen(listener: (frame: ServerFrame) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Is called when something may have been missed: on each new socket, with `gap`, and now and then while polling. */
  onRefresh(refresher: (gap: boolean) => void): () => void {
    this.#refreshers.add(refresher);
    return () => this.#refreshers.delete(refresher);
  }

  /** Wants a chat's messages above what `after` says, now and after each reconnection. */
  open(chat: string, after: () => number): void {
    const open = this.#chats.get(chat) ?? { after, polling: null };
    this.#chats.set(chat, { ...open, after });
    if (!this.#socket.send({ type: "open", chat, after: after() }) && this.#polls()) this.#poll(chat);
  }

  leave(chat: string): void {
    this.#chats.get(chat)?.polling?.abort();
    this.#chats.delete(chat);
  }

  /** Sends a message; resolves when it is durable. Rejects with a {@link Problem}. */
  send(chat: string, message: SendRequest): Promise<Sent> {
    if (!online()) return Promise.reject(new Problem(null, 0));
    // A socket that breaks does not say what it broke of: the answer to a call is about its one message.
    const doubtful = this.#pending.doubtful.delete(message.cid);
    if (doubtful || !this.#connected || !this.#chats.has(chat)) return this.#post(chat, message);
    const sent = this.#pending.await(message.cid);
    if (!this.#socket.send({ type: "send", chat, ...message })) this.#pending.lost(message.cid);
    return sent;
  }

  /** Moves the own cursors. */
  seen(chat: string, cursors: Cursors): void {
    if (this.#socket.send({ type: "seen", chat, ...cursors })) return;
    const options = { path: { chatRef: chat }, query: { as: this.#as }, body: cursors };
    this.#api.call("POST /api/chats/{chatRef}/seen", options).catch(() => {});
  }

  typing(chat: string, typing: boolean): boolean {
    if (this.#socket.send({ type: "typing", chat, typing })) return true;
    if (!this.#polls()) return false;
    const options = { path: { chatRef: chat }, query: { as: this.#as }, body: { typing } };
    this.#api.call("POST /api/chats/{chatRef}/typing", options).catch(() => {});
    return true;
  }

  /** Says something that is nobody's answer; false when there is no socket. */
  say(frame: ClientFrame): boolean {
    return this.#socket.send(frame);
  }

  /** Resolves when something that failed is worth another try: at a reconnection, or after so long. */
  async retryTime(milliseconds: number): Promise<void> {
    const sooner = new AbortController();
    const wake = () => sooner.abort();
    this.#waiters.add(wake);
    await pause(milliseconds, sooner.signal);
    this.#waiters.delete(wake);
  }

  /** Something was asked for without the socket: how it went tells how the line stands. */
  polled(problem: Problem | null): void {
    if (this.#connected || !this.#polls()) return;
    if (problem) {
      const passing = online() ? "waiting" : "offline";
      this.#state.value = problem.passing ? passing : "refused";
      return;
    }
    if (this.#state.value === "polling") return;
    this.#state.value = "polling";
    this.#wakeWaiters();
  }

  async #post(chat: string, body: SendRequest): Promise<Sent> {
    const options = { path: { chatRef: chat }, query: { as: this.#as }, body };
    return this.#api.call("POST /api/chats/{chatRef}/messages", options);
  }

  #up(): void {
    this.#connected = true;
    this.#stopPolling();
    this.#state.value = "open";
    // Who goes on from where it was says so before it opens chats: what is told of both ways is told once.
    for (const refresh of this.#refreshers) refresh(true);
    for (const [chat, { after }] of this.#chats) this.#socket.send({ type: "open", chat, after: after() });
    this.#wakeWaiters();
  }

  #down(failures: number, refused: boolean): void {
    this.#connected = false;
    this.#pending.allLost();
    if (!online()) {
      this.#state.value = "offline";
    } else if (this.#state.value !== "polling" && this.#state.value !== "refused") {
      this.#state.value = this.#state.value === "connecting" && failures <= 1 ? "connecting" : "waiting";
    }
    if (refused || failures >= PATIENCE) this.#startPolling();
  }

  #frame(frame: ServerFrame): void {
    if (frame.type === "ack") this.#pending.came(frame.cid, frame);
    if (frame.type === "problem") {
      const problem = new Problem(frame.problem, frame.problem.status);
      if (frame.cid) this.#pending.refused(frame.cid, problem);
      else if (frame.chat && problem.passing) void this.#openAgain(frame.chat, problem);
    }
    for (const listener of [...this.#listeners]) listener(frame);
  }

  // Whatever was refused, `open` is what must not get lost: without it the server tells nothing of the chat.
  async #openAgain(chat: string, problem: Problem): Promise<void> {
    if (this.#refused.has(chat)) return;
    this.#refused.add(chat);
    await this.retryTime(pauseAfter(problem, FAILURES));
    this.#refused.delete(chat);
    const open = this.#chats.get(chat);
    if (open) this.open(chat, open.after);
  }

  #wakeWaiters(): void {
    for (const wake of [...this.#waiters]) wake();
  }

  #polls(): boolean {
    return this.#refresh !== undefined;
  }

  #startPolling(): void {
    if (this.#polls()) return;
    const refresh = () => {
      for (const refresh of this.#refreshers) refresh(false);
      for (const chat of this.#chats.keys()) this.#poll(chat);
    };
    this.#refresh = setInterval(refresh, REFRESH);
    refresh();
  }

  #stopPolling(): void {
    clearInterval(this.#refresh);
    this.#refresh = undefined;
    for (const chat of this.#chats.values()) {
      chat.polling?.abort();
      chat.polling = null;
    }
  }

  #poll(chat: string): void {
    const open = this.#chats.get(chat);
    if (!open || open.polling) return;
    const leaving = new AbortController();
    open.polling = leaving;
    const polling = {
      api: this.#api,
      as: this.#as,
      chat,
      after: open.after,
      signal: leaving.signal,
      frame: (frame: ServerFrame) => this.#frame(frame),
      answered: (problem: Problem | null) => this.polled(problem),
    };
    // Most pages never need it. While it can't be had, each refresh asks for it again.
    const retry = () => {
      const now = this.#chats.get(chat);
      if (now?.polling === leaving) now.polling = null;
    };
    import("./poll.ts").then(({ pollChat }) => pollChat(polling), retry);
  }
}
