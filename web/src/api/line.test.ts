/** What the line does when the server says "not now". */
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Api } from "./api.ts";
import { Line } from "./line.ts";
import { Problem } from "./problem.ts";
import type { ServerFrame } from "./wire.ts";

class FakeSocket extends EventTarget {
  static last: FakeSocket | null = null;
  readonly sent: string[] = [];

  constructor() {
    super();
    FakeSocket.last = this;
  }

  /** The other end closes it with a code. */
  ends(code: number): void {
    this.dispatchEvent(Object.assign(new Event("close"), { code }));
  }

  says(frame: ServerFrame): void {
    this.dispatchEvent(new MessageEvent("message", { data: JSON.stringify(frame) }));
  }

  send(text: string): void {
    this.sent.push(text);
  }

  close(): void {}
}

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal("window", new EventTarget());
  vi.stubGlobal("document", new EventTarget());
  vi.stubGlobal("WebSocket", FakeSocket);
});

afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

test("a chat that could not be opened just now is opened again, once, from where it stands by then", async () => {
  const line = new Line(new Api("http://localhost"), "http://localhost", "agent");
  let newest = 3;
  line.open("chat", () => newest);
  line.start();
  const socket = FakeSocket.last;
  socket?.dispatchEvent(new Event("open"));
  socket?.says({ type: "pong" });
  const opens = () =>
    socket?.sent.filter((text) => text.includes('"open"')).map((text) => JSON.parse(text).after);
  expect(opens()).toEqual([3]);
  const refusal = { title: "", status: 503, success: false, error: "Not now." } as const;
  const problem = { ...refusal, type: "/problems/unavailable", code: "unavailable" } as const;
  socket?.says({ type: "problem", problem, chat: "chat" });
  socket?.says({ type: "problem", problem, chat: "chat" });
  newest = 5;
  await vi.advanceTimersByTimeAsync(1_999);
  expect(opens()).toEqual([3]);
  await vi.advanceTimersByTimeAsync(1);
  expect(opens()).toEqual([3, 5]);
  const final = { ...problem, type: "/problems/not_found", code: "not_found" } as const;
  socket?.says({ type: "problem", problem: final, chat: "chat" });
  await vi.advanceTimersByTimeAsync(60_000);
  expect(opens()).toEqual([3, 5]);
  line.stop();
});

const message = { cid: "0192f5c0-0000-7000-8000-000000000001", seat: 1, body: "AAAA" };

/** A line that is up and follows one chat; `answer` is what each call gets. */
function upLine(answer: () => Response): { line: Line; socket: FakeSocket; calls: string[] } {
  const calls: string[] = [];
  vi.stubGlobal("fetch", async (address: string, { method }: RequestInit) => {
    calls.push(`${method} ${new URL(address).pathname}`);
    return answer();
  });
  const line = new Line(new Api("http://localhost"), "http://localhost", "agent");
  line.open("chat", () => 0);
  line.start();
  const socket = FakeSocket.last;
  if (!socket) throw new Error("nothing was dialled");
  socket.dispatchEvent(new Event("open"));
  socket.says({ type: "pong" });
  return { line, socket, calls };
}

const POSTED = "POST /api/chats/chat/messages";

test.each([1006, 1008, 1009])(
  "a message that the socket was lost with (%i) goes by a call of its own, though the next socket is up",
  async (code) => {
    const sent = { success: true, cid: message.cid, seq: 7, at: "2026-01-02T03:04:05Z" };
    const { line, socket, calls } = upLine(() => Response.json(sent));
    const lost = line.send("chat", message);
    socket.ends(code);
    await expect(lost).rejects.toMatchObject({ passing: true });
    expect(calls.filter((call) => call === POSTED)).toEqual([]);
    await vi.advanceTimersByTimeAsync(6_000);
    const next = FakeSocket.last;
    expect(next).not.toBe(socket);
    next?.dispatchEvent(new Event("open"));
    next?.says({ type: "pong" });
    const again = line.send("chat", message);
    // Nothing is wrong with the socket, but for that one message.
    const other = { ...message, cid: "0192f5c0-0000-7000-8000-000000000002" };
    void line.send("chat", other).catch(() => {});
    const sends = next?.sent.map((text) => JSON.parse(text)).filter(({ type }) => type === "send");
    expect(sends?.map(({ cid }) => cid)).toEqual([other.cid]);
    expect(calls.filter((call) => call === POSTED)).toHaveLength(1);
    await expect(again).resolves.toMatchObject({ seq: 7 });
    line.stop();
  },
);

test.each([
  [413, false],
  [422, false],
  [400, false],
  [403, true],
  [429, true],
  [502, true],
])("what something before the server answers with %i may pass: %s", async (status, passing) => {
  const { line, socket } = upLine(() => new Response("<h1>No</h1>", { status }));
  const lost = line.send("chat", message);
  socket.ends(1009);
  await expect(lost).rejects.toBeInstanceOf(Problem);
  await expect(line.send("chat", message)).rejects.toMatchObject({ status, passing });
  line.stop();
});

test("a socket that the server ends is not dialled again at once, and the page asks by calls meanwhile", async () => {
  const { line, socket, calls } = upLine(() => new Response(null, { status: 503 }));
  socket.ends(1009);
  await vi.advanceTimersByTimeAsync(2_999);
  expect(FakeSocket.last).toBe(socket);
  expect(calls).toContain("GET /api/chats/chat/messages");
  await vi.advanceTimersByTimeAsync(3_001);
  expect(FakeSocket.last).not.toBe(socket);
  line.stop();
});
