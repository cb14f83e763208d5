/** One request through a proxy, from an address of one's own choice on this machine, read to its end. */
import { once } from "node:events";
import type { IncomingHttpHeaders, IncomingMessage } from "node:http";
import { request as plainRequest } from "node:http";
import { request as secureRequest } from "node:https";
import { brotliDecompressSync, gunzipSync } from "node:zlib";
import type { Front } from "./front.ts";

interface Asked {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  /** Any of 127.0.0.0/8. */
  readonly from?: string;
}

interface Answered {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

export async function ask(front: Front, path: string, asked: Asked = {}): Promise<Answered> {
  const { hostname, port, protocol, origin } = new URL(front.server.url);
  const body = asked.body === undefined ? null : JSON.stringify(asked.body);
  const json =
    body === null ? {} : { "content-type": "application/json", "content-length": String(body.length) };
  const options = {
    // As it is written here, without anybody's tidying.
    ...{ host: "127.0.0.1", servername: hostname, port, path },
    method: asked.method ?? (body === null ? "GET" : "POST"),
    headers: { host: new URL(origin).host, ...json, ...asked.headers },
    localAddress: asked.from ?? "127.0.0.1",
    rejectUnauthorized: false,
    agent: false as const,
  };
  const sent = (protocol === "https:" ? secureRequest : plainRequest)(options);
  sent.end(body ?? undefined);
  const [answer] = (await once(sent, "response")) as [IncomingMessage];
  const pieces: Buffer[] = [];
  for await (const piece of answer) pieces.push(piece as Buffer);
  const bytes = Buffer.concat(pieces);
  return { status: answer.statusCode ?? 0, headers: answer.headers, text: decoded(answer, bytes).toString() };
}

function decoded({ headers }: IncomingMessage, bytes: Buffer): Buffer {
  if (headers["content-encoding"] === "gzip") return gunzipSync(bytes);
  return headers["content-encoding"] === "br" ? brotliDecompressSync(bytes) : bytes;
}
