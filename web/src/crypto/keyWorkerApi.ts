/**
 * What the page may ask of the worker that holds the keys.
 *
 * Bytes travel as base64url text, times as Unix seconds, and every promise rejects with a {@link CryptoFailure} alone.
 */
import type { CertificateJson } from "./certificate.ts";
import type { FailureCode } from "./failure.ts";
import type { Content } from "./message.ts";
import type { Role } from "./seat.ts";

export type { CertificateJson } from "./certificate.ts";
export type { Content } from "./message.ts";
export type { Role } from "./seat.ts";

/**
 * Where keys rest, from best to worst: under a key that no script can read, as they are in IndexedDB, in this tab's
 * session storage, or in memory alone (say "Keep this tab open").
 */
export type Keeping = "wrapped" | "raw" | "session" | "memory";

/** A link as the address bar and the server's `Door` give it. */
export interface LinkOffer {
  readonly linkId: string;
  /** `location.hash`, as it is. */
  readonly fragment: string;
  readonly door: DoorKeys;
}

/** What a `Door` says about keys: nothing of it is believed before it is checked against the fragment. */
export interface DoorKeys {
  readonly chatRef?: string | null | undefined;
  /** A sealed link's. */
  readonly blob?: string | null | undefined;
  /** A plain link's, all three. */
  readonly partnerId?: string | null | undefined;
  readonly identity?: string | null | undefined;
  readonly certificate?: unknown;
}

/** A link that holds what it says. Only a `sealed` one is "verified by link". */
export interface CheckedLink {
  readonly kind: "sealed" | "plain";
  readonly chatRef: string;
  /** The partner's identity fingerprint. */
  readonly fingerprint: string;
}

/** The body of the one POST that redeems: sent again as it is, never rebuilt. */
export interface RedemptionBody {
  readonly linkId: string;
  readonly claim: string;
  readonly proof?: string;
  readonly handshake: Handshake;
}

/** What lets the partner derive the same root. */
export interface Handshake {
  readonly epoch: number;
  readonly enc: string;
}

/** A redemption that is stored and not yet known to have succeeded or failed. */
export interface Redemption {
  readonly kind: "sealed" | "plain";
  readonly chatRef: string;
  readonly body: RedemptionBody;
}

/** A seat that this browser holds the key of. `body` may be posted again, for a fresh cookie. */
export interface HeldSeat extends Redemption {
  readonly seat: number;
  readonly firstSeq: number;
  /** When it was taken. */
  readonly takenAt: number;
}

/** One seat, seen from one side. */
export interface SeatPlace {
  readonly as: Role;
  readonly chatRef: string;
  readonly seat: number;
}

/** A stored message as the server sends it. `cid` is a UUID. */
export interface StoredMessage {
  readonly seq: number;
  readonly from: Role;
  readonly cid: string;
  readonly body: string;
}

/**
 * Messages of one seat in a row, and the server's word on the transcript just before the first. That word is only used
 * where nothing better is known, so null is right for a message that follows one already read.
 */
export interface MessagePage {
  readonly transcript: string | null;
  readonly messages: readonly StoredMessage[];
}

/** Whether what a sender had seen is what this side has: not known until that message is loaded. */
export type HistoryCheck = "agrees" | "differs" | "unknown";

/** An opened message; `content` is null when it does not open. */
export interface ReadMessage {
  readonly seq: number;
  readonly from: Role;
  readonly cid: string;
  readonly content: Content | null;
  readonly history: HistoryCheck;
}

/** An opened page, and checks of earlier messages that this page settled. */
export interface ReadPage {
  readonly messages: readonly ReadMessage[];
  readonly settled: readonly { readonly seq: number; readonly history: HistoryCheck }[];
}

/** A password's verifier and wrap, for the server to keep. */
export interface PasswordRecord {
  readonly salt: string;
  readonly rounds: number;
  readonly auth: string;
  readonly wrap: string;
}

/** A recovery code to show once, and what the server keeps of it. */
export interface RecoveryRecord {
  readonly code: string;
  readonly recovery: { readonly auth: string; readonly wrap: string };
}

/** A keyring that is sealed to one agent. */
export interface KeyringCopy {
  readonly agentId: string;
  readonly sealed: string;
}

/** A new partner. The keyring is open afterwards. */
export interface NewPartner {
  /** Show it once; it is never sent. */
  readonly recoveryCode: string;
  /** The keys of the set-up request. */
  readonly request: {
    readonly partnerId: string;
    readonly agentId: string;
    readonly password: PasswordRecord;
    readonly recovery: RecoveryRecord["recovery"];
    readonly identity: string;
    readonly agentKem: string;
    readonly agentSign: string;
    readonly generation: number;
    readonly keyring: string;
    readonly certificate: CertificateJson;
  };
}

