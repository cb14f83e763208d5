/** Two tabs of one customer's chat: one at a time sends. */
import { Thread } from "./support/people.ts";
import { expect, test } from "./support/talk.ts";

test("what two tabs write goes in the order in which it was written", async ({ device, talk }) => {
  let release = (): void => {};
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  const chat = await talk("two-tabs", device, (page) =>
    page.routeWebSocket(/\/api\/socket/, (socket) => {
      const server = socket.connectToServer();
      socket.onMessage(async (data) => {
        if (JSON.parse(String(data)).type === "send") await released;
        server.send(data);
      });
    }),
  );
  await chat.customer.live();
  const other = await chat.page.context().newPage();
  await other.goto(chat.page.url());
  const thread = new Thread(other);
  await thread.loaded();

  await chat.thread.send("the first");
  await thread.send("the second");
  await thread.status("the second", "Waiting");
  release();
  const first = await chat.attendant.event({ event: "message", chatId: chat.chat, text: "the first" });
  const second = await chat.attendant.event({ event: "message", chatId: chat.chat, text: "the second" });
  expect([first.seq, second.seq]).toEqual([1, 2]);
  await thread.sent("the second");
});

test("a tab that sleeps with its turn holds up another for some seconds only", async ({ device, talk }) => {
  const chat = await talk("two-tabs-asleep", device);
  await chat.page.evaluate(() => {
    void navigator.locks.request(
      `outbox customer ${location.pathname.split("/").at(-1)}`,
      () => new Promise(() => {}),
    );
  });
  const other = await chat.page.context().newPage();
  await other.goto(chat.page.url());
  const thread = new Thread(other);
  await thread.loaded();
  await thread.send("still here");
  await thread.sent("still here");
});
