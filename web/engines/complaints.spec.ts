/** What browsers complain about is heard, and nothing that they do not mean. */
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { Browser } from "./drive/browser.ts";
import { isOfLeaving } from "./drive/leaving.ts";
import { test as base, expect } from "./support.ts";

/** What runs in each page. `other` is an origin that lets no page read what it answers. */
const PAGES: Readonly<Record<string, (other: string) => string>> = {
  "/still": () => "",
  "/again": () => "fetch('/held').catch(() => fetch('/next').catch(() => {}))",
  "/away": () =>
    `fetch('/held').catch(() => fetch('/next').catch(() => {})); ${whenPressed("location = '/still'")}`,
  "/refused": (other) => waitingFor("refused", `fetch('${other}/kept')`),
  "/sent-on": () => waitingFor("sent-on", "fetch('/elsewhere')"),
  "/forbidden": () => `${forbid("connect-src 'none'")}; ${waitingFor("forbidden", "fetch('/next')")}`,
};

interface Site {
  readonly url: string;
  /** Resolves when somebody asks for it, or has. */
  readonly asked: (path: string) => Promise<unknown>;
}

const test = base.extend<{ site: Site }>({
  // biome-ignore lint/correctness/noEmptyPattern: the runner reads the names of the fixtures that one asks for
  site: async ({}, use) => {
    const seen = new Set<string>();
    const asked = async (path: string) => seen.has(path) || once(server, path);
    const server = createServer(({ url: path = "" }, answer) => {
      seen.add(path);
      server.emit(path);
      const page = PAGES[path];
      if (page) answer.setHeader("content-type", "text/html").end(written(path, page(other())));
      else if (path === "/elsewhere") answer.writeHead(302, { location: `${other()}/kept-too` }).end();
      else if (path.startsWith("/late/")) asked(path.replace("late", "told")).then(() => answer.end());
      else if (path !== "/held") answer.end("{}");
    });
    const port = () => (server.address() as AddressInfo).port;
    const other = () => `http://127.0.0.1:${port()}`;
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    await use({ url: `http://localhost:${port()}`, asked });
    server.closeAllConnections();
    server.close();
    await once(server, "close");
  },
});

test("a page that asks for more while it is left is not reproached with it", async ({ browserOf, site }) => {
  const browser = await browserOf("agent");
  await browser.open(`${site.url}/again`);
  await site.asked("/held");
  await browser.open(`${site.url}/still`);
  await browser.close();
});

test("a page that leaves by itself and asks for more is reproached with it by WebKit", async ({
  browserOf,
  engine,
  site,
}) => {
  const browser = await browserOf("agent");
  await browser.open(`${site.url}/away`);
  await site.asked("/held");
  await browser.press({ is: "button" });
  await browser.says("/still");
  const wanted = engine === "webkit" ? [/Fetch API cannot load http:\/\/localhost.* access control/] : [];
  await complained(browser, wanted);
});

test("what another origin or a policy refuses is heard, also while the driver goes from page to page", async ({
  browserOf,
  site,
}) => {
  const browser = await browserOf("agent");
  for (const path of ["/refused", "/sent-on", "/forbidden"]) await browser.open(`${site.url}${path}`);
  await complained(browser, [/127\.0\.0\.1:\d+\/kept\b(?!-)/, /127\.0\.0\.1:\d+\/kept-too/, /connect-src/]);
});

test("only what a page asks of its own origin is taken for a page that is left", () => {
  const place = "http://localhost:2000/assets/desk.js:7:68";
  const said = (where: string, asked: string) =>
    `${where}CONSOLE JS ERROR ${asked} due to access control checks.`;
  const own = "http://localhost:2000/api/chats";
  expect(isOfLeaving(said(`${place}: `, `Fetch API cannot load ${own}`))).toBe(true);
  expect(isOfLeaving(said(`${place}: `, `Cannot load ${own}/worker.js`))).toBe(true);
  for (const meant of [
    said("", `Fetch API cannot load ${own}`),
    said(`${place}: `, "Fetch API cannot load http://localhost:20001/api/chats"),
    said(`${place}: `, "Fetch API cannot load http://127.0.0.1:2000/api/chats"),
    `${place}: CONSOLE JS ERROR Unhandled Promise Rejection: TypeError: Load failed`,
    "CONSOLE SECURITY ERROR Origin null is not allowed by Access-Control-Allow-Origin. Status code: 200",
  ]) {
    expect(isOfLeaving(meant), meant).toBe(false);
  }
});

/** Closes it, and it has complained of each of these, or of nothing. */
async function complained(browser: Browser, wanted: readonly RegExp[]): Promise<void> {
  const fault = await browser.close().then(
    () => "",
    (error: Error) => error.message,
  );
  if (wanted.length === 0) expect(fault).toBe("");
  for (const each of wanted) expect(fault).toMatch(each);
}

function written(path: string, script: string): string {
  return `<!doctype html><title>Page</title><h1>${path}</h1><button>Go</button><script>${script}</script>`;
}

/** The page has not come, and the driver is not done with it, before it was told how this ended. */
function waitingFor(name: string, question: string): string {
  return `document.body.append(Object.assign(new Image(), { src: '/late/${name}' }));
    ${question}.catch(() => { new Image().src = '/told/${name}' })`;
}

function whenPressed(work: string): string {
  return `document.querySelector('button').onclick = () => { ${work} }`;
}

function forbid(policy: string): string {
  const meta = "document.head.append(Object.assign(document.createElement('meta'), ";
  return `${meta}{ httpEquiv: 'Content-Security-Policy', content: ${JSON.stringify(policy)} }))`;
}
