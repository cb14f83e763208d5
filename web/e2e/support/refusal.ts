/** Messages that the server refuses for good. */
import type { Page } from "@playwright/test";

/** A server's word that it will never take a message. */
export const NEVER_TAKEN = {
  type: "/problems/no_seat",
  title: "No seat",
  status: 409,
  code: "no_seat",
  success: false,
  error: "The server would not take it.",
};

/** What a test says of the messages to come. */
export interface Refusals {
  /** Whether the next message is refused. */
  next: boolean;
}

/** Refuses a message in the server's name where the test says so. */
export async function refuseOnce(page: Page): Promise<Refusals> {
  const refusals: Refusals = { next: false };
  await page.routeWebSocket(/\/api\/socket/, (socket) => {
    const server = socket.connectToServer();
    socket.onMessage((data) => {
      const { type, cid, chat } = JSON.parse(String(data));
      if (type !== "send" || !refusals.next) {
        server.send(data);
        return;
      }
      refusals.next = false;
      socket.send(JSON.stringify({ type: "problem", cid, chat, problem: NEVER_TAKEN }));
    });
  });
  return refusals;
}