/** What the server says of the agent that signed in: the page's `Me` fits. */
export interface Account {
  readonly partnerId: string;
  readonly agentId: string;
  readonly wrap: string;
  readonly generation: number;
  readonly keyring: string;
}

/** A keyring that is open in the worker: the desk works with its keys. */
export interface OpenKeyring {
  readonly partnerId: string;
  readonly agentId: string;
  readonly generation: number;
  readonly epoch: number;
  readonly identity: string;
  readonly fingerprint: string;
}

/** A further generation of the keyring: send it as it is, then `adoptKeyring` once the server took it. */
export interface KeyringProposal {
  readonly generation: number;
  readonly copies: readonly KeyringCopy[];
  readonly certificate: CertificateJson;
}

/** A sealed link that was just made: post all but `fragment`, and show `{public-url}/secure/chat/{linkId}#{fragment}`. */
export interface MadeLink {
  readonly linkId: string;
  readonly chatRef: string;
  readonly epoch: number;
  readonly blob: string;
  readonly proofHash: string;
  readonly vault: string;
  readonly fragment: string;
}

/** A row of the server's list of links: its `LinkRow` fits. */
export interface LinkKeys {
  readonly idHash: string;
  readonly chatRef: string;
  readonly blob?: string | null | undefined;
  readonly vault?: string | null | undefined;
}

/**
 * What a row turned out to be: a link to show, one that an API key made (issue it again instead), a plain one (which
 * nobody can show again), or one that does not hold what it should.
 */
export type OpenedLink =
  | {
      readonly kind: "shown";
      readonly idHash: string;
      readonly linkId: string;
      readonly fragment: string;
      readonly label: string;
    }
  | { readonly kind: "made_by_key"; readonly idHash: string; readonly label: string }
  | { readonly kind: "plain"; readonly idHash: string }
  | { readonly kind: "refused"; readonly idHash: string; readonly code: FailureCode };

/** A link's label as agents get it: in its vault. The server's `SealedLabel` fits. */
export interface SealedLabel {
  readonly linkHash: string;
  readonly vault: string;
}

/** A seat as agents get it: the server's `SeatRow` fits. A plain link's seat has no vault. */
export interface SeatRow {
  readonly chat: string;
  readonly number: number;
  readonly firstSeq: number;
  readonly handshake?: Handshake | null | undefined;
  readonly linkHash: string;
  readonly vault?: string | null | undefined;
}

/** A seat whose root is now in the worker, or why it is not. Only `desk` means that the server never knew F. */
export type OpenedSeat =
  | {
      readonly kind: "open";
      readonly chatRef: string;
      readonly seat: number;
      readonly madeBy: "desk" | "key" | "plain";
      readonly label: string | null;
    }
  | { readonly kind: "refused"; readonly chatRef: string; readonly seat: number; readonly code: FailureCode };

/** A sealed message that waits to be sent: a retry sends these very bytes. */
export interface OutboxItem {
  readonly as: Role;
  readonly chatRef: string;
  readonly seat: number;
  readonly cid: string;
  readonly body: string;
  /** When it was written. */
  readonly at: number;
  readonly state: "waiting" | "refused";
}

/** What one tab wrote and did not send. Names of tabs sort by their age. */
export interface TabDraft {
  readonly tab: string;
  readonly text: string;
}

/** The calls. All are safe to make at any time and in any order. */
export interface KeyWorker {
  /** Where keys rest in this browser. */
  keeping(): Promise<Keeping>;

  // The customer.

  /** Checks a link without leaving a trace. `unopened`, `mismatch`, `identity`, `certificate`, `malformed`. */
  checkLink(offer: LinkOffer, now: number): Promise<CheckedLink>;
  /** Checks the link and stores its one redemption, or returns the one that this or another tab stored before. */
  prepareRedemption(offer: LinkOffer, now: number): Promise<Redemption>;
  /** The redemption of a link that is still pending. */
  pendingRedemption(linkId: string): Promise<Redemption | null>;
  /** Every pending redemption: post each again on load. */
  pendingRedemptions(): Promise<readonly Redemption[]>;
  /** The server gave a seat: its key is kept under the chat, and the redemption is no longer pending. */
  seatTaken(linkId: string, given: Pick<HeldSeat, "seat" | "firstSeq" | "takenAt">): Promise<HeldSeat>;
  /** The server refused for good: forgets the redemption. */
  dropRedemption(linkId: string): Promise<void>;
  /** The seats that this browser holds, newest first. At most 20 are kept. */
  heldSeats(): Promise<readonly HeldSeat[]>;
  /** The seat held on a chat: null says "This browser no longer has the key". */
  heldSeat(chatRef: string): Promise<HeldSeat | null>;
  /** Forgets a seat with its outbox and draft. */
  forgetSeat(chatRef: string): Promise<void>;

