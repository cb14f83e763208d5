/** Messages that were sent over the socket and wait for the server's word on them. */
import { Problem } from "./problem.ts";

/** A message is durable. */
export interface Sent {
  readonly seq: number;
  readonly at: string;
}

/** Milliseconds in which a sent message must be acknowledged. */
const ACKNOWLEDGE = 10_000;

interface Unanswered {
  readonly resolve: (sent: Sent) => void;
  readonly reject: (problem: Problem) => void;
  readonly timer: ReturnType<typeof setTimeout>;
}

/** The sends that are not answered yet, by the messages' names. */
export class PendingSends {
  /** Messages whose fate nobody knows. */
  readonly doubtful = new Set<string>();
  readonly #unanswered = new Map<string, Unanswered>();

  /** Resolves when the message is durable. Rejects with a {@link Problem}, also when no answer comes. */
  await(cid: string): Promise<Sent> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => this.lost(cid), ACKNOWLEDGE);
      this.#unanswered.set(cid, { resolve, reject, timer });
    });
  }

  /** The server has it. */
  came(cid: string, sent: Sent): void {
    this.#take(cid)?.resolve(sent);
  }

  /** The server would not take it. */
  refused(cid: string, problem: Problem): void {
    this.#take(cid)?.reject(problem);
  }

  /** Nobody knows whether it arrived. */
  lost(cid: string): void {
    this.doubtful.add(cid);
    this.refused(cid, new Problem(null, 0));
  }

  /** The connection is gone, and every answer with it. */
  allLost(): void {
    for (const cid of [...this.#unanswered.keys()]) this.lost(cid);
  }

  #take(cid: string): Unanswered | undefined {
    const unanswered = this.#unanswered.get(cid);
    this.#unanswered.delete(cid);
    clearTimeout(unanswered?.timer);
    return unanswered;
  }
}
