/** A UUIDv7 (RFC 9562): the sender's name for a message, sorted by time. */
import { type Bytes, exactly, toUuid } from "./bytes.ts";

/** A UUIDv7 of `now` (Unix milliseconds) and ten random bytes. */
export function uuidV7(now: number, random: Bytes): string {
  const bytes = new Uint8Array(16);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(now) << 16n);
  bytes.set(exactly(random, 10, "randomness"), 6);
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x70;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  return toUuid(bytes);
}

/** A fresh UUIDv7. */
export function freshId(): string {
  return uuidV7(Date.now(), crypto.getRandomValues(new Uint8Array(10)));
}

/** Which of two names was made earlier: by their letters alone. A browser's own order is that of its language. */
export function compareIds(left: string, right: string): number {
  return left < right ? -1 : Number(left > right);
}
