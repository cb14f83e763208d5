/** Detail 24 at the desk: what its title and favicon say while nobody looks, in whatever page of it is open. */
import type { Page } from "@playwright/test";
import { Customer, connected, type Thread } from "./support/people.ts";
import { expect, test } from "./support/talk.ts";
import { setVisible } from "./support/visibility.ts";

// Where a terminal of another test reads what customers write, nothing is unread.
test.use({ alone: true });

test("detail 24: the desk's title and favicon count what comes while nobody looks, and never say a word of it", async ({
  browserOf,
  device,
  link,
  server,
  timedAgent: agent,
}) => {
  const { page } = agent;
  await remember(page);
  const come = async (chat: string) =>
    new Customer(await (await browserOf(device)).newPage()).enter(await link(chat));
  const open = await come("title-open");
  const other = await come("title-other");

  const secrets: string[] = [];
  let unread = 0;
  const say = async (thread: Thread, words: string) => {
    secrets.push(words);
    await thread.send(words);
  };
  for (const [path, title] of [
    ["/partners/qrcodes", "Links – Wicketgate"],
    ["/partners/chats", "Chats – Wicketgate"],
    ["/partners/settings", "Settings – Wicketgate"],
    ["the open chat", "Chats – Wicketgate"],
  ] as const) {
    await test.step(path, async () => {
      if (path === "the open chat") await (await agent.openChat("title-open")).loaded();
      else await page.goto(server.url + path);
      await expect(page).toHaveTitle(title);
      await connected(page);
      const icon = page.locator("link[rel~=icon]");
      const read = (await icon.getAttribute("href")) ?? "";
      await setVisible(page, false);
      await say(open, `A secret word at ${path}`);
      await expect(page).toHaveTitle(`(1) ${title}`);
      await expect(icon).not.toHaveAttribute("href", read);
      await say(other, `Another one at ${path}`);
      await expect(page).toHaveTitle(`(2) ${title}`);
      await setVisible(page, true);
      await expect(page).toHaveTitle(title);
      await expect(icon).toHaveAttribute("href", read);
      await say(open, `Seen at once at ${path}`);
      unread += 3;
      if (path === "the open chat") await open.status(`Seen at once at ${path}`, "Read");
      else await expect(page.getByRole("link", { name: `Chats ${unread} unread` })).toBeVisible();
      await expect(page, "whoever looks is told by the page itself").toHaveTitle(title);
    });
  }
  const titles = await titlesOf(page);
  expect(titles).toContain("(2) Chats – Wicketgate");
  for (const title of titles) {
    expect(title).toMatch(/^(\(\d\) )?(Links|Chats|Settings) – Wicketgate$/);
    for (const words of secrets) expect(title).not.toContain(words);
  }
});

const KEPT = "titles";

/** Keeps every title that a page has from its next load on, over its loads. */
async function remember(page: Page): Promise<void> {
  await page.addInitScript((kept) => {
    const note = () => {
      const titles = JSON.parse(sessionStorage.getItem(kept) ?? "[]") as string[];
      if (titles.at(-1) !== document.title) titles.push(document.title);
      sessionStorage.setItem(kept, JSON.stringify(titles));
    };
    addEventListener("DOMContentLoaded", () => {
      new MutationObserver(note).observe(document.head, {
        childList: true,
        characterData: true,
        subtree: true,
      });
    });
  }, KEPT);
}

function titlesOf(page: Page): Promise<string[]> {
  return page.evaluate((kept) => JSON.parse(sessionStorage.getItem(kept) ?? "[]"), KEPT);
}
