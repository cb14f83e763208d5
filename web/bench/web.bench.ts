/** B11: what the pages weigh, and how long a customer waits on a slow phone with a slow line. */
import { type Browser, test } from "@playwright/test";
import { Agent, Customer } from "../e2e/support/people.ts";
import { type Partner, SETUP_TOKEN, TestServer } from "../e2e/support/server.ts";
import { PHONE } from "../e2e/support/talk.ts";
import { Watch } from "../e2e/support/watch.ts";
import { sumOf, weigh } from "../e2e/support/weight.ts";
import { type Marks, marksAt, noteMoments } from "./marks.ts";
import { SLOWDOWN, slowDown, WorkerClock } from "./slow.ts";
import { bytes, milliseconds, print } from "./table.ts";

const ROUNDS = Number(process.env.BENCH_ROUNDS ?? 9);

/** What a customer sees, one after the other. */
const MOMENTS = {
  door: [".door h1"],
  button: [".door .button.main:not(:disabled)"],
  chat: ["[role=log]", "textarea.composer-box:not(:disabled)"],
  loaded: ["[role=log] .beginning", "textarea.composer-box:not(:disabled)"],
} as const;

let server: TestServer;
let partner: Partner;

test.beforeAll(async () => {
  server = await TestServer.start({ WICKETGATE_SETUP_TOKEN: SETUP_TOKEN });
  partner = await server.createPartner("Corner Bakery");
});

test.afterAll(async () => {
  await server.stop();
});

test("customer: bytes", async ({ browser }) => {
  const page = await (await browser.newContext(PHONE)).newPage();
  const address = await newLink();
  const weights = await weigh(page, async () => {
    await new Customer(page).enter(address);
    await page.locator(".beginning").waitFor();
  });
  printWeights("The customer's page, door and chat, over the wire with headers:", weights);
  await page.context().close();
});

test("customer: time", async ({ browser }) => {
  const rounds: Visit[] = [];
  // The first one only warms both sides.
  for (let round = 0; round <= ROUNDS; round += 1) {
    const visit = await come(browser);
    if (round > 0) rounds.push(visit);
  }
  const row = (name: string, value: (visit: Visit) => number) => [name, milliseconds(rounds.map(value))];
  const since = (start: string, end: string) => (visit: Visit) =>
    (visit.marks[end] ?? Number.NaN) - (visit.marks[start] ?? 0);
  print(
    `${ROUNDS} visits, each with a link and a browser of its own; median (least to greatest):`,
    ["from, to", "ms"],
    [
      row("address opened, door painted", since("", "door")),
      row("address opened, button can be pressed", since("", "button")),
      row("tap, chat ready: one can write and send", since("press", "chat")),
      row("the same if the worker were slowed too", (visit) => since("press", "chat")(visit) + more(visit)),
      row("tap, earlier messages loaded too", since("press", "loaded")),
      row("the worker's own computing in it, not slowed", ({ computing }) => computing),
    ],
  );
});

test("desk: bytes and time", async ({ browser }) => {
  const context = await browser.newContext();
  const agent = new Agent(await context.newPage(), server, new Watch());
  await agent.signIn(partner);
  const address = `${server.url}/partners/qrcodes`;
  const times: number[] = [];
  for (let round = 0; round <= ROUNDS; round += 1) {
    const page = await context.newPage();
    const session = await context.newCDPSession(page);
    await session.send("Network.clearBrowserCache");
    await noteMoments(page, { links: [".button.main", "[role=list], ul"] });
    const load = async () => {
      await page.goto(address);
      const { links = Number.NaN } = await marksAt(page, "links");
      if (round > 0) times.push(links);
    };
    if (round === 0)
      printWeights("The desk's links page, cold, over the wire with headers:", await weigh(page, load));
    else await load();
    await page.close();
  }
  print(
    "The desk's links page, cold, not slowed:",
    ["from, to", "ms"],
    [["address opened, list shown", milliseconds(times)]],
  );
  await context.close();
});

interface Visit {
  readonly marks: Marks;
  /** Milliseconds that the worker computed between the tap and the end. */
  readonly computing: number;
}

/** A customer opens a new link on the slow phone, and taps. */
async function come(browser: Browser): Promise<Visit> {
  const address = await newLink();
  const context = await browser.newContext(PHONE);
  const page = await context.newPage();
  const clock = await WorkerClock.of(page);
  await noteMoments(page, MOMENTS);
  await slowDown(page);
  await page.goto(address);
  await marksAt(page, "button");
  await clock.start();
  await new Customer(page).start.tap();
  const marks = await marksAt(page, "loaded");
  const computing = await clock.stop();
  const thread = await new Customer(page).thread();
  await thread.send("Good morning!");
  await thread.status("Good morning!", "Sent");
  await context.close();
  return { marks, computing };
}

function more({ computing }: Visit): number {
  return computing * (SLOWDOWN - 1);
}

async function newLink(): Promise<string> {
  const words = ["--server", server.url, "--api-key", partner.apiKey, "--json"];
  return JSON.parse(await server.run("link", "create", words)).secureUrl;
}

function printWeights(title: string, weights: ReadonlyMap<string, number>): void {
  const rows = [...weights].map(([name, count]) => [
    name.replace(/[\w-]{22}$|(?<=-)[\w-]{8}(?=\.\w+$)/, "…"),
    bytes(count),
  ]);
  print(title, ["file", "bytes"], [...rows, ["together", bytes(sumOf(weights))]]);
}
