/** Makes sealed links: keys in the browser, then one call that may be repeated. */
import type { Api } from "../api/api.ts";
import type { KeyWorker, MadeLink } from "../crypto/keyWorkerApi.ts";
import { isBlank } from "../text/blank.ts";
import { typedLine } from "../text/typed.ts";
import { newChatName } from "./chatName.ts";

/** What the person chose for a link; an empty chat name asks for a new chat. */
export interface LinkDraft {
  readonly chatId: string;
  readonly label: string;
  readonly hours: number;
}

/** A link with its whole address. */
export interface MadeAddress {
  readonly ref: string;
  readonly url: string;
  readonly chatId: string;
  readonly label: string;
  readonly expiresAt: string;
}

export interface MakerParts {
  readonly api: Pick<Api, "call">;
  readonly keyWorker: Pick<KeyWorker, "makeLink">;
  readonly random: (length: number) => Uint8Array;
  /** Whether a fault said that the keys were out of date, and newer ones are here now. */
  readonly keysRenewed: (fault: unknown) => Promise<boolean>;
}

/** The chat had a customer, and nobody has said yet that another may take that place. */
export class NeedsAsking extends Error {}

interface Prepared {
  readonly draft: LinkDraft;
  readonly chatId: string;
  readonly label: string;
  readonly made: MadeLink;
}

export class LinkMaker {
  #prepared: Prepared | null = null;

  constructor(private readonly parts: MakerParts) {}

  /** Makes a link. `agreed` says that another customer may take the place of the one that the chat had. */
  async make(draft: LinkDraft, agreed: boolean): Promise<MadeAddress> {
    const { made, chatId, label } = await this.#prepare(draft);
    if (!agreed && !isBlank(draft.chatId) && (await this.#hadCustomer(made.chatRef))) throw new NeedsAsking();
    const { linkId, epoch, blob, proofHash, vault } = made;
    const body = { linkId, chatId, expiryHours: draft.hours, epoch, blob, proofHash, vault };
    try {
      const answer = await this.parts.api.call("POST /api/links", { body });
      this.#prepared = null;
      const url = `${answer.secureUrl.split("#", 1)[0]}#${made.fragment}`;
      return { ref: answer.ref, url, chatId, label, expiresAt: answer.expiresAt };
    } catch (fault) {
      if (!(await this.parts.keysRenewed(fault))) throw fault;
      this.#prepared = null;
      return this.make(draft, agreed);
    }
  }

  /** Makes the keys of a link, or takes those of the try before: after a lost answer the same bytes are safe to send. */
  async #prepare(draft: LinkDraft): Promise<Prepared> {
    if (this.#prepared?.draft === draft) return this.#prepared;
    const chatId = named(draft.chatId) || newChatName(this.parts.random(10));
    const label = named(draft.label);
    const made = await this.parts.keyWorker.makeLink(chatId, label);
    this.#prepared = { draft, chatId, label, made };
    return this.#prepared;
  }

  async #hadCustomer(chat: string): Promise<boolean> {
    const { chats } = await this.parts.api.call("GET /api/chats", { query: { chat } });
    return chats.some(({ seats }) => seats > 0);
  }
}

/** A name as it is meant; what shows nothing is none. */
function named(typed: string): string {
  const name = typedLine(typed);
  return isBlank(name) ? "" : name;
}
