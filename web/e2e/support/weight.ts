/** What a page weighs over the wire, headers and workers included. */
import { expect, type Page } from "@playwright/test";

/** Loads a page; gives the bytes of each file that came with it. */
export async function weigh(page: Page, load: () => Promise<unknown>): Promise<ReadonlyMap<string, number>> {
  const session = await page.context().newCDPSession(page);
  await session.send("Network.enable");
  const weights = new Map<string, number>();
  const names = new Map<string, string>();
  const encodings = new Map<string, string | undefined>();
  session.on("Network.responseReceived", ({ requestId, response }) => {
    const { pathname } = new URL(response.url);
    names.set(requestId, pathname);
    if (pathname.startsWith("/assets/")) encodings.set(pathname, response.headers["content-encoding"]);
  });
  // Headers are counted; answers of the API are what is said, and not the page.
  session.on("Network.loadingFinished", ({ requestId, encodedDataLength }) => {
    const name = names.get(requestId) ?? "";
    if (!name.startsWith("/api/")) weights.set(name, (weights.get(name) ?? 0) + encodedDataLength);
  });
  await load();
  for (const worker of page.workers()) {
    // A worker's own imports are no business of the page's session.
    const imports = await worker.evaluate(() =>
      performance.getEntriesByType("resource").map(({ name }) => name),
    );
    for (const address of [worker.url(), ...imports]) {
      const { pathname } = new URL(address);
      if (!weights.has(pathname)) weights.set(pathname, await weighFile(page, address));
    }
  }
  expect(new Set(encodings.values())).toEqual(new Set(["br"]));
  return weights;
}

/** Shows the files and their bytes with the test's outcome. */
export function show(title: string, weights: ReadonlyMap<string, number>): void {
  const rows = [...weights, ["together", sumOf(weights)] as const];
  const lines = rows.map(([name, count]) => `  ${count.toLocaleString("en").padStart(8)}  ${name}`);
  console.log([title, ...lines].join("\n"));
}

/** All files together. */
export function sumOf(weights: ReadonlyMap<string, number>): number {
  return [...weights.values()].reduce((all, one) => all + one, 0);
}

/** What a file weighs that a page's own session does not count: a worker's, or one that it did not load. */
export async function weighFile(page: Page, address: string): Promise<number> {
  const answer = await page.request.get(address, { headers: { "accept-encoding": "br" } });
  const lines = answer.headersArray().map(({ name, value }) => `${name}: ${value}`);
  expect(answer.headers()["content-encoding"]).toBe("br");
  return lines.join("\r\n").length + Number(answer.headers()["content-length"]);
}
