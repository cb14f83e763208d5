/** A server for tests: one chat in memory, over real HTTP, in the wire's shapes. It has no socket: pages poll. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Cursors, Message, Refusal, SeatRow } from "../api/wire.ts";
import { fromBase64Url, fromUuid, toBase64Url } from "../crypto/bytes.ts";
import { transcriptNext } from "../crypto/transcript.ts";

/** What a test may see and turn. */
export class TestServer {
  readonly messages: Message[] = [];
  readonly bodies: string[] = [];
  customer: Cursors = { delivered: 0, read: 0 };
  partner: Cursors = { delivered: 0, read: 0 };
  seats: readonly SeatRow[] = [];
  /** While it is down, connections break. */
  down = false;
  /** Answers every call that changes something. */
  refusal: Refusal | null = null;
  readonly #chat: string;
  readonly #transcripts: string[];
  readonly #server: Server;

  constructor(chat: string, transcript: Uint8Array<ArrayBuffer>) {
    this.#chat = chat;
    this.#transcripts = [toBase64Url(transcript)];
    this.#server = createServer((request, response) => void this.#serve(request, response));
  }

  /** Where it listens. */
  async start(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, "127.0.0.1", resolve));
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  stop(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }

  /** Stores a message as the server would: the same name gets the same number. */
  async store(
    from: Message["from"],
    { cid, seat, body }: Pick<Message, "cid" | "seat" | "body">,
  ): Promise<Message> {
    const known = this.messages.find((message) => message.cid === cid && message.from === from);
    if (known) return known;
    const seq = this.messages.length + 1;
    const before = fromBase64Url(this.#transcripts[seq - 1] ?? "");
    const step = { n: seq, role: from, cid: fromUuid(cid), body: fromBase64Url(body) };
    const message: Message = { chat: this.#chat, seq, seat, from, cid, body, at: new Date().toISOString() };
    this.messages.push(message);
    this.#transcripts.push(toBase64Url(await transcriptNext(before, step)));
    return message;
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (this.down) {
      request.socket.destroy();
      return;
    }
    const url = new URL(request.url ?? "/", "http://localhost");
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const body = chunks.length > 0 ? JSON.parse(Buffer.concat(chunks).toString()) : {};
    const call = `${request.method} ${url.pathname.replace(`/api/chats/${this.#chat}/`, "")}`;
    if (this.refusal && call === "POST messages") this.#answer(response, this.refusal.status, this.refusal);
    else this.#answer(response, 200, await this.#call(call, url.searchParams, body));
  }

  async #call(call: string, query: URLSearchParams, body: Message & Cursors): Promise<unknown> {
    switch (call) {
      case "GET messages":
        return this.#page(query);
      case "POST messages": {
        this.bodies.push(body.body);
        const { cid, seq, at } = await this.store(
          query.get("as") === "customer" ? "customer" : "partner",
          body,
        );
        return { success: true, cid, seq, at };
      }
      case "POST seen":
        this.customer = { delivered: body.delivered, read: body.read };
        return this.customer;
      case "GET seat":
        return { seat: { number: 1, customer: this.customer }, partner: this.partner, online: true };
      case "GET seats":
        return { seats: this.seats };
      default:
        return { success: true };
    }
  }

  #page(query: URLSearchParams): unknown {
    const after = Number(query.get("after") ?? 0);
    const before = Number(query.get("before") ?? this.messages.length + 1);
    const limit = Number(query.get("limit") ?? 50);
    const within = this.messages.filter(({ seq }) => seq > after && seq < before);
    const messages = query.has("after") ? within.slice(0, limit) : within.slice(-limit);
    const transcript = this.#transcripts[(messages[0]?.seq ?? this.messages.length + 1) - 1];
    return { messages, transcript, lastSeq: this.messages.length };
  }

  #answer(response: ServerResponse, status: number, value: unknown): void {
    response.writeHead(status, { "content-type": "application/json" });
    response.end(JSON.stringify(value));
  }
}
