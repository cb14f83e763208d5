/** Who came in by a link: when, and from what kind of device. Enough for "is that my customer?", and no more. */
import type { Page } from "@playwright/test";
import { Customer } from "./support/people.ts";
import { expect, test } from "./support/talk.ts";

/** What browsers say of themselves, by the words that a row has for it. */
const BROWSERS: readonly (readonly [device: string, userAgent: string])[] = [
  [
    "a phone",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1",
  ],
  [
    "a tablet",
    "Mozilla/5.0 (Linux; Android 15; SM-X910) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/139.0.0.0 Safari/537.36",
  ],
  [
    "a computer",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/139.0.0.0 Safari/537.36",
  ],
];

/** Numbers between dots, or hexadecimal ones between colons with a gap: a network address of either kind. */
const ADDRESS = /\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3}|[0-9a-f]*::[0-9a-f]*/i;

test("a used link says when it was used and on what kind of device, and nothing else of whoever used it", async ({
  agent,
  browserOf,
  link,
  partner,
  server,
  terminal,
}) => {
  const { page } = agent;
  const opened = new Map<string, { readonly chat: string; readonly from: number; readonly to: number }>();
  const links = new Map<string, string>();
  for (const device of [...BROWSERS.map(([device]) => device), "a terminal"]) {
    links.set(device, await link(`used-on-${device.replace(" ", "-")}`));
  }
  await agent.openLinks();
  for (const [device, address] of links) {
    const chat = `used-on-${device.replace(" ", "-")}`;
    await expect(agent.row(chat)).toContainText("Valid");
    const from = wholeMinute(Date.now());
    const userAgent = BROWSERS.find(([name]) => name === device)?.[1];
    if (userAgent) await new Customer(await (await browserOf({ userAgent })).newPage()).enter(address);
    else await terminal("chat", "open", address, "--json").event({ event: "ready" });
    await expect(agent.row(chat), "at once").toContainText(device);
    opened.set(device, { chat, from, to: Date.now() });
  }
  for (const how of ["as it came", "loaded again"]) {
    await test.step(how, async () => {
      for (const [device, { chat, from, to }] of opened) {
        const row = agent.row(chat);
        await expect(row.getByText("Used", { exact: true })).toBeVisible();
        const more = row.locator(".link-state-more");
        await expect(more).toHaveText(new RegExp(`, on ${device}$`));
        const said = (await more.textContent())?.replace(`, on ${device}`, "");
        expect(await instants(page, from, to)).toContain(said);
        const whole = await row.evaluate((element) => element.outerHTML);
        expect(whole).not.toMatch(ADDRESS);
        expect(whole).not.toMatch(/iPhone|Safari|Mozilla|Android|Windows|SM-X910/);
      }
      await page.reload();
    });
  }

  await test.step("what the server tells the desk holds no more than that", async () => {
    const answer = await (await server.call("/api/links", { key: partner.apiKey })).text();
    expect(answer).toMatch(/"device":"tablet"/);
    expect(answer).not.toMatch(ADDRESS);
    expect(answer).not.toMatch(/iPhone|Safari|Mozilla|Android|Windows|SM-X910/);
  });
});

function wholeMinute(time: number): number {
  return time - (time % 60_000);
}

/** Every minute of this span as the page would say it. */
function instants(page: Page, from: number, to: number): Promise<string[]> {
  return page.evaluate(
    ([first, last]) => {
      const format = new Intl.DateTimeFormat(navigator.language, { dateStyle: "medium", timeStyle: "short" });
      const minutes: string[] = [];
      for (let time = first; time <= last; time += 60_000) minutes.push(format.format(time));
      return minutes;
    },
    [from, to] as const,
  );
}
