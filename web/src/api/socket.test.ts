/** A socket that is still connecting is left to fail by itself: browsers complain of one that is closed before. */
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Socket } from "./socket.ts";

class FakeSocket extends EventTarget {
  static dialled: FakeSocket[] = [];
  closed = false;

  constructor() {
    super();
    FakeSocket.dialled.push(this);
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
  vi.useRealTimers();
});

function dial(): { socket: Socket; dialled: FakeSocket } {
  const socket = new Socket("ws://localhost/", events);
  socket.start();
  const [dialled] = FakeSocket.dialled;
  if (!dialled) throw new Error("nothing was dialled");
  return { socket, dialled };
}

test("when the network goes", () => {
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

test("when the page turns away, and is closed if it opens after all", () => {
  const { socket, dialled } = dial();
  socket.stop();
  expect(dialled.closed).toBe(false);
  dialled.dispatchEvent(new Event("open"));
  expect(dialled.closed).toBe(true);
  expect(heard).toEqual([]);
});

test("an open one is closed at once", () => {
  const { socket, dialled } = dial();
  dialled.dispatchEvent(new Event("open"));
  page.dispatchEvent(new Event("offline"));
  expect(dialled.closed).toBe(true);
  expect(heard).toEqual(["up", "down 0"]);
  socket.stop();
});
