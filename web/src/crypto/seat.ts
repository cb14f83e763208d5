/** Taking a seat: the agreement on a root between the visitor of a link and the partner's agents. */
import { type Bytes, concat } from "./bytes.ts";
import { agreeAsRecipient, agreeAsSender, type PreShared } from "./hpke.ts";
import { domain, hash, kdf } from "./kdf.ts";

/** Whose side of a chat sent something. */
export type Role = "customer" | "partner";

/** The byte of a role. */
export const ROLE_BYTE: Readonly<Record<Role, number>> = { customer: 0, partner: 1 };

/** What binds an agreement to one chat and one link. */
export type SeatBinding =
  | { readonly kind: "sealed"; readonly chatRef: Bytes; readonly linkId: Bytes; readonly f: Bytes }
  | { readonly kind: "plain"; readonly chatRef: Bytes; readonly linkHash: Bytes };

/** The visitor's half. `randomness` is 64 fresh random bytes. */
export async function takeSeat(
  inboxPublic: Bytes,
  binding: SeatBinding,
  randomness: Bytes,
): Promise<{ enc: Bytes; root: Bytes }> {
  const info = await seatInfo(binding, inboxPublic);
  return agreeAsSender(inboxPublic, info, randomness, await preSharedOf(binding));
}

/** The agents' half. */
export async function rootOfSeat(
  inbox: { readonly seed: Bytes; readonly publicKey: Bytes },
  binding: SeatBinding,
  enc: Bytes,
): Promise<Bytes> {
  const info = await seatInfo(binding, inbox.publicKey);
  return agreeAsRecipient(inbox.seed, info, enc, await preSharedOf(binding));
}

async function seatInfo(binding: SeatBinding, inboxPublic: Bytes): Promise<Bytes> {
  // Agents never learn a plain link's id, so its hash stands in for it.
  return binding.kind === "sealed"
    ? concat(domain("seat"), binding.chatRef, binding.linkId, binding.f)
    : concat(domain("seat"), binding.chatRef, binding.linkHash, await hash(inboxPublic));
}

async function preSharedOf(binding: SeatBinding): Promise<PreShared | undefined> {
  return binding.kind === "sealed" ? { key: await kdf(binding.f, "psk"), id: binding.linkId } : undefined;
}
