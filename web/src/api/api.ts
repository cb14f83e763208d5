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
    readonly timeout?: number;
  };

const TIMEOUT = 20_000;

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
    const leaving = new AbortController();
    const leave = () => leaving.abort();
    const timer = setTimeout(leave, given.timeout ?? TIMEOUT);
    given.signal?.addEventListener("abort", leave);
    if (given.signal?.aborted) leave();
    try {
      const answer = await this.#fetch(name, given, leaving.signal);
      const value = await readJson(answer);
      if (!answer.ok || value === undefined) throw new Problem(parseRefusal(value), answer.status);
      return value as AnswerOf<N>;
    } finally {
      clearTimeout(timer);
      // A signal may outlive many calls.
      given.signal?.removeEventListener("abort", leave);
    }
  }

  async #fetch(name: CallName, options: LooseOptions, signal: AbortSignal): Promise<Response> {
    const [method = "GET", path = ""] = name.split(" ");
    const headers: Record<string, string> = { accept: "application/json", ...options.headers };
    const request: RequestInit = { method, headers, credentials: "same-origin", cache: "no-store", signal };
    if (method !== "GET") {
      headers["content-type"] = "application/json";
      request.body = JSON.stringify(options.body ?? {});
    }
    try {
      return await fetch(this.#base + fillPath(path, options), request);
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
  readonly timeout?: number;
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
