/** A bad network, and its end. */
import type { Page, WebSocketRoute } from "@playwright/test";
import type { Watch } from "./watch.ts";

/** Where messages leave a page. */
const WAYS_OUT = /\/api\/(chats\/.*\/messages|socket)/;

/** Pages can be loaded from now on, but no message gets through. Returns what brings the network back. */
export async function loseMessages(page: Page, watch: Watch): Promise<() => Promise<void>> {
  let lost = true;
  watch.declare(WAYS_OUT, "ERR_FAILED");
  await page.routeWebSocket(WAYS_OUT, (socket) => {
    if (lost) void socket.close();
    else socket.connectToServer();
  });
  await page.route(WAYS_OUT, (route) =>
    lost && route.request().method() === "POST" ? route.abort() : route.continue(),
  );
  return async () => {
    lost = false;
    // Chance says when a page dials again; one whose network is back does so at once.
    await page.evaluate(() => dispatchEvent(new Event("online")));
  };
}

type Frame = Readonly<Record<string, unknown>>;

/** A page's line to the server, from its next load on. */
export interface HeldLine {
  /** Whether a frame gets lost on its way to the page. */
  isLost: (frame: Frame) => boolean;
  /** Says something to the page in the server's name. */
  tell(frame: Frame): void;
}

/** Holds a page's line: what the server tells may get lost, and the test may tell something itself. */
export async function holdLine(page: Page): Promise<HeldLine> {
  let line: WebSocketRoute | null = null;
  const held: HeldLine = {
    isLost: () => false,
    tell: (frame) => line?.send(JSON.stringify(frame)),
  };
  await page.routeWebSocket(/\/api\/socket/, (socket) => {
    line = socket;
    socket.connectToServer().onMessage((text) => {
      if (!held.isLost(JSON.parse(String(text)))) socket.send(text);
    });
  });
  return held;
}
