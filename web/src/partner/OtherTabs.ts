/** The other tabs of this browser: they share its session, so whoever signs out in one has signed out in all. */

const NAME = "wicketgate.signed_out";
/** Milliseconds after which a word is too old: somebody may have signed in again since, and the server knows who. */
const LATE = 5_000;

/** One for each page. A browser without channels has nobody to tell. */
export class OtherTabs {
  readonly #now: () => number;
  readonly #channel: BroadcastChannel | null = openChannel();

  /** `now` gives Unix milliseconds. */
  constructor(now: () => number) {
    this.#now = now;
  }

  /** Tells them that an agent signs out. */
  tell(agentId: string): void {
    this.#channel?.postMessage({ agentId, at: this.#now() });
  }

  /** Hears from them who signs out. */
  listen(heard: (agentId: string) => void): void {
    if (!this.#channel) return;
    this.#channel.onmessage = ({ data }: MessageEvent<unknown>) => {
      const word = parseWord(data);
      if (word && this.#now() - word.at < LATE) heard(word.agentId);
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
function parseWord(data: unknown): { readonly agentId: string; readonly at: number } | null {
  if (typeof data !== "object" || data === null) return null;
  const { agentId, at } = data as Partial<Record<string, unknown>>;
  return typeof agentId === "string" && typeof at === "number" ? { agentId, at } : null;
}