  // Messages, on either side. A customer's seat must be held, an agent's opened by `openSeats`: else `no_key`.

  /** Seals a text message; `cid` is a fresh UUIDv7. `too_long` over 16 KiB, or where its JSON is over 32 KiB. */
  sealText(place: SeatPlace, cid: string, text: string): Promise<string>;
  /** Opens messages in the order of their numbers, and checks what their senders had seen. */
  readPage(place: SeatPlace, page: MessagePage): Promise<ReadPage>;
  /** Opens an own message that was never stored by the server (from the outbox). */
  readOwn(place: SeatPlace, cid: string, body: string): Promise<Content | null>;
  /** The safety words, six to compare by voice. */
  safetyWords(place: SeatPlace): Promise<readonly string[]>;

  // The desk.

  /** Makes every key of a new partner, and opens the keyring that holds them. */
  createPartner(input: {
    readonly partnerId: string;
    readonly agentId: string;
    readonly password: string;
    readonly now: number;
  }): Promise<NewPartner>;
  /** What to send as `auth` at sign-in; the other half waits in the worker for `unlock`. `weak` under 600 000 rounds. */
  passwordAuth(password: string, salt: string, rounds: number): Promise<string>;
  /** What to send as `auth` to recover, from a code as it was typed. */
  recoveryAuth(code: string): Promise<string>;
  /** Opens the wrap that recovery gave: `newPassword` and `newRecoveryCode` work from here on, then `unlock`. */
  openRecovery(wrap: { readonly agentId: string; readonly wrap: string }): Promise<void>;
  /** Opens the keyring after sign-in or recovery. `unopened`, `identity`, `rollback`. */
  unlock(account: Account): Promise<OpenKeyring>;
  /** The keyring that this browser was left signed in with. */
  resumeKeyring(): Promise<OpenKeyring | null>;
  /** Takes a newer keyring from the server; one it has already is no work. */
  updateKeyring(account: Pick<Account, "generation" | "keyring">): Promise<OpenKeyring>;
  /** Forgets the desk's keys, outbox and drafts, here and in storage. */
  signOut(): Promise<void>;
  /** Forgets the keys. Outbox and drafts stay, sealed, until this agent opens the keyring again or another one does. */
  endSession(): Promise<void>;
  /** A new password's verifier and wrap. */
  newPassword(password: string): Promise<PasswordRecord>;
  /** A new recovery code. */
  newRecoveryCode(): Promise<RecoveryRecord>;
  /** The current inbox certificate. */
  inboxCertificate(): Promise<CertificateJson>;
  /** The next inbox epoch, when the newest is 30 days old; else null. */
  renewInbox(now: number): Promise<KeyringProposal | null>;
  /** A keyring without epochs whose chats are all gone. */
  retireEpochs(epochs: readonly number[]): Promise<KeyringProposal>;
  /** The server took the proposal of this generation. */
  adoptKeyring(generation: number): Promise<OpenKeyring>;
  /** An API key with the identity added: the text to show. */
  completeApiKey(key: string): Promise<string>;
  /** Makes a sealed link. The label has at most 200 bytes. */
  makeLink(chatId: string, label: string): Promise<MadeLink>;
  /** Opens rows of the list of links. One that does not hold never hides the others. */
  openLinks(rows: readonly LinkKeys[]): Promise<readonly OpenedLink[]>;
  /**
   * Opens labels alone, in the order of the rows: null where one does not hold. That a link leads to the chat which it
   * is shown for is proven only by opening its seat.
   */
  openLabels(rows: readonly SealedLabel[]): Promise<readonly (string | null)[]>;
  /** Derives the roots of seats, ready for messages. */
  openSeats(rows: readonly SeatRow[]): Promise<readonly OpenedSeat[]>;

  // What waits and what is half written.

  /** Stores or replaces a message that waits. */
  putOutbox(item: OutboxItem): Promise<void>;
  /** What waits on one side, oldest first; of one chat, or of all. */
  outbox(as: Role, chatRef: string | null): Promise<readonly OutboxItem[]>;
  removeOutbox(as: Role, chatRef: string, cid: string): Promise<void>;
  /** What the tabs of this browser wrote in a chat, by their names. An agent's is for that agent's open keyring alone. */
  drafts(as: Role, chatRef: string): Promise<readonly TabDraft[]>;
  /** Keeps a tab's draft; an empty one is removed. */
  setDraft(as: Role, chatRef: string, tab: string, text: string): Promise<void>;
}
