/** A slow phone on a slow line, as the browser's own developer tools emulate it. */
import type { CDPSession, Page } from "@playwright/test";

/** How much slower the processor is. */
export const SLOWDOWN = 4;

/** 150 ms until an answer begins, 1.6 Mbit/s in each direction (in bytes a second). */
const LINE = {
  offline: false,
  latency: 150,
  downloadThroughput: (1.6 * 1_000_000) / 8,
  uploadThroughput: (1.6 * 1_000_000) / 8,
} as const;

/** Slows a page down before it opens anything. */
export async function slowDown(page: Page): Promise<void> {
  const session = await page.context().newCDPSession(page);
  await session.send("Network.enable");
  await session.send("Network.emulateNetworkConditions", LINE);
  await session.send("Emulation.setCPUThrottlingRate", { rate: SLOWDOWN });
}

/** The part of a CPU profile that is needed, as the DevTools protocol gives it. */
interface Profile {
  readonly nodes: readonly { readonly id: number; readonly callFrame: { readonly functionName: string } }[];
  readonly samples?: readonly number[];
  /** Microseconds between two samples. */
  readonly timeDeltas?: readonly number[];
}

/**
 * Counts how long a page's worker computes. The developer tools cannot slow a worker down ("only supported for
 * pages"), so what the same work would take besides is reckoned from this.
 */
export class WorkerClock {
  readonly #session: CDPSession;
  readonly #answers = new Map<number, (result: { profile?: Profile }) => void>();
  #worker = "";
  #calls = 0;

  private constructor(session: CDPSession) {
    this.#session = session;
  }

  /** Attaches to the page's workers, before there is one. */
  static async of(page: Page): Promise<WorkerClock> {
    const session = await page.context().newCDPSession(page);
    const clock = new WorkerClock(session);
    session.on("Target.attachedToTarget", ({ sessionId }) => {
      clock.#worker = sessionId;
    });
    session.on("Target.receivedMessageFromTarget", ({ message }) => {
      const { id, result } = JSON.parse(message);
      clock.#answers.get(id)?.(result ?? {});
    });
    await session.send("Target.setAutoAttach", {
      autoAttach: true,
      waitForDebuggerOnStart: false,
      flatten: false,
    });
    return clock;
  }

  async start(): Promise<void> {
    await this.#tell("Profiler.enable");
    await this.#tell("Profiler.start");
  }

  /** Milliseconds that the worker was not idle since the start. */
  async stop(): Promise<number> {
    const { profile } = await this.#tell("Profiler.stop");
    if (!profile) throw new Error("the worker gave no profile");
    const idle = new Set(
      profile.nodes.filter(({ callFrame }) => IDLE.has(callFrame.functionName)).map(({ id }) => id),
    );
    const { samples = [], timeDeltas = [] } = profile;
    const busy = timeDeltas.filter((_, at) => !idle.has(samples[at] ?? 0));
    return busy.reduce((all, one) => all + one, 0) / 1_000;
  }

  async #tell(method: string): Promise<{ profile?: Profile }> {
    this.#calls += 1;
    const id = this.#calls;
    const answer = new Promise<{ profile?: Profile }>((resolve) => this.#answers.set(id, resolve));
    const message = JSON.stringify({ id, method, params: {} });
    await this.#session.send("Target.sendMessageToTarget", { sessionId: this.#worker, message });
    return answer;
  }
}

const IDLE = new Set(["(idle)", "(program)", "(root)"]);
