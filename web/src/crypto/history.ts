/** What one side knows of a seat's transcript, and how it compares with what the other side says it saw. */
import { type Bytes, equal } from "./bytes.ts";
import type { HistoryCheck } from "./keyWorkerApi.ts";
import type { Seen } from "./message.ts";
import { type TranscriptStep, transcriptNext } from "./transcript.ts";

/** The transcript of one seat, as far as it was loaded. */
export class History {
  readonly #start: number;
  readonly #known = new Map<number, Bytes>();
  readonly #differing = new Set<number>();
  #open: { seq: number; seen: Seen }[] = [];
  #newest: number;

  /** Begins before the seat's first message. */
  constructor(start: Seen) {
    this.#start = start.n;
    this.#newest = start.n;
    this.#known.set(start.n, start.transcript);
  }

  /** The newest message that is known without a gap, which is what an own message names. */
  newest(): Seen {
    const transcript = this.#known.get(this.#newest) ?? new Uint8Array(32);
    return { n: this.#newest, transcript };
  }

  /**
   * Takes in messages in the order of their numbers. `transcript` is the server's word on the chain before the first
   * of them: it counts only where nothing is known, and is proven wrong when the messages before it are loaded.
   */
  async take(transcript: Bytes | null, steps: readonly TranscriptStep[]): Promise<void> {
    const [first] = steps;
    if (first && transcript && first.n - 1 > this.#start && !this.#known.has(first.n - 1)) {
      this.#known.set(first.n - 1, transcript);
    }
    for (const step of steps) {
      const previous = this.#known.get(step.n - 1);
      if (!previous) continue;
      const computed = await transcriptNext(previous, step);
      const known = this.#known.get(step.n);
      if (known && !equal(known, computed)) this.#differing.add(step.n);
      if (!known) this.#known.set(step.n, computed);
      this.#newest = Math.max(this.#newest, step.n);
    }
    while (this.#known.has(this.#newest + 1)) this.#newest += 1;
  }

  /** Compares what the sender of message `seq` had seen; an answer of `unknown` is settled later. */
  check(seq: number, seen: Seen): HistoryCheck {
    const answer = this.#compare(seq, seen);
    if (answer === "unknown") this.#open.push({ seq, seen });
    return answer;
  }

  /** The checks that what was loaded since has settled. */
  settle(): readonly { readonly seq: number; readonly history: HistoryCheck }[] {
    const compared = this.#open.map((claim) => ({ claim, history: this.#compare(claim.seq, claim.seen) }));
    this.#open = compared.filter(({ history }) => history === "unknown").map(({ claim }) => claim);
    return compared
      .filter(({ history }) => history !== "unknown")
      .map(({ claim, history }) => ({ seq: claim.seq, history }));
  }

  #compare(seq: number, seen: Seen): HistoryCheck {
    if (seen.n >= seq || seen.n < this.#start || this.#differing.has(seq)) return "differs";
    const known = this.#known.get(seen.n);
    if (!known) return "unknown";
    return equal(known, seen.transcript) ? "agrees" : "differs";
  }
}
