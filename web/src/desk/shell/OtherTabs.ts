/** The other tabs of this browser: they share its session, so whoever signs in or out in one has done so in all. */

const NAME = "wicketgate.session";
/** Milliseconds after which a message is too old: somebody may have signed in again since, and the server knows who. */
const LATE = 5_000;

/** Which way somebody goes. */
export type Way = "in" | "out";

interface TabMessage {
  readonly way: Way;
  readonly agentId: string;
  readonly at: number;
}

/** One for each page. A browser without channels has nobody to tell. */
export class OtherTabs {
  readonly #now: () => number;
  readonly #channel: BroadcastChannel | null = openChannel();

  /** `now` gives Unix milliseconds. */
  constructor(now: () => number) {
    this.#now = now;
  }

  /** Tells them that an agent signs in or out. */
  tell(way: Way, agentId: string): void {
    this.#channel?.postMessage({ way, agentId, at: this.#now() });
  }

  /** Hears from them who signs in or out. */
  listen(heard: (way: Way, agentId: string) => void): void {
    if (!this.#channel) return;
    this.#channel.onmessage = ({ data }: MessageEvent<unknown>) => {
      const message = parseTabMessage(data);
      if (message && this.#now() - message.at < LATE) heard(message.way, message.agentId);
    };
  }
}

function openChannel(): BroadcastChannel | null {
  try {
    return new BroadcastChannel(NAME);
  } catch {
    return null;
  }
}

// Another tab may run another release.
function parseTabMessage(data: unknown): TabMessage | null {
  if (typeof data !== "object" || data === null) return null;
  const { way, agentId, at } = data as Partial<Record<string, unknown>>;
  if (way !== "in" && way !== "out") return null;
  return typeof agentId === "string" && typeof at === "number" ? { way, agentId, at } : null;
}
