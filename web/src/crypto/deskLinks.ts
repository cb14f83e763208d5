/** What the open desk does with links and seats: makes links, shows them again, and derives the roots of seats. */
import { type Bytes, equal, exactly, fromBase64Url, toBase64Url } from "./bytes.ts";
import type { DeskKeys } from "./deskKeys.ts";
import { CryptoFailure, type FailureCode } from "./failure.ts";
import { publicKeyOf } from "./hpke.ts";
import { deskKeyOf } from "./identity.ts";
import { chatRefOf } from "./kdf.ts";
import { currentIdentity, epochOf, type Keyring, newestEpoch } from "./keyring.ts";
import type { LinkKeys, MadeLink, OpenedLink, OpenedSeat, SealedLabel, SeatRow } from "./keyWorkerApi.ts";
import { type Fixed, fragmentText, openBlob, sealLink } from "./link.ts";
import { openVault, sealVaultByDesk, type VaultKeys } from "./linkVault.ts";
import { NONCE_LENGTH } from "./seal.ts";
import { rootOfSeat, type SeatBinding } from "./seat.ts";
import { type Random, SeatBook } from "./seatBook.ts";

/** Works with the desk that is open. */
export class DeskLinks {
  readonly seats: SeatBook;
  readonly #keys: DeskKeys;
  readonly #random: Random;

  constructor(keys: DeskKeys, random: Random) {
    this.#keys = keys;
    this.#random = random;
    this.seats = new SeatBook("partner", random);
  }

  async makeLink(chatId: string, label: string): Promise<MadeLink> {
    const { partnerId, keyring } = await this.#keys.opened();
    const { epoch, seed } = newestEpoch(keyring);
    const fixed: Fixed = {
      linkId: this.#random(16),
      chatRef: await chatRefOf(partnerId, chatId),
      r: this.#random(32),
      epoch,
      inboxPublic: await publicKeyOf(seed),
      identityPublic: await currentIdentity(keyring),
    };
    const { f, blob, proofHash } = await sealLink(fixed);
    const deskKey = await deskKeyOf(keyring.identitySeed);
    const content = { linkId: fixed.linkId, f, label };
    const vault = await sealVaultByDesk(deskKey, content, this.#random(NONCE_LENGTH));
    return {
      linkId: toBase64Url(fixed.linkId),
      chatRef: toBase64Url(fixed.chatRef),
      epoch,
      blob: toBase64Url(blob),
      proofHash: toBase64Url(proofHash),
      vault: toBase64Url(vault),
      fragment: fragmentText({ kind: "sealed", f }),
    };
  }

  async openLinks(rows: readonly LinkKeys[]): Promise<readonly OpenedLink[]> {
    const { keyring } = await this.#keys.opened();
    const keys = await this.#keys.vaultKeys();
    return Promise.all(
      rows.map((row) =>
        openLink(keyring, keys, row).catch((error: unknown): OpenedLink => {
          return { kind: "refused", idHash: row.idHash, code: codeOf(error) };
        }),
      ),
    );
  }

  async openLabels(rows: readonly SealedLabel[]): Promise<readonly (string | null)[]> {
    const keys = await this.#keys.vaultKeys();
    return Promise.all(rows.map((row) => openLabel(keys, row)));
  }

  async openSeats(rows: readonly SeatRow[]): Promise<readonly OpenedSeat[]> {
    const { keyring } = await this.#keys.opened();
    const keys = await this.#keys.vaultKeys();
    return Promise.all(
      rows.map((row) =>
        this.#openSeat(keyring, keys, row).catch((error: unknown): OpenedSeat => {
          return { kind: "refused", chatRef: row.chat, seat: row.number, code: codeOf(error) };
        }),
      ),
    );
  }

  async #openSeat(keyring: Keyring, keys: VaultKeys, row: SeatRow): Promise<OpenedSeat> {
    const { chat: chatRef, number: seat, firstSeq, handshake } = row;
    if (!handshake) throw new CryptoFailure("no_key", "redeemed without a handshake");
    const { binding, ...known } = await seatLink(keys, row);
    if (!this.seats.has(chatRef, seat)) {
      const { seed } = epochOf(keyring, handshake.epoch);
      const enc = fromBase64Url(handshake.enc);
      const root = await rootOfSeat({ seed, publicKey: await publicKeyOf(seed) }, binding, enc);
      await this.seats.add({ chatRef, seat, firstSeq, enc, root });
    }
    return { kind: "open", chatRef, seat, ...known };
  }
}

async function openLink(keyring: Keyring, keys: VaultKeys, row: LinkKeys): Promise<OpenedLink> {
  const { idHash } = row;
  if (!row.vault) return { kind: "plain", idHash };
  const opened = await openVault(keys, hashOf(idHash), fromBase64Url(row.vault));
  const fixed = await openBlob(opened.f, opened.linkId, fromBase64Url(row.blob));
  await requireOwn(keyring, fixed, row.chatRef);
  if (opened.madeBy === "key") return { kind: "made_by_key", idHash, label: opened.label };
  return {
    kind: "shown",
    idHash,
    linkId: toBase64Url(opened.linkId),
    fragment: fragmentText({ kind: "sealed", f: opened.f }),
    label: opened.label,
  };
}

async function openLabel(keys: VaultKeys, { linkHash, vault }: SealedLabel): Promise<string | null> {
  try {
    return (await openVault(keys, hashOf(linkHash), fromBase64Url(vault))).label;
  } catch (error) {
    codeOf(error);
    return null;
  }
}

/** Refuses a link to another chat, or one that vouches for keys which are not the partner's own. */
async function requireOwn(keyring: Keyring, fixed: Fixed, chatRef: string): Promise<void> {
  if (toBase64Url(fixed.chatRef) !== chatRef) throw new CryptoFailure("mismatch", "another chat");
  const identities = [keyring.firstIdentity, ...keyring.successions.map(({ identity }) => identity)];
  if (!identities.some((identity) => equal(identity, fixed.identityPublic))) {
    throw new CryptoFailure("identity");
  }
  const { seed } = epochOf(keyring, fixed.epoch);
  if (!equal(await publicKeyOf(seed), fixed.inboxPublic)) throw new CryptoFailure("mismatch", "inbox key");
}

async function seatLink(
  keys: VaultKeys,
  { chat, linkHash, vault }: SeatRow,
): Promise<{ binding: SeatBinding; madeBy: "desk" | "key" | "plain"; label: string | null }> {
  const chatRef = exactly(fromBase64Url(chat), 16, "chat reference");
  if (vault) {
    const { madeBy, label, ...link } = await openVault(keys, hashOf(linkHash), fromBase64Url(vault));
    return { binding: { kind: "sealed", chatRef, ...link }, madeBy, label };
  }
  return { binding: { kind: "plain", chatRef, linkHash: hashOf(linkHash) }, madeBy: "plain", label: null };
}

function hashOf(text: string): Bytes {
  return exactly(fromBase64Url(text), 32, "hash");
}

function codeOf(error: unknown): FailureCode {
  if (error instanceof CryptoFailure) return error.code;
  throw error;
}
