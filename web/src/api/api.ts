/** Typed calls to the server. Each throws a {@link Problem} and nothing else. */

import type { AnswerOf, BodyOf, CallName, PathOf } from "./calls.ts";
import { Problem, parseRefusal } from "./problem.ts";

type WithBody<N extends CallName> = [BodyOf<N>] extends [never]
  ? { readonly body?: undefined }
  : { readonly body: BodyOf<N> };
type WithPath<N extends CallName> = [PathOf<N>] extends [never]
  ? { readonly path?: undefined }
  : { readonly path: Readonly<Record<PathOf<N>, string>> };

/** What a call takes. */
export type CallOptions<N extends CallName> = WithBody<N> &
  WithPath<N> & {
    readonly query?: Readonly<Record<string, string | number | undefined>>;
    readonly headers?: Readonly<Record<string, string>>;
    readonly signal?: AbortSignal;
    /** Milliseconds before the call counts as failed. 20 s when left out. */
    readonly patience?: number;
  };

const PATIENCE = 20_000;

/** Calls the server of one origin. */
export class Api {
  readonly #base: string;

  /** `base` is empty on a page: the page's own origin. */
  constructor(base = "") {
    this.#base = base;
  }

  /** Makes a call, for example `call("POST /api/links/door", { body: { linkId } })`. */
  async call<N extends CallName>(
    name: N,
    ...[options]: Record<never, never> extends CallOptions<N> ? [CallOptions<N>?] : [CallOptions<N>]
  ): Promise<AnswerOf<N>> {
    const given: LooseOptions = options ?? {};
    const [method = "GET", path = ""] = name.split(" ");
    const answer = await this.#fetch(method, this.#base + fillPath(path, given), given);
    const value = await readJson(answer);
    if (!answer.ok || value === undefined) throw new Problem(parseRefusal(value), answer.status);
    return value as AnswerOf<N>;
  }

  async #fetch(method: string, address: string, options: LooseOptions): Promise<Response> {
    const patience = AbortSignal.timeout(options.patience ?? PATIENCE);
    const headers: Record<string, string> = { accept: "application/json", ...options.headers };
    const request: RequestInit = {
      method,
      headers,
      credentials: "same-origin",
      cache: "no-store",
      signal: options.signal ? either(options.signal, patience) : patience,
    };
    if (method !== "GET") {
      headers["content-type"] = "application/json";
      request.body = JSON.stringify(options.body ?? {});
    }
    try {
      return await fetch(address, request);
    } catch {
      throw new Problem(null, 0);
    }
  }
}

interface LooseOptions {
  readonly body?: unknown;
  readonly path?: Readonly<Record<string, string>> | undefined;
  readonly query?: Readonly<Record<string, string | number | undefined>>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
  readonly patience?: number;
}

function fillPath(path: string, { path: names = {}, query = {} }: LooseOptions): string {
  const filled = path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(names[name] ?? ""));
  const given = Object.entries(query).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, `${value}`]],
  );
  return given.length > 0 ? `${filled}?${new URLSearchParams(given)}` : filled;
}

async function readJson(answer: Response): Promise<unknown> {
  try {
    return await answer.json();
  } catch {
    return undefined;
  }
}

// `AbortSignal.any` is younger than the browsers that this page wants to serve.
function either(first: AbortSignal, second: AbortSignal): AbortSignal {
  const joined = new AbortController();
  for (const signal of [first, second]) {
    if (signal.aborted) joined.abort();
    signal.addEventListener("abort", () => joined.abort(), { once: true });
  }
  return joined.signal;
}
