#!/usr/bin/env node
/**
 * Starts Firefox for Playwright, and stands between the two for one command.
 *
 * Playwright sets the emulated media of every context by `emulation.setMediaFeaturesOverride`, which Firefox does not know
 * up to 153. Here it becomes a question that every version answers, so the pages have the media of the system.
 * This file can go, and `executablePath` be the browser itself, once Debian's Firefox knows the command.
 */
import { spawn } from "node:child_process";
import { connect, createServer } from "node:net";

const UNKNOWN = "emulation.setMediaFeaturesOverride";
const ANNOUNCED = /WebDriver BiDi listening on ws:\/\/[\d.]+:(\d+)/;

const browser = spawn(process.env.FIREFOX_PATH ?? "/usr/bin/firefox-esr", process.argv.slice(2), {
  stdio: ["ignore", "inherit", "pipe"],
});
browser.on("exit", (code) => process.exit(code ?? 1));
for (const signal of /** @type {const} */ (["SIGTERM", "SIGINT"])) {
  process.on(signal, () => browser.kill(signal));
}

let held = "";
let announced = false;
browser.stderr.setEncoding("utf8");
browser.stderr.on("data", (/** @type {string} */ piece) => {
  held += piece;
  const port = announced ? undefined : ANNOUNCED.exec(held)?.[1];
  if (port !== undefined) {
    announced = true;
    standBetween(Number(port));
  } else if (announced) {
    process.stderr.write(piece);
  }
});

/**
 * Listens for Playwright, and tells it where.
 * @param {number} port Firefox's own
 */
function standBetween(port) {
  const server = createServer((playwright) => {
    const firefox = connect(port, "127.0.0.1");
    const frames = new Frames(port);
    firefox.pipe(playwright);
    playwright.on("data", (bytes) => {
      for (const frame of frames.take(bytes)) firefox.write(frame);
    });
    playwright.on("end", () => firefox.end());
    for (const end of [playwright, firefox]) end.on("error", () => end.destroy());
  });
  server.listen(0, "127.0.0.1", () => {
    const address = server.address();
    const own = typeof address === "object" && address ? address.port : 0;
    process.stderr.write(held.replace(`:${port}`, `:${own}`));
  });
}

/** What Playwright sends: the handshake as it is, then frames (RFC 6455), one of them in other words. */
class Frames {
  #held = Buffer.alloc(0);
  #open = false;
  #port;

  /** @param {number} port */
  constructor(port) {
    this.#port = port;
  }

  /**
   * Gives what is whole.
   * @param {Buffer} bytes
   */
  take(bytes) {
    this.#held = Buffer.concat([this.#held, bytes]);
    const whole = [];
    for (let piece = this.#next(); piece; piece = this.#next()) whole.push(piece);
    return whole;
  }

  #next() {
    const held = this.#held;
    const end = this.#open ? frameEnd(held) : held.indexOf("\r\n\r\n") + 4;
    if (end < 4 || held.length < end) return null;
    const piece = held.subarray(0, end);
    this.#held = held.subarray(end);
    // Firefox answers only where it is asked by its own name.
    const frame = this.#open
      ? inOtherWords(piece)
      : piece.toString().replace(/^(host: .*:)\d+/im, `$1${this.#port}`);
    this.#open = true;
    return frame;
  }
}

/**
 * Where the first frame ends; 0 while its head is not whole. A client's frames are masked by four bytes.
 * @param {Buffer} held
 */
function frameEnd(held) {
  const start = bodyStart(held);
  if (held.length < start) return 0;
  const short = (held[1] ?? 0) & 0x7f;
  if (short < 126) return start + short;
  return start + (short === 126 ? held.readUInt16BE(2) : Number(held.readBigUInt64BE(2)));
}

/** @param {Buffer} held */
function bodyStart(held) {
  if (held.length < 2) return Number.POSITIVE_INFINITY;
  const short = (held[1] ?? 0) & 0x7f;
  return 2 + (short < 126 ? 0 : short === 126 ? 2 : 8) + 4;
}

/** @param {Buffer} frame */
function inOtherWords(frame) {
  const start = bodyStart(frame);
  const mask = frame.subarray(start - 4, start);
  const masked = (/** @type {Buffer} */ bytes) =>
    Buffer.from(bytes.map((byte, at) => byte ^ (mask[at % 4] ?? 0)));
  const text = masked(frame.subarray(start)).toString();
  if (!text.includes(`"${UNKNOWN}"`)) return frame;
  const body = Buffer.from(JSON.stringify({ id: JSON.parse(text).id, method: "session.status", params: {} }));
  return Buffer.concat([Buffer.from([frame[0] ?? 0, 0x80 | body.length]), mask, masked(body)]);
}
