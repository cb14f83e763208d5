/** Bytes and their text forms: the only place that encodes or decodes. */
import { CryptoFailure } from "./failure.ts";

/** Bytes that own an ordinary buffer, which is what WebCrypto takes. */
export type Bytes = Uint8Array<ArrayBuffer>;

const encoder = /* @__PURE__ */ new TextEncoder();
const decoder = /* @__PURE__ */ new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** The UTF-8 bytes of a text. */
export function utf8(text: string): Bytes {
  return encoder.encode(text) as Bytes;
}

/** The text of UTF-8 bytes; anything else is `malformed`. */
export function fromUtf8(bytes: Bytes): string {
  try {
    return decoder.decode(bytes);
  } catch {
    throw new CryptoFailure("malformed", "not UTF-8");
  }
}

/** All parts, one after the other. */
export function concat(...parts: readonly Uint8Array[]): Bytes {
  const joined = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    joined.set(part, offset);
    offset += part.length;
  }
  return joined;
}

/** One byte. */
export function u8(value: number): Bytes {
  return Uint8Array.of(value);
}

/** A 16-bit big-endian integer. */
export function u16(value: number): Bytes {
  const bytes = new Uint8Array(2);
  new DataView(bytes.buffer).setUint16(0, value);
  return bytes;
}

/** A 32-bit big-endian integer. */
export function u32(value: number): Bytes {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, value);
  return bytes;
}

/** A 64-bit big-endian integer. */
export function u64(value: number): Bytes {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(value));
  return bytes;
}

/** Whether two byte strings are equal, in a time that depends only on their lengths. */
export function equal(left: Uint8Array, right: Uint8Array): boolean {
  if (left.length !== right.length) return false;
  let difference = 0;
  left.forEach((byte, index) => {
    difference |= byte ^ (right[index] ?? 0);
  });
  return difference === 0;
}

/** The bytes, when there are exactly `length` of them. */
export function exactly(bytes: Bytes, length: number, what: string): Bytes {
  if (bytes.length !== length) throw new CryptoFailure("malformed", `${what}: not ${length} bytes`);
  return bytes;
}

/** base64url without padding. */
export function toBase64Url(bytes: Uint8Array): string {
  let binary = "";
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return btoa(binary).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
}

/** Bytes of a base64url text: its one canonical form only. */
export function fromBase64Url(text: unknown): Bytes {
  if (typeof text !== "string" || !/^[A-Za-z0-9_-]*$/.test(text) || text.length % 4 === 1) {
    throw new CryptoFailure("malformed", "not base64url");
  }
  const binary = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  const bytes = Uint8Array.from(binary, (character) => character.charCodeAt(0));
  if (toBase64Url(bytes) !== text) throw new CryptoFailure("malformed", "not canonical base64url");
  return bytes;
}

/** The 16 bytes of a UUID in its hyphenated lower or upper case form. */
export function fromUuid(text: unknown): Bytes {
  if (typeof text !== "string" || !/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text)) {
    throw new CryptoFailure("malformed", "not a UUID");
  }
  return Uint8Array.from(text.replaceAll("-", "").match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}

/** The hyphenated lower case form of 16 bytes. */
export function toUuid(bytes: Bytes): string {
  const hex = Array.from(exactly(bytes, 16, "UUID"), (byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}

/** Reads fields off the front of foreign bytes; running short is `malformed`. */
export class Reader {
  readonly #bytes: Bytes;
  #offset = 0;

  constructor(bytes: Bytes) {
    this.#bytes = bytes;
  }

  /** The next `length` bytes, copied. */
  take(length: number): Bytes {
    const end = this.#offset + length;
    if (end > this.#bytes.length) throw new CryptoFailure("malformed", "too short");
    const taken = this.#bytes.slice(this.#offset, end);
    this.#offset = end;
    return taken;
  }

  /** Everything that is left. */
  rest(): Bytes {
    return this.take(this.#bytes.length - this.#offset);
  }

  u8(): number {
    return this.#view(1).getUint8(0);
  }

  u16(): number {
    return this.#view(2).getUint16(0);
  }

  u32(): number {
    return this.#view(4).getUint32(0);
  }

  /** A 64-bit integer that a JavaScript number holds exactly. */
  u64(): number {
    const value = this.#view(8).getBigUint64(0);
    if (value > BigInt(Number.MAX_SAFE_INTEGER)) throw new CryptoFailure("malformed", "number too large");
    return Number(value);
  }

  /** A counted list: a 16-bit count, then that many items. */
  list<Item>(item: (reader: Reader) => Item): Item[] {
    return Array.from({ length: this.u16() }, () => item(this));
  }

  /** Refuses a leading byte other than `expected`. */
  expect(expected: number, what: string): void {
    if (this.u8() !== expected) throw new CryptoFailure("malformed", `${what}: unknown version`);
  }

  /** Refuses trailing bytes. */
  end(): void {
    if (this.#offset !== this.#bytes.length) throw new CryptoFailure("malformed", "trailing bytes");
  }

  #view(length: number): DataView {
    return new DataView(this.take(length).buffer);
  }
}
