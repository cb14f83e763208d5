/** A bad network, and its end. */
import type { Page } from "@playwright/test";
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
