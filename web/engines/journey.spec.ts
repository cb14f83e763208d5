/** The main job, from set-up to a used link, and both browsers started again. */
import type { Browser } from "./drive/browser.ts";
import { enter, heard, makeLink, send, setUp, signIn, status, thread } from "./people.ts";
import { readQr } from "./qr.ts";
import { expect, test } from "./support.ts";

const SAID = ["Is the rye bread still warm?", "And the poppy rolls?", "Both are, straight from the oven."];

/** Its words change by themselves, with its name and who is there. */
const ONLY_CHAT = { is: "link", within: ".inbox-rows" } as const;

test("an agent sets up and talks with a customer by a link that opens once, also in browsers that are started again", async ({
  browserOf,
  server,
}) => {
  const desk = await browserOf("agent");
  const address = await test.step("a link, copied and drawn", async () => {
    await setUp(desk, server);
    const made = await makeLink(desk);
    await desk.one({ is: "button", called: "Copied" });
    await desk.press({ is: "button", called: "Options" });
    expect(await desk.paste("Label")).toBe(made);
    await desk.type("Label", "Table 4");
    expect(await readQr(desk, { is: "picture", called: "QR code" })).toBe(made);
    return made;
  });

  const customer = await browserOf("customer");
  await test.step("the customer looks, then presses", async () => {
    await customer.open(address);
    await customer.one({ is: "button", called: "Start secure chat" });
    await desk.says("Valid", "main");
    await enter(customer, address);
    await desk.says("Used", "main");
  });

  await test.step("they talk, today, and two messages of one minute show one time", async () => {
    await send(customer, SAID[0] ?? "");
    await send(customer, SAID[1] ?? "");
    await desk.open(`${server.url}/partners/chats`);
    await desk.press(ONLY_CHAT);
    await heard(desk, SAID[1] ?? "");
    await send(desk, SAID[2] ?? "");
    await heard(customer, SAID[2] ?? "");
    await status(customer, SAID[1] ?? "", /Read/);
    await status(desk, SAID[2] ?? "", /Read/);
    for (const side of [customer, desk]) await grouped(side);
  });

  await test.step("a reload on each side loses nothing", async () => {
    for (const side of [customer, desk]) {
      await side.reload();
      await heard(side, SAID[2] ?? "");
      expect(await thread(side)).toEqual(SAID);
      await grouped(side);
    }
  });

  await test.step("the used link says so", async () => {
    const stranger = await browserOf("stranger");
    await stranger.open(address);
    await stranger.one({ is: "heading", called: "Link has already been used" });
    await stranger.none({ is: "button", called: "Start secure chat" });
  });

  await test.step("browsers that are started again come back: a customer to the chat, an agent to the desk", async () => {
    const at = await customer.address();
    await customer.close();
    const restarted = await browserOf("customer");
    await restarted.open(at);
    await heard(restarted, SAID[2] ?? "");
    expect(await thread(restarted)).toEqual(SAID);
    await send(restarted, "On my way.");

    await desk.close();
    const again = await browserOf("agent");
    await again.open(`${server.url}/partners/chats`);
    await again.press(ONLY_CHAT);
    await heard(again, "On my way.");
  });

  await test.step("signing in on another device opens the same chat", async () => {
    const other = await browserOf("other");
    await other.open(`${server.url}/signin`);
    await signIn(other);
    await other.one({ is: "heading", called: "Links" });
    await other.open(`${server.url}/partners/chats`);
    await other.press(ONLY_CHAT);
    await heard(other, "On my way.");
  });
});

/** One day's heading over all of it, and a time under the last message alone of each side's. */
async function grouped(browser: Browser): Promise<void> {
  const seen = await browser.run(() => ({
    days: [...document.querySelectorAll<HTMLElement>("[role=log] .divider")]
      .map(({ innerText }) => innerText)
      .filter((words) => /day$/.test(words)),
    times: [...document.querySelectorAll("[role=log] .message")].map(
      (each) => each.querySelector("time") !== null,
    ),
  }));
  expect(seen, browser.engine).toEqual({ days: ["Today"], times: [false, true, true] });
}
