/** How long a message may be: what fits arrives by every way, what never can is refused once, and the others go on. */
import type { Page } from "@playwright/test";
import { expect, test } from "./support/talk.ts";

const TOO_LONG = "This message is too long. Please send it in parts.";

test("what is beyond a limit stays where it was written, and the next message goes out", async ({ talk }) => {
  const { page, thread } = await talk("limits-beyond");
  const send = page.getByRole("button", { name: "Send", exact: true });
  for (const beyond of ["\u0000A".repeat(8_192), "\u0001\u0001\u0001A".repeat(4_000), "😀".repeat(4_097)]) {
    await thread.composer.fill(beyond);
    await send.click();
    await expect(page.getByText(TOO_LONG)).toBeVisible();
    await expect(thread.log.locator(".message")).toHaveCount(0);
  }
  await thread.send("please help");
  await thread.status("please help", "Read");
});

for (const way of ["the socket", "calls"] as const) {
  test(`the longest of every kind arrives over ${way}`, async ({ device, talk }) => {
    const block = (page: Page) =>
      page.routeWebSocket(/\/api\/socket/, (socket) => void socket.close({ code: 1001 }));
    const before = way === "calls" ? block : async () => {};
    const chat = await talk(`limits-${way}`, device, before);
    for (const longest of ["x".repeat(16_384), "\u0001\u0001\u0001A".repeat(1_723), "😀".repeat(4_096)]) {
      await chat.thread.composer.fill(longest);
      await chat.page.getByRole("button", { name: "Send", exact: true }).click();
      await chat.attendant.event({ event: "message", chatId: chat.chat, text: longest });
    }
    await expect(chat.thread.log.locator(".message.own.sent")).toHaveCount(3);
  });
}

test("a message that the socket breaks of goes by a call, and one that nothing carries is refused once", async ({
  device,
  talk,
  watch,
}) => {
  let sockets = 0;
  const chat = await talk("limits-broken", device, (page) =>
    page.routeWebSocket(/\/api\/socket/, (socket) => {
      sockets += 1;
      const server = socket.connectToServer();
      socket.onMessage((data) => {
        if (String(data).length > 8_192) void socket.close({ code: 1009 });
        else server.send(data);
      });
    }),
  );
  const { page, thread } = chat;
  await chat.customer.live();
  await thread.send(`by a call ${"x".repeat(10_000)}`);
  await thread.status("by a call", "Read");

  const posts = /\/api\/chats\/[^/]+\/messages\?as=customer/;
  watch.declare(posts, 413);
  await page.route(posts, (route) =>
    (route.request().postData()?.length ?? 0) > 8_192
      ? route.fulfill({ status: 413, contentType: "text/html", body: "<h1>Too large</h1>" })
      : route.fallback(),
  );
  await thread.send(`by nothing ${"x".repeat(10_000)}`);
  await thread.send("please help");
  await thread.status("please help", "Read");
  await thread.status("by nothing", "Not sent");
  await expect(thread.log.getByText(TOO_LONG)).toBeVisible();
  await expect(page.getByRole("button", { name: "Try again" })).toHaveCount(0);
  await expect(page.getByRole("button", { name: "Edit" })).toBeVisible();
  await expect(page.getByRole("button", { name: "Copy text" }).first()).toBeVisible();
  expect(sockets).toBeLessThan(6);
});

for (const [name, length] of [
  ["a megabyte", 1_000_000],
  ["ten megabytes", 10_000_000],
] as const) {
  test(`a paste of ${name} is refused at once, in words, and what was written stays`, async ({
    device,
    talk,
  }) => {
    const { page, thread } = await talk(`limits-${length}`, { ...device, permissions: ["clipboard-write"] });
    await thread.composer.fill("Dear all,");
    const took: number[] = [];
    for (let round = 0; round < 3; round += 1) {
      // With line ends and without: what is drawn of them differs.
      await page.evaluate(
        ([count, unit]) => navigator.clipboard.writeText(unit.repeat(count / unit.length)),
        [length, round % 2 ? "some words\n" : "x"] as const,
      );
      await thread.composer.focus();
      await page.evaluate(startClock);
      await page.keyboard.press("ControlOrMeta+V");
      await expect(page.getByText(TOO_LONG)).toBeVisible();
      took.push(await page.evaluate(() => (window as unknown as { took: number }).took));
      await expect(thread.composer).toHaveValue("Dear all,");
    }
    console.log(`a paste of ${name} is refused within ${took.map(Math.round).join(", ")} ms`);
    // Other tests share the cores: the quickest of three tells what the page does.
    expect(Math.min(...took)).toBeLessThanOrEqual(100);
    await thread.composer.press("End");
    await thread.composer.pressSequentially(" hello");
    await expect(page.getByText(TOO_LONG)).toHaveCount(0);
    await page.getByRole("button", { name: "Send", exact: true }).click();
    await thread.status("Dear all, hello", "Read");
  });
}

/** Measures from the press of the keys to the next picture. */
function startClock(): void {
  const start = ({ key, timeStamp }: KeyboardEvent) => {
    if (key.toLowerCase() !== "v") return;
    removeEventListener("keydown", start, true);
    const drawn = () => {
      Object.assign(window, { took: performance.now() - timeStamp });
    };
    requestAnimationFrame(() => setTimeout(drawn));
  };
  addEventListener("keydown", start, true);
}

test("a field of the desk refuses in words, at once, what is far too long for it", async ({ agent }) => {
  await agent.openLinks();
  const { page } = agent;
  await page.getByText("Options", { exact: true }).click();
  for (const [label, length] of [
    ["Label", 1_000_000],
    ["Label", 10_000_000],
    ["Chat name", 10_000_000],
    ["Chat name", 129],
  ] as const) {
    const field = page.getByLabel(label, { exact: true });
    await field.fill("Anna");
    await page.evaluate((count) => navigator.clipboard.writeText("x".repeat(count)), length);
    await field.press("End");
    await page.evaluate(startClock);
    await page.keyboard.press("ControlOrMeta+V");
    const said = () => field.evaluate((box: HTMLInputElement) => box.validationMessage);
    await expect.poll(said).toBe("This text is too long.");
    await expect(field).toHaveValue("Anna");
    await expect.poll(() => page.evaluate(() => (window as unknown as { took?: number }).took)).toBeDefined();
    const took = await page.evaluate(() => (window as unknown as { took: number }).took);
    console.log(`${label}: ${length} characters are refused within ${Math.round(took)} ms`);
    await field.press("End");
    await expect.poll(said).toBe("");
  }
  await agent.makeLink();
});
