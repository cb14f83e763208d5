/** A way to a server that can be cut and mended, as a train cuts it in a tunnel. */
import { once } from "node:events";
import { connect, createServer, type Socket } from "node:net";

export class Line {
  readonly #sockets = new Set<Socket>();
  readonly #entrance = createServer((socket) => this.#pass(socket));
  #port = 0;
  #isCut = false;

  /** Leads from one port to another. */
  async lead(from: number, to: number): Promise<void> {
    this.#port = to;
    this.#entrance.listen(from, "127.0.0.1");
    await once(this.#entrance, "listening");
  }

  /** Breaks every connection, and each that is tried. */
  cut(): void {
    this.#isCut = true;
    for (const socket of this.#sockets) socket.resetAndDestroy();
  }

  mend(): void {
    this.#isCut = false;
  }

  async close(): Promise<void> {
    this.cut();
    this.#entrance.close();
    await once(this.#entrance, "close");
  }

  #pass(socket: Socket): void {
    if (this.#isCut) {
      socket.resetAndDestroy();
      return;
    }
    const server = connect(this.#port, "127.0.0.1");
    for (const [one, other] of [
      [socket, server],
      [server, socket],
    ] as const) {
      this.#sockets.add(one);
      one.pipe(other);
      one.on("error", () => other.destroy());
      one.on("close", () => {
        this.#sockets.delete(one);
        other.destroy();
      });
    }
  }
}
