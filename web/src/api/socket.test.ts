/** A socket that is still connecting is left to fail by itself: browsers complain of one that is closed before. */
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Socket } from "./socket.ts";
import type { ServerFrame } from "./wire.ts";

class FakeSocket extends EventTarget {
  static dialled: FakeSocket[] = [];
  closed = false;
  readonly sent: string[] = [];

  constructor() {
    super();
    FakeSocket.dialled.push(this);
  }

  /** The other end says something. */
  says(frame: ServerFrame): void {
    this.dispatchEvent(new MessageEvent("message", { data: JSON.stringify(frame) }));
  }

  send(text: string): void {
    this.sent.push(text);
  }

  close(): void {
    this.closed = true;
  }
}

let page: EventTarget;
const heard: string[] = [];
const events = {
  up: () => heard.push("up"),
  down: (failures: number) => heard.push(`down ${failures}`),
  frame: () => {},
};

beforeEach(() => {
  page = new EventTarget();
  heard.length = 0;
  FakeSocket.dialled = [];
  vi.useFakeTimers();
  vi.stubGlobal("window", page);
  vi.stubGlobal("document", new EventTarget());
  vi.stubGlobal("WebSocket", FakeSocket);
});

afterEach(() => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
  vi.useRealTimers();
});

function dial(): { socket: Socket; dialled: FakeSocket } {
  const socket = new Socket("ws://localhost/", events);
  socket.start();
  const [dialled] = FakeSocket.dialled;
  if (!dialled) throw new Error("nothing was dialled");
  return { socket, dialled };
}

test("a socket that still connects is not closed when the network goes", () => {
  const { socket, dialled } = dial();
  page.dispatchEvent(new Event("offline"));
  expect(dialled.closed).toBe(false);
  expect(heard).toEqual(["down 0"]);
  // The browser gives it up in its own time, and then it is dialled again.
  dialled.dispatchEvent(new Event("error"));
  vi.advanceTimersByTime(2_000);
  expect(FakeSocket.dialled).toHaveLength(2);
  socket.stop();
});

test("a socket that still connects is not closed when the page turns away, but if it opens after all", () => {
  const { socket, dialled } = dial();
  socket.stop();
  expect(dialled.closed).toBe(false);
  dialled.dispatchEvent(new Event("open"));
  expect(dialled.closed).toBe(true);
  expect(heard).toEqual([]);
});

test("a socket that was given up before a word came is closed when one comes after all", () => {
  const { socket, dialled } = dial();
  dialled.dispatchEvent(new Event("open"));
  socket.stop();
  dialled.says({ type: "pong" });
  expect(dialled.closed).toBe(true);
  expect(heard).toEqual([]);
});

test("a socket that opens and carries nothing counts as failed, each time", () => {
  vi.spyOn(Math, "random").mockReturnValue(0);
  const { socket, dialled } = dial();
  dialled.dispatchEvent(new Event("open"));
  expect(dialled.sent).toEqual(['{"type":"ping"}']);
  vi.advanceTimersByTime(8_001);
  FakeSocket.dialled[1]?.dispatchEvent(new Event("open"));
  vi.advanceTimersByTime(8_001);
  expect(heard).toEqual(["down 1", "down 2"]);
  FakeSocket.dialled[2]?.dispatchEvent(new Event("open"));
  FakeSocket.dialled[2]?.says({ type: "pong" });
  FakeSocket.dialled[2]?.dispatchEvent(new Event("close"));
  expect(heard).toEqual(["down 1", "down 2", "up", "down 0"]);
  socket.stop();
});

test("an open socket is closed at once when the network goes", () => {
  const { socket, dialled } = dial();
  dialled.dispatchEvent(new Event("open"));
  dialled.says({ type: "pong" });
  page.dispatchEvent(new Event("offline"));
  expect(dialled.closed).toBe(true);
  expect(heard).toEqual(["up", "down 0"]);
  socket.stop();
});
