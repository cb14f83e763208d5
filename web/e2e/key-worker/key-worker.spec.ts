/** The key worker in a real browser, under the real policy: storage across tabs and reloads, and every fall-back. */
import { type BrowserContext, expect, type Page, test } from "@playwright/test";
import type { MadeLink } from "../../src/crypto/keyWorkerApi.ts";
import type { KeyWorkerPage } from "./page.ts";
import { type Site, startSite } from "./site.ts";

declare const window: Window & KeyWorkerPage;

const NOW = 1_800_000_000;

let site: Site;
let complaints: string[];

test.beforeAll(async () => {
  site = await startSite();
});
test.afterAll(() => site.close());

test.beforeEach(() => {
  complaints = [];
});
// Runs on a policy violation too: the browser reports one as a console error.
test.afterEach(() => expect(complaints).toEqual([]));

async function openTab(context: BrowserContext): Promise<Page> {
  const page = await context.newPage();
  page.on("console", (message) => complaints.push(message.text()));
  page.on("pageerror", (error) => complaints.push(String(error)));
  await page.goto(site.address);
  await page.waitForFunction(() => "keyWorker" in window);
  return page;
}

/** Makes a partner in this tab, and a link of its. */
function makeLink(page: Page): Promise<MadeLink> {
  return page.evaluate(async (now) => {
    const ids = { partnerId: window.freshId(), agentId: window.freshId() };
    await window.keyWorker.createPartner({ ...ids, password: "wide green doors", now });
    return window.keyWorker.makeLink("order-1", "Table 4");
  }, NOW);
}

function prepare(page: Page, link: MadeLink) {
  return page.evaluate(
    ([made, now]) =>
      window.keyWorker.prepareRedemption(
        {
          linkId: made.linkId,
          fragment: made.fragment,
          door: { chatRef: made.chatRef, blob: made.blob },
        },
        now,
      ),
    [link, NOW] as const,
  );
}

const keeping = (page: Page) => page.evaluate(() => window.keyWorker.keeping());

const failure = (page: Page) =>
  page.evaluate(() =>
    window.keyWorker.keeping().then(
      () => "no failure",
      (error: { code: string }) => error.code,
    ),
  );

test("keys are wrapped, shared between tabs, and survive a reload", async ({ context }) => {
  const [one, two] = [await openTab(context), await openTab(context)];
  expect(await keeping(one)).toBe("wrapped");
  const link = await makeLink(one);
  const [first, second] = await Promise.all([prepare(one, link), prepare(two, link)]);
  expect(second).toEqual(first);

  await one.evaluate(
    ([linkId, takenAt]) => window.keyWorker.seatTaken(linkId, { seat: 1, firstSeq: 1, takenAt }),
    [link.linkId, NOW] as const,
  );
  const place = { as: "customer" as const, chatRef: link.chatRef, seat: 1 };
  const words = await one.evaluate((where) => window.keyWorker.safetyWords(where), place);
  expect(words).toHaveLength(6);
  await two.reload();
  await two.waitForFunction(() => "keyWorker" in window);
  expect(await two.evaluate((where) => window.keyWorker.safetyWords(where), place)).toEqual(words);
  expect(await two.evaluate(() => window.keyWorker.resumeKeyring())).toMatchObject({ epoch: 1 });
  await two.evaluate(() => window.keyWorker.signOut());
  await one.reload();
  await one.waitForFunction(() => "keyWorker" in window);
  expect(await one.evaluate(() => window.keyWorker.resumeKeyring())).toBeNull();
});

test("nothing that rests in IndexedDB can be read as it is", async ({ context }) => {
  const page = await openTab(context);
  const link = await makeLink(page);
  const { body } = await prepare(page, link);
  const dump = await page.evaluate(async () => {
    const database = await new Promise<IDBDatabase>((resolve) => {
      const request = indexedDB.open("wicketgate");
      request.onsuccess = () => resolve(request.result);
    });
    const all: { extractable: boolean[]; text: string } = { extractable: [], text: "" };
    for (const name of database.objectStoreNames) {
      const values = await new Promise<unknown[]>((resolve) => {
        const request = database.transaction(name).objectStore(name).getAll();
        request.onsuccess = () => resolve(request.result);
      });
      for (const value of values) {
        if (value instanceof CryptoKey) all.extractable.push(value.extractable);
        if (value instanceof Uint8Array) all.text += new TextDecoder("latin1").decode(value);
      }
    }
    return all;
  });
  expect(dump.extractable).toEqual([false]);
  expect(dump.text.length).toBeGreaterThan(2000);
  for (const secret of [body.claim, "claim", "keyring"]) expect(dump.text).not.toContain(secret);
});

