/** The seats whose roots are in the worker: seals and opens their messages. */
import { type Bytes, exactly, fromBase64Url, fromUuid, toBase64Url } from "./bytes.ts";
import { CryptoFailure } from "./failure.ts";
import { History } from "./history.ts";
import { kdfKey } from "./kdf.ts";
import type {
  Content,
  MessagePage,
  ReadMessage,
  ReadPage,
  Role,
  SeatPlace,
  StoredMessage,
} from "./keyWorkerApi.ts";
import { type MessagePlace, openMessage, parseContent, sealMessage, textContent } from "./message.ts";
import { safetyWordsOf } from "./safetyWords.ts";
import { NONCE_LENGTH } from "./seal.ts";
import { transcriptStart } from "./transcript.ts";

/** Draws this many random bytes. */
export type Random = (length: number) => Bytes;

interface OpenSeat {
  readonly chatRef: Bytes;
  readonly seat: number;
  readonly root: CryptoKey;
  readonly history: History;
}

/** What makes a seat usable. */
export interface SeatKeys {
  readonly chatRef: string;
  readonly seat: number;
  readonly firstSeq: number;
  readonly enc: Bytes;
  readonly root: Bytes;
}

/** Open seats of one side. */
export class SeatBook {
  readonly #as: Role;
  readonly #random: Random;
  readonly #seats = new Map<string, OpenSeat>();

  constructor(as: Role, random: Random) {
    this.#as = as;
    this.#random = random;
  }

  /** Opens a seat; one that is open already keeps what it has read. */
  async add(keys: SeatKeys): Promise<void> {
    const name = nameOf(keys.chatRef, keys.seat);
    if (this.#seats.has(name)) return;
    const chatRef = exactly(fromBase64Url(keys.chatRef), 16, "chat reference");
    const start = await transcriptStart(chatRef, keys.seat, keys.enc);
    const history = new History({ n: keys.firstSeq - 1, transcript: start });
    this.#seats.set(name, { chatRef, seat: keys.seat, root: await kdfKey(keys.root), history });
  }

  /** Whether the seat is open. */
  has(chatRef: string, seat: number): boolean {
    return this.#seats.has(nameOf(chatRef, seat));
  }

  /** Forgets the seats of one chat, or all. */
  forget(chatRef: string | null): void {
    for (const [name, seat] of this.#seats) {
      if (chatRef === null || toBase64Url(seat.chatRef) === chatRef) this.#seats.delete(name);
    }
  }

  async sealText(place: SeatPlace, cid: string, text: string): Promise<string> {
    const seat = this.#seat(place);
    const where = this.#placeOf(seat, this.#as, cid);
    const nonce = this.#random(NONCE_LENGTH);
    return toBase64Url(await sealMessage(seat.root, where, seat.history.newest(), textContent(text), nonce));
  }

  async readPage(place: SeatPlace, page: MessagePage): Promise<ReadPage> {
    const seat = this.#seat(place);
    const messages = page.messages.toSorted((left, right) => left.seq - right.seq);
    const before =
      page.transcript === null ? null : exactly(fromBase64Url(page.transcript), 32, "transcript");
    const steps = messages.map(({ seq, from, cid, body }) => {
      return { n: seq, role: from, cid: fromUuid(cid), body: fromBase64Url(body) };
    });
    await seat.history.take(before, steps);
    const settled = seat.history.settle();
    return { messages: await Promise.all(messages.map((message) => this.#read(seat, message))), settled };
  }

  async readOwn(place: SeatPlace, cid: string, body: string): Promise<Content | null> {
    const opened = await this.#open(this.#seat(place), this.#as, cid, body);
    return opened?.content ?? null;
  }

  async safetyWords(place: SeatPlace): Promise<readonly string[]> {
    return safetyWordsOf(this.#seat(place).root);
  }

  async #read(seat: OpenSeat, { seq, from, cid, body }: StoredMessage): Promise<ReadMessage> {
    const opened = await this.#open(seat, from, cid, body);
    if (!opened) return { seq, from, cid, content: null, history: "unknown" };
    return { seq, from, cid, content: opened.content, history: seat.history.check(seq, opened.seen) };
  }

  // A message that does not open is shown as such, and the rest goes on: so this answers null rather than throwing.
  async #open(seat: OpenSeat, role: Role, cid: string, body: string) {
    try {
      const { seen, source } = await openMessage(
        seat.root,
        this.#placeOf(seat, role, cid),
        fromBase64Url(body),
      );
      return { seen, content: parseContent(source) };
    } catch (error) {
      if (error instanceof CryptoFailure) return null;
      throw error;
    }
  }

  #seat({ chatRef, seat }: SeatPlace): OpenSeat {
    const found = this.#seats.get(nameOf(chatRef, seat));
    if (!found) throw new CryptoFailure("no_key");
    return found;
  }

  #placeOf({ chatRef, seat }: OpenSeat, role: Role, cid: string): MessagePlace {
    return { chatRef, seat, role, cid: fromUuid(cid) };
  }
}

function nameOf(chatRef: string, seat: number): string {
  return `${chatRef}/${seat}`;
}
