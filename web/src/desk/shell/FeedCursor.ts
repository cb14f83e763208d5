/**
 * How far an agent was told what happened, in this browser: a text of the server's own, and no secret. All tabs of the
 * agent are told the same; what was told last stands here, whichever of them heard it.
 */

const START = "wicketgate.told.";
/** Milliseconds between two writes: while much happens each frame moves it. */
const BETWEEN = 1_000;

interface Kept {
  readonly cursor: string;
  /** When the server said so, in Unix milliseconds: a tab that was slow does not take back what another one heard. */
  readonly at: number;
}

export class FeedCursor {
  readonly #name: string;
  readonly #storage: () => Storage;
  readonly #now: () => number;
  #waiting: Kept | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #writtenAt = Number.NEGATIVE_INFINITY;
  #forgotten = false;

  /** To ask for the storage can fail, where a browser keeps nothing. `now` gives Unix milliseconds. */
  constructor(agentId: string, storage: () => Storage, now: () => number) {
    this.#name = START + agentId;
    this.#storage = storage;
    this.#now = now;
  }

  /** How far the agent was told, in any tab; null where that is not known. */
  read(): string | null {
    return this.#read()?.cursor ?? null;
  }

  /** The server has told everything up to here. */
  keep(cursor: string, at: number): void {
    if (this.#forgotten) return;
    this.#waiting = { cursor, at };
    if (this.#timer !== undefined) return;
    const pause = this.#writtenAt + BETWEEN - this.#now();
    if (pause <= 0) this.flush();
    else this.#timer = setTimeout(() => this.flush(), pause);
  }

  /** Writes what waits, for the page may not come back. */
  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const waiting = this.#waiting;
    if (waiting === null) return;
    this.#waiting = null;
    const now = this.#now();
    const there = this.#read();
    // A clock that was set back must not make what stands there last.
    if (there && there.at > waiting.at && there.at <= now) return;
    this.#writtenAt = now;
    this.#touch((storage) => storage.setItem(this.#name, `${waiting.at} ${waiting.cursor}`));
  }

  /** The agent signs out of this browser. */
  forget(): void {
    clearTimeout(this.#timer);
    this.#waiting = null;
    this.#forgotten = true;
    this.#touch((storage) => storage.removeItem(this.#name));
  }

  #read(): Kept | null {
    const text = this.#touch((storage) => storage.getItem(this.#name));
    const [, at, cursor] = /^(\d{1,16}) (\S+)$/.exec(text ?? "") ?? [];
    return at === undefined || cursor === undefined ? null : { at: Number(at), cursor };
  }

  #touch<Value>(access: (storage: Storage) => Value): Value | null {
    try {
      return access(this.#storage());
    } catch {
      return null;
    }
  }
}
