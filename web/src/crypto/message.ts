/** One message: its key, its padding, and what a sender says about the history it has seen. */
import { type Bytes, concat, exactly, fromUtf8, Reader, u8, u32, u64, utf8 } from "./bytes.ts";
import { CryptoFailure } from "./failure.ts";
import { kdf } from "./kdf.ts";
import { LONGEST_JSON, LONGEST_TEXT } from "./lengths.ts";
import { json, record, text } from "./parse.ts";
import { open, seal } from "./seal.ts";
import { ROLE_BYTE, type Role } from "./seat.ts";

const VERSION = 1;
const PADDED_TO = 128;
const HEAD_LENGTH = 1 + 8 + 32;

/** Where a message belongs. */
export interface MessagePlace {
  readonly chatRef: Bytes;
  readonly seat: number;
  readonly role: Role;
  /** The sender's name for it: the 16 bytes of a UUIDv7. */
  readonly cid: Bytes;
}

/** The newest gapless message that the sender had checked, and the transcript up to it. */
export interface Seen {
  readonly n: number;
  readonly transcript: Bytes;
}

/** What a message says. An `unknown` one was written by a newer client. */
export type Content =
  | { readonly type: "text"; readonly text: string }
  | { readonly type: "unknown"; readonly name: string };

/** The key of one message. */
export async function messageKeyOf(root: Bytes | CryptoKey, role: Role, cid: Bytes): Promise<Bytes> {
  return kdf(root, "message", concat(u8(ROLE_BYTE[role]), exactly(cid, 16, "cid")));
}

/** Seals JSON text as a message body. `nonce` is 12 fresh random bytes. */
export async function sealMessage(
  root: Bytes | CryptoKey,
  place: MessagePlace,
  seen: Seen,
  source: string,
  nonce: Bytes,
): Promise<Bytes> {
  const content = concat(u8(VERSION), u64(seen.n), exactly(seen.transcript, 32, "transcript"), utf8(source));
  const key = await messageKeyOf(root, place.role, place.cid);
  return seal(key, nonce, pad(content), messageAad(place));
}

/** Opens a message body into its JSON text and what its sender had seen. */
export async function openMessage(
  root: Bytes | CryptoKey,
  place: MessagePlace,
  body: Bytes,
): Promise<{ seen: Seen; source: string }> {
  const key = await messageKeyOf(root, place.role, place.cid);
  const reader = new Reader(unpad(await open(key, body, messageAad(place))));
  reader.expect(VERSION, "message");
  const seen = { n: reader.u64(), transcript: reader.take(32) };
  return { seen, source: fromUtf8(reader.rest()) };
}

/** The JSON of a text message. A text over 16 KiB, or one whose JSON is over 32 KiB, is `too_long`. */
export function textContent(text: string): string {
  // No text has fewer bytes than characters: what is far too long costs nothing to tell.
  const bytes = text.length > LONGEST_TEXT ? null : utf8(text);
  if (!bytes || bytes.length > LONGEST_TEXT) throw new CryptoFailure("too_long", "text");
  // Half of a surrogate pair becomes U+FFFD here: JSON would carry it escaped, and not every reader takes that.
  const source = JSON.stringify({ type: "text", text: fromUtf8(bytes) });
  if (utf8(source).length > LONGEST_JSON) throw new CryptoFailure("too_long", "text");
  return source;
}

/** Reads a message's JSON. */
export function parseContent(source: string): Content {
  const fields = record(json(source));
  const type = text(fields.type);
  return type === "text" ? { type, text: text(fields.text) } : { type: "unknown", name: type };
}

function messageAad({ chatRef, seat, role, cid }: MessagePlace): Bytes {
  return concat(u8(VERSION), exactly(chatRef, 16, "chat reference"), u32(seat), u8(ROLE_BYTE[role]), cid);
}

function pad(content: Bytes): Bytes {
  const padded = new Uint8Array(Math.ceil((content.length + 1) / PADDED_TO) * PADDED_TO);
  padded.set(content);
  padded[content.length] = 0x80;
  return padded;
}

function unpad(padded: Bytes): Bytes {
  let end = padded.length - 1;
  while (end >= HEAD_LENGTH && padded[end] === 0) end -= 1;
  const canonical =
    padded.length % PADDED_TO === 0 && padded[end] === 0x80 && padded.length - end <= PADDED_TO;
  if (!canonical) throw new CryptoFailure("malformed", "padding");
  return padded.slice(0, end);
}
