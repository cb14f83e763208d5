/** One link: how long, to which chat, on screen and paper, handed over. */
import { readFile } from "node:fs/promises";
import type { Locator } from "@playwright/test";
import { expect, test } from "./support/test.ts";

test("an own time is a number and a unit, and a bad one is said in one sentence", async ({ agent }) => {
  const { page } = agent;
  await agent.openLinks();
  await page.getByRole("radio", { name: "Own time" }).check();
  const amount = page.getByRole("textbox", { name: "How many" });
  await agent.generate.click();
  const bounds = page.getByRole("alert").filter({ hasText: "From 1 minute to 720 hours" });
  await expect(bounds).toBeVisible();
  await expect(amount).toBeFocused();
  await expect(amount).toHaveAttribute("aria-invalid", "true");
  await amount.fill("90");
  await page.getByRole("combobox", { name: "Unit" }).selectOption("minutes");
  await expect(bounds).toHaveCount(0);
  await agent.makeLink("own-time");
  await expect(agent.panel).toContainText(/1 hr, (29|30) min/);
  await page.getByRole("combobox", { name: "Unit" }).selectOption("days");
  await agent.generate.click();
  await expect(bounds).toBeVisible();
});

test("the chats that there are are suggested", async ({ agent, customer }) => {
  await agent.openLinks();
  await customer.enter(await agent.makeLink("suggested"));
  const field = agent.page.getByLabel("Chat name");
  const list = agent.page.locator(`datalist#${await field.getAttribute("list")}`);
  await expect(list.locator('option[value="suggested"]')).toHaveCount(1);
});

/** The shape of a code. That the panel's code is the link is read in `journey.spec.ts`. */
async function drawing(code: Locator): Promise<string> {
  const path = (await code.locator("path").getAttribute("d")) ?? "";
  expect(path).toMatch(/^M4 4h7/);
  return path;
}

/** The shape of a picture of modules of 16 pixels, read off its pixels. Runs in a page. */
async function pathOf(address: string): Promise<string> {
  const picture = new Image();
  picture.src = address;
  await picture.decode();
  const size = picture.naturalWidth / 16;
  const pen = new OffscreenCanvas(size * 16, size * 16).getContext("2d");
  if (!pen) throw new Error("no canvas");
  pen.drawImage(picture, 0, 0);
  const { data, width } = pen.getImageData(0, 0, size * 16, size * 16);
  const dark = (x: number, y: number) => (data[((y * 16 + 8) * width + x * 16 + 8) * 4] ?? 255) < 128;
  let path = "";
  for (let y = 0; y < size; y += 1) {
    for (let x = 0; x < size; x += 1) {
      let length = 0;
      while (dark(x + length, y)) length += 1;
      if (length > 0) path += `M${x} ${y}h${length}v1h-${length}z`;
      x += length;
    }
  }
  return path;
}

test("the code is large, and goes into files of both kinds", async ({ agent, browserOf }) => {
  const { page, panel } = agent;
  await agent.openLinks();
  await agent.makeLink("Tisch 4/../x");
  const drawn = await drawing(panel.locator(".qr"));

  await test.step("large on the screen", async () => {
    await panel.getByRole("button", { name: "Show large" }).click();
    const dialog = page.getByRole("dialog", { name: "Scan to open a private chat with Corner Bakery." });
    const code = dialog.getByRole("img", { name: "QR code" });
    const [wide, high] = [page.viewportSize()?.height ?? 0, (await code.boundingBox())?.height ?? 0];
    expect(high).toBeGreaterThan(wide * 0.6);
    expect(await drawing(code)).toBe(drawn);
    await page.keyboard.press("Escape");
    await expect(dialog).toHaveCount(0);
    await expect(panel.getByRole("button", { name: "Show large" })).toBeFocused();
  });

  for (const kind of ["SVG", "PNG"]) {
    await test.step(`as ${kind}`, async () => {
      const coming = page.waitForEvent("download");
      await panel.getByRole("button", { name: `Save as ${kind}` }).click();
      const file = await coming;
      expect(file.suggestedFilename()).toBe(`wicketgate-Tisch-4-x.${kind.toLowerCase()}`);
      const type = kind === "SVG" ? "svg+xml" : "png";
      const bytes = (await readFile(await file.path())).toString("base64");
      const scratch = await (await browserOf()).newPage();
      expect(await scratch.evaluate(pathOf, `data:image/${type};base64,${bytes}`)).toBe(drawn);
    });
  }
});

