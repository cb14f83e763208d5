/** One WebSocket that keeps coming back. It trusts no `readyState`: it asks, and counts the answer. */

import { inSight, online, onOffline, onWake } from "./pageLife.ts";
import { Backoff } from "./retry.ts";
import type { ClientFrame, ServerFrame } from "./wire.ts";

/** Milliseconds in which a `ping` must be answered by anything at all. */
const DEADLINE = 2_000;
/** Milliseconds of silence after which it asks. */
const SILENCE = 25_000;
/** Milliseconds between two looks for a network. */
const OFFLINE = 5_000;
/** Milliseconds from the dial to the first word from the other end. */
const HANDSHAKE = 8_000;

const PING = JSON.stringify({ type: "ping" } satisfies ClientFrame);

/** Codes by which a server ends a socket over something that came, or because it wants less (RFC 6455, section 7.4.1). */
const REFUSALS = [1002, 1003, 1007, 1008, 1009, 1010, 1011, 1013];

/** What becomes of the socket. */
export interface SocketEvents {
  /** Something was heard on it. */
  up(): void;
  /** It is down; `failures` tries in a row never came up. `refused` says that the server ended it. */
  down(failures: number, refused: boolean): void;
  frame(frame: ServerFrame): void;
}

/** Dials, pings and redials. */
export class Socket {
  readonly #address: string;
  readonly #events: SocketEvents;
  #socket: WebSocket | null = null;
  #failures = 0;
  readonly #backoff = new Backoff();
  #up = false;
  #redial: ReturnType<typeof setTimeout> | undefined;
  #watch: ReturnType<typeof setTimeout> | undefined;
  #unhook: (() => void)[] = [];

  constructor(address: string, events: SocketEvents) {
    this.#address = address;
    this.#events = events;
  }

  /** Begins to dial, until `stop`. */
  start(): void {
    this.#unhook = [onWake(() => this.#wake()), onOffline(() => this.#offline())];
    this.#dial();
  }

  stop(): void {
    for (const unhook of this.#unhook) unhook();
    clearTimeout(this.#redial);
    clearTimeout(this.#watch);
    const socket = this.#socket;
    this.#socket = null;
    const up = this.#up;
    this.#up = false;
    // One that is still connecting is closed when it opens or speaks: browsers complain of one that is closed before.
    if (up) socket?.close();
  }

  /** Hands a frame over; false when there is no connection. */
  send(frame: ClientFrame): boolean {
    if (!this.#up || !this.#socket) return false;
    this.#socket.send(JSON.stringify(frame));
    return true;
  }

  #dial(): void {
    clearTimeout(this.#redial);
    if (!online()) {
      // The `online` event wakes it; browsers that forget to send one get another look.
      this.#redial = setTimeout(() => this.#dial(), OFFLINE);
      this.#events.down(0, false);
      return;
    }
    const socket = open(this.#address);
    this.#socket = socket;
    if (!socket) {
      this.#drop();
      return;
    }
    this.#expect(HANDSHAKE);
    socket.addEventListener("open", () => this.#opened(socket));
    socket.addEventListener("message", (event) => this.#heard(socket, event.data));
    socket.addEventListener("close", ({ code }) => this.#lost(socket, REFUSALS.includes(code)));
    socket.addEventListener("error", () => this.#lost(socket));
  }

  #opened(socket: WebSocket): void {
    if (socket !== this.#socket) {
      socket.close();
      return;
    }
    // Some middlemen let a socket open and carry nothing: it counts from the first word, within the same deadline.
    socket.send(PING);
  }

  #heard(socket: WebSocket, data: unknown): void {
    if (socket !== this.#socket) {
      socket.close();
      return;
    }
    this.#listen();
    if (!this.#up) {
      this.#failures = 0;
      this.#up = true;
      this.#backoff.up(performance.now());
      this.#events.up();
    }
    const frame = parseFrame(data);
    if (frame?.type === "ack") this.#backoff.worked();
    if (frame && frame.type !== "pong") this.#events.frame(frame);
  }

  #lost(socket: WebSocket, refused = false): void {
    if (socket === this.#socket) this.#drop(refused);
  }

  // Gives the present socket up, whatever state it claims to be in, and plans the next.
  #drop(refused = false): void {
    clearTimeout(this.#watch);
    const socket = this.#socket;
    this.#socket = null;
    if (!this.#up) this.#failures += 1;
    this.#up = false;
    socket?.close();
    clearTimeout(this.#redial);
    const failure = refused ? "refused" : inSight() ? "lost" : "hidden";
    const wait = this.#backoff.after(failure, performance.now(), Math.random());
    this.#redial = setTimeout(() => this.#dial(), wait);
    this.#events.down(this.#failures, refused);
  }

  // One that is still connecting fails by itself, or at its handshake's deadline.
  #offline(): void {
    if (this.#socket && !this.#up) this.#events.down(this.#failures, false);
    else this.#drop();
  }

  #wake(): void {
    if (this.#up) this.#ping();
    else if (online() && !this.#socket) this.#dial();
  }

  // Silence is normal, so it ends in a question; only silence after the question is a loss.
  #listen(): void {
    clearTimeout(this.#watch);
    this.#watch = setTimeout(() => this.#ping(), SILENCE);
  }

  #ping(): void {
    this.#socket?.send(PING);
    this.#expect(DEADLINE);
  }

  #expect(deadline: number): void {
    clearTimeout(this.#watch);
    this.#watch = setTimeout(() => this.#drop(), deadline);
  }
}

function open(address: string): WebSocket | null {
  try {
    return new WebSocket(address);
  } catch {
    return null;
  }
}

function parseFrame(data: unknown): ServerFrame | null {
  if (typeof data !== "string") return null;
  try {
    const value: unknown = JSON.parse(data);
    const fits = typeof value === "object" && value !== null && "type" in value;
    return fits ? (value as ServerFrame) : null;
  } catch {
    return null;
  }
}
