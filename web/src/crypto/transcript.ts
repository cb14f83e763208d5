/** The transcript: a hash chain over a seat's messages, so that a server cannot reorder, drop or roll back unseen. */
import { type Bytes, concat, exactly, u8, u32, u64 } from "./bytes.ts";
import { domain, hash } from "./kdf.ts";
import { ROLE_BYTE, type Role } from "./seat.ts";

/** What the chain takes in of one message. */
export interface TranscriptStep {
  /** The chat's number of the message. */
  readonly n: number;
  readonly role: Role;
  readonly cid: Bytes;
  readonly body: Bytes;
}

/** The chain before a seat's first message. */
export async function transcriptStart(chatRef: Bytes, seat: number, enc: Bytes): Promise<Bytes> {
  return hash(domain("transcript"), exactly(chatRef, 16, "chat reference"), u32(seat), enc);
}

/** The chain after one more message. */
export async function transcriptNext(previous: Bytes, step: TranscriptStep): Promise<Bytes> {
  const head = concat(exactly(previous, 32, "transcript"), u64(step.n), u8(ROLE_BYTE[step.role]));
  return hash(head, exactly(step.cid, 16, "cid"), await hash(step.body));
}
