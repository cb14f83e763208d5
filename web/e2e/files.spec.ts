/** A file that somebody drops or pastes: the page stays, what was written stays, and words say that it was not sent. */
import type { Locator, Page } from "@playwright/test";
import { Thread } from "./support/people.ts";
import { expect, test } from "./support/talk.ts";

interface Dropped {
  readonly file?: string;
  readonly link?: string;
  /** What the link comes as. */
  readonly kinds?: readonly string[];
}

/** Drops onto the middle of a place, as a hand does from another window. */
async function drop(place: Locator, what: Dropped): Promise<void> {
  const page = place.page();
  const { x = 0, y = 0, width = 0, height = 0 } = (await place.boundingBox()) ?? {};
  const { link, kinds = [] } = what;
  const items = link ? kinds.map((mimeType) => ({ mimeType, data: link })) : [];
  const data = { items, files: what.file ? [what.file] : [], dragOperationsMask: 1 };
  const session = await page.context().newCDPSession(page);
  for (const type of ["dragEnter", "dragOver", "drop"] as const)
    await session.send("Input.dispatchDragEvent", { type, x: x + width / 2, y: y + height / 2, data });
  await session.detach();
}

/** Pastes what is on a clipboard that holds a file. */
function paste(place: Locator): Promise<void> {
  return place.evaluate((element) => {
    const clipboardData = new DataTransfer();
    clipboardData.items.add(new File(["x"], "holiday.png", { type: "image/png" }));
    element.dispatchEvent(
      new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true, composed: true }),
    );
  });
}

/** Waits for the words, and closes them by the keyboard. */
async function refused(page: Page): Promise<void> {
  const said = page.getByRole("dialog", { name: "Files can't be sent here" });
  await expect(said).toContainText("The file was not sent.");
  await page.keyboard.press("Escape");
  await expect(said).toHaveCount(0);
}

test("detail 22: a file that is dropped or pasted anywhere in a chat is refused in words", async ({
  server,
  talk,
}) => {
  const { page, thread } = await talk("files");
  const file = server.file("holiday.txt", "sun");
  const { origin, pathname } = new URL(page.url());
  await thread.composer.fill("Half a sentence");
  for (const place of [thread.composer, thread.log, page.getByRole("heading", { level: 1 })]) {
    await drop(place, { file });
    await refused(page);
  }
  for (const place of [thread.composer, page.locator("body")]) {
    await paste(place);
    await refused(page);
  }
  await expect(thread.composer).toHaveValue("Half a sentence");
  expect(page.url()).toBe(origin + pathname);
  expect(page.context().pages()).toHaveLength(1);
  await expect(thread.log.locator(".message")).toHaveCount(0);
});

test("a link that is dropped beside the composer leads nowhere, and one that is dropped into it is text", async ({
  talk,
}) => {
  const { page, thread } = await talk("files-link");
  const address = page.url();
  const kinds = ["text/uri-list", "text/plain"];
  await drop(thread.log, { link: "https://example.org/elsewhere", kinds });
  // Not every browser gives a link as text as well.
  for (const place of [thread.log, thread.composer])
    await drop(place, { link: "https://example.org/nowhere", kinds: ["text/uri-list"] });
  await drop(thread.composer, { link: "https://example.org/here", kinds });
  await expect(thread.composer).toHaveValue("https://example.org/here");
  await expect(page.getByRole("dialog")).toHaveCount(0);
  // A browser opens what was dropped a moment later, in this tab or in another.
  await thread.send("still here");
  await thread.status("still here", "Read");
  expect(page.context().pages()).toHaveLength(1);
  expect(page.url()).toBe(address);
});

test("a file is refused at the door, and where what says so can't be had, that is said", async ({
  customer,
  link,
  server,
  watch,
}) => {
  const { page } = customer;
  const file = server.file("holiday.txt", "sun");
  await customer.look(await link("files-door"));
  await drop(customer.start, { file });
  await refused(page);
  await expect(customer.start).toBeEnabled();

  await page.reload();
  await customer.start.click();
  const thread = new Thread(page);
  await thread.loaded();
  watch.declare(/\/assets\/seldom-|\/healthz/, "ERR_FAILED");
  await page.route(/\/assets\/seldom-.*\.js$|\/healthz$/, (route) => route.abort());
  await drop(thread.log, { file });
  const alert = page.getByRole("alert").filter({ hasText: "The connection failed." });
  await expect(alert).toBeInViewport({ ratio: 1 });
  await page.unrouteAll();
  await alert.getByRole("button", { name: "Try again" }).click();
  await refused(page);
});

test("a file is refused anywhere at the desk, and what was written stays", async ({
  agent,
  customer,
  server,
}) => {
  await agent.openLinks();
  const { page } = agent;
  const file = server.file("holiday.txt", "sun");
  await drop(agent.generate, { file });
  await refused(page);
  await page.getByText("Options", { exact: true }).click();
  await paste(page.getByLabel("Label"));
  await refused(page);
  const theirs = await customer.enter(await agent.makeLink("files-desk"));
  await theirs.send("Can I send you a picture?");
  const ours = await agent.openChat("files-desk");
  await ours.composer.fill("Half a sentence");
  for (const place of [ours.composer, ours.log]) {
    await drop(place, { file });
    await refused(page);
    await paste(place);
    await refused(page);
  }
  await expect(ours.composer).toHaveValue("Half a sentence");
});
