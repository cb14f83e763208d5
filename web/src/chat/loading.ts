/** Bringing in what was said: at first, once more after a failure, and again when something was missed. */
import { signal } from "@preact/signals";
import type { ChatLine } from "../api/line.ts";
import { retry } from "../api/retry.ts";
import type { Phase } from "./parts.ts";

/** What is done on the way. Each may throw. */
export interface LoadingSteps {
  readonly line: Pick<ChatLine, "retryTime">;
  /** Takes up what waits to be sent. */
  readonly restore: () => Promise<void>;
  /** Reads the newest messages. */
  readonly newest: () => Promise<void>;
  /** Listens from there. */
  readonly open: () => void;
  /** Hears of a fault that no new try mends; gives whether what is loaded is all that there will be. */
  readonly isOver: (fault: unknown) => boolean;
}

/** One chat's way to its messages. */
export class Loading {
  readonly phase = signal<Phase>({ kind: "loading" });
  readonly #steps: LoadingSteps;
  #stopped = false;

  constructor(steps: LoadingSteps) {
    this.#steps = steps;
  }

  /** From nothing to the newest messages. `seats` has their keys at hand. */
  async load(seats: () => Promise<void>): Promise<void> {
    this.phase.value = { kind: "loading" };
    let restored = false;
    await this.#persist(async () => {
      await seats();
      if (!restored) await this.#steps.restore();
      restored = true;
      await this.#steps.newest();
    });
  }

  /** What was missed, while what is there stays. */
  async resync(seats: () => Promise<void>): Promise<void> {
    await this.#persist(async () => {
      await seats();
      await this.#steps.newest();
    });
  }

  stop(): void {
    this.#stopped = true;
  }

  async #persist(read: () => Promise<void>): Promise<void> {
    try {
      await retry(read, {
        wait: (pause) => this.#steps.line.retryTime(pause),
        isOver: () => this.#stopped,
      });
      if (this.#stopped) return;
      this.phase.value = { kind: "ready" };
      this.#steps.open();
    } catch (fault) {
      if (!this.#stopped) this.#failed(fault);
    }
  }

  // A chat that is over says so, and what was loaded of it stays.
  #failed(fault: unknown): void {
    if (this.#steps.isOver(fault) && this.phase.value.kind === "ready") return;
    this.phase.value = { kind: "failed", fault };
  }
}
