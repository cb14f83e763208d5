/** A link's vault: lets any agent show the link again, and derive the keys of who came through it. */
import { type Bytes, concat, equal, exactly, fromUtf8, Reader, u8, u32, utf8 } from "./bytes.ts";
import { CryptoFailure } from "./failure.ts";
import { hpkeOpen, hpkeSeal } from "./hpke.ts";
import { hash } from "./kdf.ts";
import { open, seal } from "./seal.ts";

const VERSION = 1;
const BY_DESK = 1;
const BY_KEY = 2;
const INFO = utf8("wicketgate/1 vault");

/** The longest label, in UTF-8 bytes. */
export const MAX_LABEL = 200;

/** What a vault holds. */
export interface VaultContent {
  readonly linkId: Bytes;
  readonly f: Bytes;
  readonly label: string;
}

/** An opened vault, and who made it: an agent's client, or a bare API key (which anyone could imitate). */
export interface OpenedVault extends VaultContent {
  readonly madeBy: "desk" | "key";
}

/** How to reach the keys that open a vault. */
export interface VaultKeys {
  readonly deskKey: Bytes;
  /** The seed of an inbox epoch; refuses an unknown one. */
  seedOf(epoch: number): Bytes;
}

/** Seals a vault under the desk key. */
export async function sealVaultByDesk(deskKey: Bytes, content: VaultContent, nonce: Bytes): Promise<Bytes> {
  const sealed = await seal(deskKey, nonce, encodeContent(content), await hash(content.linkId));
  return concat(u8(VERSION), u8(BY_DESK), sealed);
}

/** Seals a vault to the inbox, for a maker that holds an API key alone. `randomness` is 64 random bytes. */
export async function sealVaultByKey(
  inboxPublic: Bytes,
  epoch: number,
  content: VaultContent,
  randomness: Bytes,
): Promise<Bytes> {
  const aad = await hash(content.linkId);
  const sealed = await hpkeSeal(inboxPublic, INFO, aad, encodeContent(content), randomness);
  return concat(u8(VERSION), u8(BY_KEY), u32(epoch), sealed);
}

/** Opens a vault, and refuses one that belongs to another link than the row with this hash. */
export async function openVault(keys: VaultKeys, linkHash: Bytes, vault: Bytes): Promise<OpenedVault> {
  const reader = new Reader(vault);
  reader.expect(VERSION, "vault");
  const kind = reader.u8();
  let opened: OpenedVault;
  if (kind === BY_DESK) {
    opened = { madeBy: "desk", ...parseContent(await open(keys.deskKey, reader.rest(), linkHash)) };
  } else if (kind === BY_KEY) {
    const seed = keys.seedOf(reader.u32());
    opened = { madeBy: "key", ...parseContent(await hpkeOpen(seed, INFO, linkHash, reader.rest())) };
  } else {
    throw new CryptoFailure("malformed", "vault kind");
  }
  if (!equal(await hash(opened.linkId), linkHash))
    throw new CryptoFailure("mismatch", "vault of another link");
  return opened;
}

function encodeContent({ linkId, f, label }: VaultContent): Bytes {
  const labelBytes = utf8(label);
  if (labelBytes.length > MAX_LABEL) throw new CryptoFailure("too_long", "label");
  return concat(exactly(linkId, 16, "link id"), exactly(f, 32, "F"), labelBytes);
}

function parseContent(plain: Bytes): VaultContent {
  const reader = new Reader(plain);
  const content = { linkId: reader.take(16), f: reader.take(32), label: reader.rest() };
  if (content.label.length > MAX_LABEL) throw new CryptoFailure("malformed", "label");
  return { ...content, label: fromUtf8(content.label) };
}
