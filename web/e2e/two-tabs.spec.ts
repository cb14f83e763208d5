/** Two tabs of one customer's chat: one at a time sends, and each keeps what is written in it. */
import { draftsKept } from "./support/drafts.ts";
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

test("detail 18: what two tabs have half written is each one's own, and goes on in a new tab when they are gone", async ({
  device,
  talk,
}) => {
  const chat = await talk("two-tabs-drafts", device);
  const open = async () => {
    const thread = new Thread(await chat.page.context().newPage());
    await thread.page.goto(chat.page.url());
    await thread.loaded();
    return thread;
  };
  const { thread: first } = chat;
  await first.composer.fill("Of the first");
  await expect.poll(() => draftsKept(chat.page)).toBe(1);
  const second = await open();
  await expect(second.composer).toHaveValue("");
  await second.composer.pressSequentially("Of the second");
  await first.composer.press("End");
  await first.composer.pressSequentially(" tab");
  await expect(second.composer).toHaveValue("Of the second");
  await expect(first.composer).toHaveValue("Of the first tab");
  await expect.poll(() => draftsKept(chat.page)).toBe(2);
  for (const thread of [first, second]) {
    const written = await thread.composer.inputValue();
    await thread.page.reload();
    await expect(thread.composer).toHaveValue(written);
  }

  await second.page.close();
  const third = await open();
  await expect(third.composer).toHaveValue("Of the second");
  await third.send("Of the third");
  await expect(third.composer).toHaveValue("");
  await third.composer.fill("Of the third, too");
  await expect(first.composer).toHaveValue("Of the first tab");
  await expect.poll(() => draftsKept(chat.page)).toBe(2);

  const last = await third.page.context().newPage();
  await first.page.close();
  await third.page.close();
  await last.goto(chat.page.url());
  await expect(new Thread(last).composer).toHaveValue("Of the first tab\nOf the third, too");
});

test("a copy of a tab does not take its draft along", async ({ talk }) => {
  const chat = await talk("two-tabs-copy");
  await chat.thread.composer.fill("Only here");
  await expect.poll(() => draftsKept(chat.page)).toBe(1);
  // A window that a page opens begins with what the page keeps for its tab, as a tab that is copied does.
  const opened = chat.page.waitForEvent("popup");
  await chat.page.evaluate(() => void open(location.href));
  const copy = new Thread(await opened);
  await copy.loaded();
  await expect(copy.composer).toHaveValue("");
  // Without it, it would be no copy.
  expect(await copy.page.evaluate(() => sessionStorage.length)).toBeGreaterThan(0);
  await copy.composer.fill("There");
  await expect.poll(() => draftsKept(chat.page)).toBe(2);
  for (const [thread, written] of [
    [copy, "There"],
    [chat.thread, "Only here"],
  ] as const) {
    await thread.page.reload();
    await expect(thread.composer).toHaveValue(written);
  }
});
