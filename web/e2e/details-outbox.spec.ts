/** Details 13, 14 and 15: how far a message has come, and what becomes of one that can't go out. */
import type { Page, WebSocketRoute } from "@playwright/test";
import { NEVER_TAKEN } from "./support/refusal.ts";
import { expect, test } from "./support/talk.ts";

/** What stands on the wire. */
type Frame = { readonly type: string } & Readonly<Record<string, unknown>>;

/** A socket that the test can hold back and add to. Everything else passes. */
class Wire {
  #socket: WebSocketRoute | null = null;
  #held: string[] = [];
  /** Which of the server's frames are held back. */
  holds = (_frame: Frame): boolean => false;
  /** Which of the page's frames the test answers itself; null lets one pass. */
  answers = (_frame: Frame): Frame | null => null;

  async tap(page: Page): Promise<void> {
    await page.routeWebSocket(/\/api\/socket/, (socket) => {
      this.#socket = socket;
      const server = socket.connectToServer();
      socket.onMessage((data) => {
        const answer = this.answers(JSON.parse(String(data)));
        if (answer) this.push(answer);
        else server.send(data);
      });
      server.onMessage((data) => {
        if (this.holds(JSON.parse(String(data)))) this.#held.push(String(data));
        else socket.send(data);
      });
    });
  }

  /** Says something to the page in the server's name. */
  push(frame: Frame): void {
    this.#socket?.send(JSON.stringify(frame));
  }

