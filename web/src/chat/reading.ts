/** Opens what the server sent, seat by seat. */
import type { Message, Side } from "../api/wire.ts";
import { CryptoFailure } from "../crypto/failure.ts";
import type {
  Content,
  HistoryCheck,
  KeyWorker,
  MessagePage,
  ReadPage,
  SeatPlace,
} from "../crypto/keyWorkerApi.ts";
import type { ChatMessage, Shown } from "./message.ts";
import type { Seats } from "./seats.ts";

/** Opened messages, and what became clear about earlier ones. */
export interface Opened {
  readonly messages: readonly ChatMessage[];
  /** History checks by message number. */
  readonly settled: ReadPage["settled"];
}

/** Where a side reads. */
export interface Reader {
  readonly side: Side;
  readonly chatRef: string;
  readonly keyWorker: Pick<KeyWorker, "readPage">;
  readonly seats: Seats;
}

/** Opens messages that follow each other. `transcript` is the server's word on what came before the first. */
export async function openMessages(
  reader: Reader,
  list: readonly Message[],
  transcript: string | null,
): Promise<Opened> {
  await reader.seats.ready([...new Set(list.map(({ seat }) => seat))]);
  const messages: ChatMessage[] = [];
  const settled: ReadPage["settled"][number][] = [];
  let word = transcript;
  for (const stretch of bySeat(list)) {
    const [first] = stretch;
    if (!first) continue;
    const place: SeatPlace = { as: reader.side, chatRef: reader.chatRef, seat: first.seat };
    const page = await readAgain(reader, place, { transcript: word, messages: stretch });
    word = null;
    const read = new Map(page.messages.map((message) => [message.seq, message]));
    settled.push(...page.settled);
    for (const message of stretch) {
      const opened = read.get(message.seq);
      messages.push(chatMessage(message, opened?.content ?? null, opened?.history ?? "unknown"));
    }
  }
  return { messages, settled };
}

// A worker that was started anew knows no seat that the desk had opened.
async function readAgain(reader: Reader, place: SeatPlace, page: MessagePage): Promise<ReadPage> {
  const known = reader.seats.shown.peek().some(({ number, readable }) => number === place.seat && readable);
  if (!known) return readOrNothing(reader, place, page);
  return reader.keyWorker.readPage(place, page).catch(async () => {
    await reader.seats.refresh();
    return readOrNothing(reader, place, page);
  });
}

// A seat without its key shows its messages as such, and the rest goes on.
async function readOrNothing(reader: Reader, place: SeatPlace, page: MessagePage): Promise<ReadPage> {
  try {
    return await reader.keyWorker.readPage(place, page);
  } catch (error) {
    const gone = !(error instanceof CryptoFailure) || ["unavailable", "not_loaded"].includes(error.code);
    if (gone) throw error;
    return { messages: [], settled: [] };
  }
}

function bySeat(list: readonly Message[]): Message[][] {
  const stretches: Message[][] = [];
  for (const message of list) {
    const current = stretches.at(-1);
    if (current?.[0]?.seat === message.seat) current.push(message);
    else stretches.push([message]);
  }
  return stretches;
}

function chatMessage(message: Message, content: Content | null, history: HistoryCheck): ChatMessage {
  const { cid, from, seat, seq } = message;
  return {
    cid,
    from,
    seat,
    seq,
    at: Date.parse(message.at),
    shown: shownContent(content),
    delivery: "sent",
    fault: null,
    history,
  };
}

/** What is shown of an opened content. */
export function shownContent(content: Content | null): Shown {
  if (!content) return { kind: "unopened" };
  return content.type === "text" ? { kind: "text", text: content.text } : { kind: "newer" };
}
