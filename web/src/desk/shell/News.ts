/** Messages that came: what was missed is told as one when it is much, so that nobody comes back to a storm. */

/** So many chats are told of by their names. */
const FEW = 3;

/** Stands for all chats, where they are told of as one. */
export const ALL_CHATS = "all";

export class News {
  #missed: Map<string, number> | null = null;

  constructor(private readonly arrived: (chatRef: string, count: number) => void) {}

  /** From now on what comes was missed. */
  gather(): void {
    this.#missed ??= new Map();
  }

  /** What was missed is there. */
  caughtUp(): void {
    const missed = this.#missed;
    this.#missed = null;
    if (missed) this.came(missed);
  }

  /** So many messages came, by chat. */
  came(news: ReadonlyMap<string, number>): void {
    if (this.#missed) {
      for (const [chatRef, count] of news)
        this.#missed.set(chatRef, count + (this.#missed.get(chatRef) ?? 0));
    } else if (news.size <= FEW) {
      for (const [chatRef, count] of news) this.arrived(chatRef, count);
    } else {
      const all = [...news.values()].reduce((sum, count) => sum + count);
      this.arrived(ALL_CHATS, all);
    }
  }
}
