/** What the line does when the server says "not now". */
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Api } from "./api.ts";
import { Line } from "./line.ts";
import type { ServerFrame } from "./wire.ts";

class FakeSocket extends EventTarget {
  static last: FakeSocket | null = null;
  readonly sent: string[] = [];

  constructor() {
    super();
    FakeSocket.last = this;
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