test("without storable keys, records rest bare", async ({ context }) => {
  // As in browsers that refuse to clone a key into IndexedDB. The worker's own scope is patched, hence the route.
  await patchWorker(
    context,
    `const add = IDBObjectStore.prototype.add;
     IDBObjectStore.prototype.add = function (value, key) {
       if (value instanceof CryptoKey) throw new DOMException("no", "DataCloneError");
       return add.call(this, value, key);
     };`,
  );
  const page = await openTab(context);
  expect(await keeping(page)).toBe("raw");
  const link = await makeLink(page);
  const redemption = await prepare(page, link);
  await page.reload();
  await page.waitForFunction(() => "keyWorker" in window);
  expect(await prepare(page, link)).toEqual(redemption);
});

test("without IndexedDB, the tab keeps them", async ({ context }) => {
  await patchWorker(context, `IDBFactory.prototype.open = () => { throw new DOMException("no"); };`);
  const page = await openTab(context);
  expect(await keeping(page)).toBe("session");
  const link = await makeLink(page);
  const redemption = await prepare(page, link);
  await page.reload();
  await page.waitForFunction(() => "keyWorker" in window);
  expect(await prepare(page, link)).toEqual(redemption);
  const other = await openTab(context);
  expect(await prepare(other, link)).not.toEqual(redemption);
});

test("without any storage, memory is said to be all there is", async ({ context }) => {
  await patchWorker(context, `IDBFactory.prototype.open = () => { throw new DOMException("no"); };`);
  await context.addInitScript(() => {
    Storage.prototype.setItem = () => {
      throw new DOMException("full", "QuotaExceededError");
    };
  });
  const page = await openTab(context);
  expect(await keeping(page)).toBe("memory");
  const link = await makeLink(page);
  expect(await prepare(page, link)).toEqual(await prepare(page, link));
});

test("a connection to the database that the browser dropped is opened again", async ({ context }) => {
  // As Safari does to tabs in the background: here each connection is dropped after its sixth transaction.
  await patchWorker(
    context,
    `const transaction = IDBDatabase.prototype.transaction;
     const counts = new WeakMap();
     IDBDatabase.prototype.transaction = function (...args) {
       const count = (counts.get(this) ?? 0) + 1;
       counts.set(this, count);
       if (count > 6) this.close();
       return transaction.apply(this, args);
     };`,
  );
  const page = await openTab(context);
  expect(await keeping(page)).toBe("wrapped");
  const drafts = await page.evaluate(async () => {
    const words = ["a", "b", "c", "d", "e", "f", "g", "h"];
    await Promise.all(words.map((word) => window.keyWorker.setDraft("customer", "chat", word, word)));
    return window.keyWorker.drafts("customer", "chat");
  });
  expect(drafts.map(({ text }) => text).join("")).toBe("abcdefgh");
});

test("a database that takes too long is not taken for one that is not there", async ({ context }) => {
  await patchWorker(
    context,
    `const later = self.setTimeout;
     self.setTimeout = (task) => later(task, 0);
     IDBFactory.prototype.open = () => ({});`,
  );
  const page = await openTab(context);
  expect(await failure(page)).toBe("unavailable");
});

test("a worker that cannot load makes every call fail, and says so, until it can", async ({ context }) => {
  await context.route(/desk\.worker/, (route) => route.abort());
  const page = await context.newPage();
  await page.goto(site.address);
  await page.waitForFunction(() => "keyWorker" in window);
  expect(await failure(page)).toBe("not_loaded");
  await context.unroute(/desk\.worker/);
  expect(await keeping(page)).toBe("wrapped");
});

/** Runs `patch` in the worker before its own script. */
async function patchWorker(context: BrowserContext, patch: string): Promise<void> {
  await context.route(/desk\.worker/, async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, body: `${patch}\n${await response.text()}` });
  });
}
