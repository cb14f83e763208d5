/** The records of the store: what is read back is parsed again, for storage is outside too. */

import type { HeldSeat, OutboxItem, Redemption, Role } from "./keyWorkerApi.ts";
import { count, optional, record, text } from "./parse.ts";

/** A redemption with the secret that it led to. */
export interface RedemptionRecord extends Redemption {
  readonly root: string;
}

/** A held seat with its root. */
export interface SeatRecord extends HeldSeat {
  readonly root: string;
}

/** The desk as it rests: the agent's secret and the opened keyring. */
export interface DeskRecord {
  readonly partnerId: string;
  readonly agentId: string;
  readonly seed: string;
  readonly identity: string;
  readonly keyring: string;
}

/** Reads a redemption. */
export function parseRedemption(value: unknown): RedemptionRecord {
  const fields = record(value);
  const body = record(fields.body);
  const handshake = record(body.handshake);
  const proof = optional(body.proof, text);
  return {
    kind: fields.kind === "sealed" ? "sealed" : "plain",
    chatRef: text(fields.chatRef),
    root: text(fields.root),
    body: {
      linkId: text(body.linkId),
      claim: text(body.claim),
      ...(proof !== null && { proof }),
      handshake: { epoch: count(handshake.epoch), enc: text(handshake.enc) },
    },
  };
}

/** Reads a held seat. */
export function parseSeat(value: unknown): SeatRecord {
  const fields = record(value);
  return {
    ...parseRedemption(value),
    seat: count(fields.seat),
    firstSeq: count(fields.firstSeq),
    takenAt: count(fields.takenAt),
  };
}

/** Reads what waits to be sent. */
export function parseOutboxItem(value: unknown): OutboxItem {
  const fields = record(value);
  return {
    as: parseRole(fields.as),
    chatRef: text(fields.chatRef),
    seat: count(fields.seat),
    cid: text(fields.cid),
    body: text(fields.body),
    at: count(fields.at),
    state: fields.state === "refused" ? "refused" : "waiting",
  };
}

/** Reads a resting desk. */
export function parseDesk(value: unknown): DeskRecord {
  const fields = record(value);
  return {
    partnerId: text(fields.partnerId),
    agentId: text(fields.agentId),
    seed: text(fields.seed),
    identity: text(fields.identity),
    keyring: text(fields.keyring),
  };
}

function parseRole(value: unknown): Role {
  return value === "partner" ? "partner" : "customer";
}
