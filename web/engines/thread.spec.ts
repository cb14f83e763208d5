/** A long thread: it stays at its end, or where its reader is. */
import { Terminal } from "../e2e/support/terminal.ts";
import type { Browser } from "./drive/browser.ts";
import { enter, heard, thread } from "./people.ts";
import { expect, test } from "./support.ts";

test("the end is kept in sight, and earlier messages come in without a jump", async ({
  browserOf,
  server,
}) => {
  const partner = await server.createPartner("Corner Bakery");
  const password = server.file("password", partner.password);
  const options = ["--server", server.url, "--api-key", partner.apiKey, "--chat", "long", "--json"];
  const { secureUrl } = JSON.parse(await server.run("link", "create", options));
  const customer = await browserOf("customer");
  await customer.resize(390, 844);
  await enter(customer, secureUrl);
  const who = ["--email", partner.email, "--password-file", password, "--json"];
  const attendant = new Terminal("chat", "attend", "--server", server.url, ...who);
  try {
    await attendant.event({ event: "ready" });
    for (let number = 1; number <= 110; number += 1) attendant.sayTo("long", `Line ${number}`);
    await heard(customer, "Line 110");
    await expect.poll(() => fromEnd(customer), "what comes is shown").toBeLessThanOrEqual(1);
    await customer.reload();
    await heard(customer, "Line 110");
    await expect.poll(() => fromEnd(customer), "a reload goes to the end").toBeLessThanOrEqual(1);
    expect(await thread(customer)).toHaveLength(50);

    const before = await upToTop(customer);
    await heard(customer, "Line 11");
    const after = await customer.run(placeOf, before.words);
    expect(Math.abs(after - before.top), "the message that was seen first").toBeLessThanOrEqual(1);

    attendant.sayTo("long", "one more");
    await customer.one({ is: "button", called: "1 new message" });
    expect(Math.abs((await customer.run(placeOf, before.words)) - before.top)).toBeLessThanOrEqual(1);
    await customer.press({ is: "button", called: "1 new message" });
    await expect.poll(() => fromEnd(customer)).toBeLessThanOrEqual(1);
  } finally {
    await attendant.close();
  }
});

/** Pixels between what is seen and the end. */
function fromEnd(browser: Browser): Promise<number> {
  return browser.run(() => {
    const log = document.querySelector("[role=log]") as HTMLElement;
    return log.scrollHeight - log.clientHeight - log.scrollTop;
  });
}

/** Goes up to the earliest message that is there; gives its words, and where they stand. */
function upToTop(browser: Browser): Promise<{ words: string; top: number }> {
  return browser.run(() => {
    const log = document.querySelector("[role=log]") as HTMLElement;
    log.scrollTop = 1;
    const first = log.querySelector(".message-text") as HTMLElement;
    return { words: first.innerText, top: first.getBoundingClientRect().top };
  });
}

function placeOf(words: string): number {
  const all = [...document.querySelectorAll<HTMLElement>("[role=log] .message-text")];
  return all.find(({ innerText }) => innerText === words)?.getBoundingClientRect().top ?? Number.NaN;
}