test("on paper there is the card and nothing else", async ({ agent }) => {
  const { page } = agent;
  await agent.openLinks();
  const address = await agent.makeLink("on-paper");
  const drawn = await drawing(agent.panel.locator(".qr"));
  await page.evaluate(() => {
    window.print = () => document.documentElement.setAttribute("data-printed", "");
  });
  await agent.panel.getByRole("button", { name: "Print card" }).click();
  await expect(page.locator("html[data-printed]")).toHaveCount(1);
  await page.emulateMedia({ media: "print" });
  const card = page.getByRole("article");
  const seen = await page.evaluate(() => document.body.innerText);
  expect(seen.replace(/\s+/g, " ").trim()).toMatch(
    /^Corner Bakery Scan to open a private chat with Corner Bakery\. It works once, until \w+, \w+ \d+, \d{4} at \d+:\d\d.[AP]M \S+\. http\S+$/,
  );
  await expect(card).toContainText(address);
  expect(await drawing(card.locator(".qr"))).toBe(drawn);
  const pdf = await page.pdf({ preferCSSPageSize: true });
  expect(pdf.toString("latin1").match(/\/Type\s*\/Page\b/g)).toHaveLength(1);
  await page.emulateMedia({ media: null });
  await expect(card).toBeHidden();
});

test("a link is handed to mail, messages and the share sheet, and its last part never to the server", async ({
  agent,
  watch,
}) => {
  const { page, panel } = agent;
  await page.addInitScript(() => {
    const shared: unknown[] = [];
    Object.assign(globalThis, { shared });
    navigator.canShare = () => true;
    navigator.share = async (data) => void shared.push(data);
  });
  await agent.openLinks();
  const address = await agent.makeLink("handed-over");
  const fragment = address.split("#")[1] ?? "";
  const mail = new URL((await panel.getByRole("link", { name: "E-mail" }).getAttribute("href")) ?? "");
  expect([mail.protocol, mail.hash]).toEqual(["mailto:", ""]);
  expect(mail.searchParams.get("subject")).toBe("Private chat with Corner Bakery");
  expect(mail.searchParams.get("body")).toContain(`\r\n\r\n${address}\r\n`);
  const sms = panel.locator('a[href^="sms:"]');
  await expect(sms).toBeHidden();
  expect(new URL((await sms.getAttribute("href")) ?? "").searchParams.get("body")).toContain(address);
  await panel.getByRole("button", { name: "Share…" }).click();
  const shared = await page.evaluate(() => (globalThis as unknown as { shared: ShareData[] }).shared);
  expect(shared).toMatchObject([{ url: address, text: expect.stringContaining("It works once, until ") }]);
  expect(watch.requests.filter((request) => request.includes(fragment))).toEqual([]);
});

test("without a share sheet there is no button for it, and a finger is offered a text message", async ({
  agent,
}) => {
  await agent.openLinks();
  await agent.makeLink("no-sheet");
  await expect(agent.panel.getByRole("button", { name: "Share…" })).toHaveCount(0);
  const message = agent.panel.getByRole("link", { name: "Text message" });
  await expect(message).toHaveCount(0);
  const device = await agent.page.context().newCDPSession(agent.page);
  await device.send("Emulation.setTouchEmulationEnabled", { enabled: true });
  await expect(message).toBeVisible();
});
