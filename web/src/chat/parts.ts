/** What a chat is made of, and the names of its states. */
import type { Api } from "../api/api.ts";
import type { ChatLine } from "../api/line.ts";
import type { Cursors, Side } from "../api/wire.ts";
import type { KeyWorker } from "../crypto/keyWorkerApi.ts";
import type { Notice } from "../ui/notice.ts";
import type { Outbox } from "./outbox.ts";
import type { Question } from "./question.ts";
import type { Seats } from "./seats.ts";

/** Whether the thread is there. */
export type Phase =
  | { readonly kind: "loading" }
  | { readonly kind: "ready" }
  | { readonly kind: "failed"; readonly fault: unknown };

/** Why nothing more can be written; `lost` means that this browser's credential is gone. */
export type Closed = "chat_ended" | "superseded" | "lost";

/** The key worker's part in a chat. */
export type ChatKeyWorker = Pick<
  KeyWorker,
  "sealText" | "readOwn" | "readPage" | "putOutbox" | "outbox" | "removeOutbox" | "drafts" | "setDraft"
>;

/** What a chat is made of. */
export interface ChatParts {
  readonly side: Side;
  readonly chatRef: string;
  readonly api: Pick<Api, "call">;
  readonly line: ChatLine;
  readonly keyWorker: ChatKeyWorker;
  readonly seats: Seats;
  /** What goes on sending after the thread is left; without it the thread has its own. */
  readonly outbox?: Outbox;
  /** Asks before the first message to another customer browser; only a desk has one. */
  readonly question?: Question;
  readonly notice: Notice;
  /** The number of the first message that this side can read: the seat's, or 1 on the desk. */
  readonly firstSeq: number;
  /** How far this side had read when the page opened. */
  readonly read: number;
  /** How far the other side has come, by seat, as far as it is known. */
  readonly theirs?: ReadonlyMap<number, Cursors>;
  readonly online?: boolean;
  readonly closed?: Closed | null;
  readonly endedBy?: Side | null;
  /** Unix milliseconds. */
  readonly now: () => number;
}
