/** A way to a server on which sockets come late: tests that take a line for granted fail on it, and not by chance. */
import { once } from "node:events";
import { connect, createServer, type Socket } from "node:net";

/** Listens on one port and passes on to another, each socket that is asked for so many milliseconds later. */
export async function lateSockets(front: number, port: number, delay: number): Promise<void> {
  const server = createServer({ allowHalfOpen: true }, (near) => {
    const far = connect({ port, host: "127.0.0.1", allowHalfOpen: true });
    passOn(near, far, (piece) => (piece.includes("GET /api/socket") ? delay : 0));
    passOn(far, near, () => 0);
  });
  server.listen(front, "127.0.0.1");
  await once(server, "listening");
  // It goes with the process.
  server.unref();
}

/** Passes on what one end says, in its order, and when it ends. */
function passOn(from: Socket, to: Socket, delayOf: (piece: Buffer) => number): void {
  let passed = Promise.resolve();
  const pass = (step: () => void, delay = 0) => {
    const due = delay > 0 ? new Promise((resolve) => setTimeout(resolve, delay)) : undefined;
    passed = passed.then(() => due).then(step);
  };
  from.on("data", (piece: Buffer) => pass(() => to.writable && to.write(piece), delayOf(piece)));
  from.on("end", () => pass(() => to.end()));
  from.on("close", () => pass(() => to.destroy()));
  from.on("error", () => pass(() => to.resetAndDestroy()));
}
