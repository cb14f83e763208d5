/** A server for the desk's tests: real HTTP, answers in memory, and no keys. */
import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { Api } from "../api/api.ts";

/** What a route answers; null breaks the connection after the call was heard. */
export type Answer = { readonly status?: number; readonly body: unknown } | null;
type Route = (body: Record<string, unknown>, url: URL) => Answer;

/** Answers the routes that a test names, by `METHOD /path`; anything else is not found. */
export class TestServer {
  readonly routes = new Map<string, Route>();
  /** Each call that came, by method and path. */
  readonly calls: string[] = [];
  readonly #server: Server;

  constructor() {
    this.#server = createServer(async (request, response) => {
      const url = new URL(request.url ?? "/", "http://localhost");
      const name = `${request.method} ${url.pathname}`;
      const body = await readBody(request);
      this.calls.push(name);
      const answer =
        this.routes.get(name)?.(body, url) ?? (this.routes.has(name) ? null : refusal("not_found", 404));
      if (answer === null) return request.socket.destroy();
      response.writeHead(answer.status ?? 200, { "content-type": "application/json" });
      return response.end(JSON.stringify(answer.body));
    });
  }

  /** Listens on a free port. */
  async start(): Promise<Api> {
    await new Promise<void>((resolve) => this.#server.listen(0, "127.0.0.1", resolve));
    return new Api(`http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`);
  }

  stop(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }
}

/** A refusal as the server words it. */
export function refusal(code: string, status: number, more: Record<string, unknown> = {}): Answer {
  const sentence = code.replaceAll("_", " ");
  return {
    status,
    body: {
      type: `/problems/${code}`,
      title: sentence,
      status,
      code,
      success: false,
      error: sentence,
      ...more,
    },
  };
}

async function readBody(request: IncomingMessage): Promise<Record<string, unknown>> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return chunks.length > 0 ? JSON.parse(Buffer.concat(chunks).toString()) : {};
}
