/** An agent and a customer, each with a browser of their own: what they do, whatever the browser is made of. */

import { SETUP_TOKEN, type TestServer } from "../e2e/support/server.ts";
import type { Browser } from "./drive/browser.ts";
import { expect } from "./support.ts";

const MARA = { email: "mara@bakery.example", password: "seven loaves before dawn" };

/** Sets the first partner up, and lands on the page of links. */
export async function setUp(desk: Browser, server: TestServer): Promise<void> {
  await desk.open(`${server.url}/setup#${SETUP_TOKEN}`);
  await desk.type("Organisation", "Corner Bakery");
  await desk.type("E-mail", MARA.email);
  await desk.type("Password", MARA.password);
  await desk.press({ is: "button", called: "Set up" });
  await desk.press({ is: "field", called: "I have written it down" });
  await desk.press({ is: "button", called: "Continue" });
  await desk.one({ is: "heading", called: "Links" });
}

/** Signs in on the page that asks for it. */
export async function signIn(
  desk: Browser,
  agent: { email: string; password: string } = MARA,
): Promise<void> {
  await desk.type("E-mail", agent.email);
  await desk.type("Password", agent.password);
  await desk.press({ is: "button", called: "Sign in" });
}

/** Makes a link on the page of links; gives its address. */
export async function makeLink(desk: Browser): Promise<string> {
  await desk.press({ is: "button", called: "Generate Secure Link" });
  const field = { is: "field", called: "Link address" } as const;
  await desk.one(field);
  await expect.poll(() => desk.words(field)).toMatch(/^http/);
  return desk.words(field);
}

/** Opens a link and goes in. */
export async function enter(customer: Browser, address: string): Promise<void> {
  await customer.open(address);
  await customer.press({ is: "button", called: "Start secure chat" });
  await customer.one({ is: "field", called: "Message" });
}

/** Writes a message and sends it by the button. */
export async function send(browser: Browser, text: string): Promise<void> {
  await browser.type("Message", text);
  await browser.press({ is: "button", called: "Send" });
  await heard(browser, text);
}

/** Waits until a message is there, once. */
export async function heard(browser: Browser, text: string): Promise<void> {
  await expect.poll(async () => (await thread(browser)).filter((words) => words === text)).toEqual([text]);
}

/** Every message's words in their order. */
export function thread(browser: Browser): Promise<string[]> {
  return browser.run(() =>
    [...document.querySelectorAll<HTMLElement>("[role=log] .message-text")].map(({ innerText }) => innerText),
  );
}

/** Waits until a message has come as far as this word says. */
export async function status(browser: Browser, text: string, words: RegExp): Promise<void> {
  const said = () =>
    browser.run((text) => {
      const messages = [...document.querySelectorAll<HTMLElement>("[role=log] .message")];
      const message = messages.find(
        (each) => each.querySelector<HTMLElement>(".message-text")?.innerText === text,
      );
      return message?.querySelector<HTMLElement>(".status")?.textContent ?? "";
    }, text);
  await expect.poll(said, { message: `${browser.engine}: status of ${text}` }).toMatch(words);
}

/** Nothing of the page is wider than its window. */
export async function fits(browser: Browser): Promise<void> {
  const wide = () =>
    browser.run(() => {
      const page = document.documentElement;
      const places = [page, ...document.querySelectorAll("main, main *, dialog, aside, nav")];
      // What scrolls by itself where it is meant to says so by a name that a person can reach.
      return places
        .filter((place) => place === page || ["auto", "scroll"].includes(getComputedStyle(place).overflowX))
        .filter((place) => place.scrollWidth > place.clientWidth)
        .map((place) => `${place.tagName}.${place.className} ${place.scrollWidth} > ${place.clientWidth}`);
    });
  expect(await wide(), `${browser.engine}: wider than its window at ${await browser.address()}`).toEqual([]);
}