  /** Lets go of what was held back. */
  release(): void {
    this.holds = () => false;
    for (const data of this.#held.splice(0)) this.#socket?.send(data);
  }
}

/** Answers a message as a server that will never take it. */
function refuse({ type, cid, chat }: Frame): Frame | null {
  return type === "send" ? { type: "problem", cid, chat, problem: NEVER_TAKEN } : null;
}

test("detail 13: a status only moves forward, and each has a word and a shape", async ({ device, talk }) => {
  const wire = new Wire();
  const { customer, page, thread } = await talk("detail-13", device, (page) => wire.tap(page));
  await customer.live();
  const chat = new URL(page.url()).pathname.split("/").at(-1);
  const status = thread.log.locator(".status");
  const shapes = new Set<string | null>();
  const stands = async (word: string) => {
    await expect(status).toHaveText(word);
    await expect(status.locator("svg")).toBeVisible();
    shapes.add(await status.locator("path").getAttribute("d"));
  };
  const seen = (delivered: number, read: number) =>
    wire.push({ type: "seen", by: "partner", chat, delivered, read });

  // Nobody knows of the message: neither its answer nor a receipt comes through.
  wire.holds = ({ type }) => type === "ack" || type === "seen" || type === "message";
  await thread.send("How far am I?");
  await stands("Waiting");
  wire.release();
  await stands("Read");
  seen(0, 0);
  // What is said after the stale receipts arrived is proof that they were heard.
  wire.push({ type: "typing", by: "partner", chat, typing: true });
  await expect(page.getByText("Corner Bakery is typing…")).toBeVisible();
  await stands("Read");

  wire.holds = ({ type }) => type === "seen";
  await thread.send("And I?");
  const second = thread.log.locator(".message").last().locator(".status");
  for (const [word, delivered, read] of [
    ["Sent", 0, 0],
    ["Delivered", 2, 1],
    ["Read", 2, 2],
    ["Read", 2, 1],
  ] as const) {
    seen(delivered, read);
    await expect(second).toHaveText(word);
    shapes.add(await second.locator("path").getAttribute("d"));
  }

  wire.answers = refuse;
  await thread.send("Not I");
  await thread.status("Not I", "Not sent");
  // What was refused came after the stale receipt.
  await thread.status("And I?", "Read");
  const third = thread.log.locator(".message").last().locator(".status");
  await expect(third.locator("svg")).toBeVisible();
  shapes.add(await third.locator("path").getAttribute("d"));
  expect(shapes.size).toBe(5);
});

test("detail 14: offline, the bubble is there within 100 ms as Waiting, and what waits is sent once", async ({
  talk,
  watch,
}) => {
  const chat = await talk("detail-14");
  const { page, thread } = chat;
  watch.declare(/./, "ERR_INTERNET_DISCONNECTED");
  await page.context().setOffline(true);
  await expect(page.locator("header").getByText("You are offline. What you write waits here.")).toBeVisible();
  // Other tests share the cores: the quickest of three tells what the page does.
  const took: number[] = [];
  for (const words of ["From the tunnel", "Still in the tunnel", "Out of it soon"]) {
    await thread.composer.fill(words);
    took.push(await untilWaiting(page));
    await thread.status(words, "Waiting");
  }
  expect(Math.min(...took), `${took}`).toBeLessThanOrEqual(100);
  await page.context().setOffline(false);
  await thread.status("Out of it soon", "Read");
  await chat.attendant.event({ event: "message", chatId: chat.chat, text: "Out of it soon" });
  await page.reload();
  await expect(thread.message("Out of it soon")).toBeVisible();
  expect(await thread.texts()).toEqual(["From the tunnel", "Still in the tunnel", "Out of it soon"]);
});

/** Presses Send; gives the milliseconds until one more message is painted as Waiting. */
function untilWaiting(page: Page): Promise<number> {
  return page.evaluate(
    () =>
      new Promise<number>((resolve) => {
        const log = document.querySelector("[role=log]") as Element;
        const last = () => [...log.querySelectorAll(".message")].at(-1);
        const before = last();
        const start = performance.now();
        new MutationObserver((_changes, observer) => {
          if (last() === before || !last()?.querySelector(".status.waiting")) return;
          observer.disconnect();
          requestAnimationFrame(() => resolve(performance.now() - start));
        }).observe(log, { childList: true, subtree: true });
        document.querySelector<HTMLButtonElement>(".composer button")?.click();
      }),
  );
}

test("detail 15: what is refused says Not sent, can be copied, and goes out when tried again", async ({
  device,
  talk,
}) => {
  const wire = new Wire();
  const options = { ...device, permissions: ["clipboard-write"] };
  const { customer, page, thread } = await talk("detail-15", options, (page) => wire.tap(page));
  await customer.live();
  wire.answers = refuse;
  await thread.send("Refuse me");
  await thread.status("Refuse me", "Not sent");
  await expect(
    thread.log.getByText("The server did not take this. Please load the page again."),
  ).toBeVisible();

  await page.getByRole("button", { name: "Copy text" }).click();
  await expect(page.getByRole("button", { name: "Text copied" })).toBeVisible();
  await thread.composer.press("ControlOrMeta+V");
  await expect(thread.composer).toHaveValue("Refuse me");
  await thread.composer.fill("");

  await page.reload();
  await thread.status("Refuse me", "Not sent");
  wire.answers = () => null;
  await page.getByRole("button", { name: "Try again" }).click();
  await thread.status("Refuse me", "Read");
  await expect(page.getByRole("button", { name: "Try again" })).toHaveCount(0);
  await expect(thread.message("Refuse me")).toHaveCount(1);
});

test("detail 15: what was not sent can be taken back, changed, and sent", async ({ device, press, talk }) => {
  const wire = new Wire();
  const { customer, page, thread } = await talk("detail-15-back", device, (page) => wire.tap(page));
  await customer.live();
  const words = "Refuse this too";
  wire.answers = refuse;
  await thread.send(words);
  await thread.status(words, "Not sent");
  wire.answers = () => null;
  await press(page.getByRole("button", { name: "Edit" }));
  await expect(thread.composer).toBeFocused();
  await expect(thread.composer).toHaveValue(words);
  await expect(thread.message(words)).toHaveCount(0);
  await thread.send("Shorter");
  await thread.status("Shorter", "Read");
  await page.reload();
  await expect(thread.message("Shorter")).toBeVisible();
  await expect(thread.log.locator(".message")).toHaveCount(1);
});

test("detail 15: what nobody could send stays where one writes, and says so", async ({ press, talk }) => {
  const { page, thread } = await talk("detail-15-huge");
  const words = `${"y".repeat(16_384)}!`;
  const send = page.getByRole("button", { name: "Send", exact: true });
  const reason = page.getByText("This message is too long. Please send it in parts.");
  await thread.composer.fill(words);
  await press(send);
  await expect(reason).toBeVisible();
  await expect(thread.composer).toHaveValue(words);
  await page.reload();
  await expect(thread.composer, "a reload loses nothing").toHaveValue(words);
  await expect(reason).toHaveCount(0);
  await expect(thread.log.locator(".message")).toHaveCount(0);
  await press(send);
  await expect(reason).toBeVisible();
  await thread.composer.fill(words.slice(0, -1));
  await expect(reason).toHaveCount(0);
  await press(send);
  await thread.status("yyy", "Read");
  await expect(thread.composer).toHaveValue("");
});
