/** The walk of a search through a list: step by step in the background, until it is told to stop or finds its end. */
import { retry, TRIES } from "../api/retry.ts";
import { folded } from "../text/fold.ts";

/** How far a walk has come. `full`: enough was found for now. `done`: everything was looked at. */
export type WalkState = "searching" | "stopped" | "full" | "done" | "failed";

/** Milliseconds without a key before a walk begins. */
const STILL = 250;

/** What a walk goes through. */
export interface WalkParts {
  /** Looks at what was read, and reads on. Gives how the walk ends; null while it goes on. */
  readonly step: (run: AbortSignal) => Promise<"full" | "done" | null>;
  /** Hears how it ended by itself. */
  readonly ended: (state: "full" | "done" | "failed") => void;
  /** Waits this many milliseconds. */
  readonly wait: (pause: number) => Promise<void>;
}

/** One search's walk. There is one at a time: another one in its place ends it. */
export class ListWalk {
  #run = new AbortController();

  constructor(private readonly parts: WalkParts) {}

  /** Whether the last walk was told to stop. */
  get isStopped(): boolean {
    return this.#run.signal.aborted;
  }

  /** Begins another walk: the one that goes on is over. */
  begin(): AbortSignal {
    this.stop();
    this.#run = new AbortController();
    return this.#run.signal;
  }

  /** Ends the walk where it is. */
  stop(): void {
    this.#run.abort();
  }

  /** Waits until nobody types any more. */
  async still(): Promise<void> {
    await this.parts.wait(STILL);
  }

  /** Walks as far as it goes. */
  async go(run: AbortSignal): Promise<void> {
    try {
      while (!run.aborted) {
        const end = await this.parts.step(run);
        if (end !== null && !run.aborted) return this.parts.ended(end);
      }
    } catch {
      if (!run.aborted) this.parts.ended("failed");
    }
  }

  /** Reads a page, which is asked for again where it can't be had just now. */
  read<T>(run: AbortSignal, page: () => Promise<T>): Promise<T> {
    return retry(page, { wait: this.parts.wait, tries: TRIES, isOver: () => run.aborted });
  }
}

/** Texts as they are looked into. */
export function searchText(texts: readonly string[]): string {
  return texts.map(folded).join("\n");
}

/** Whether a row's {@link searchText} holds every one of these folded words. */
export function holdsAll(text: string, words: readonly string[]): boolean {
  return words.every((word) => text.includes(word));
}
