/** Names for own messages, in the order in which they were written. */
import { uuidV7 } from "../crypto/cid.ts";

let last = 0;

/** A UUIDv7 that sorts after every earlier one of this page, even within one millisecond. */
export function nextCid(now: number): string {
  last = Math.max(now, last + 1);
  return uuidV7(last, crypto.getRandomValues(new Uint8Array(10)));
}
