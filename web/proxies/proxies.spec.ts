/** A browser on each side and a program, through each proxy: as its distribution has it, and by the project's sample. */
import { Agent, Customer, connected } from "../e2e/support/people.ts";
import { expect, test } from "../e2e/support/test.ts";
import { ask } from "./support/ask.ts";
import type { ProxyName } from "./support/configurations.ts";
import { type Flavour, Front } from "./support/front.ts";

/** Whether a socket gets through: Debian's nginx passes none on unless told to. */
const PROXIES: readonly (readonly [ProxyName, Flavour, boolean])[] = [
  ["nginx", "plain", false],
  ["nginx", "sample", true],
  ["caddy", "plain", true],
  ["caddy", "sample", true],
  ["haproxy", "plain", true],
  ["haproxy", "sample", true],
];

/** An address of the internet that somebody gives themselves. */
const FORGED = () => `198.51.100.${Math.floor(Math.random() * 250)}`;

for (const [proxy, flavour, sockets] of PROXIES) {
  test.describe(`${proxy}, ${flavour}`, () => {
    test.describe.configure({ mode: "default" });
    const line = sockets ? "Connected" : "Connected, but slowly";
    let front: Front;

    test.beforeAll(async () => {
      front = await Front.start(proxy, flavour);
      // What programs trust; browsers are told by an option of their own.
      process.env.SSL_CERT_FILE = front.place.authority;
    });

    test.afterAll(async () => {
      await front.stop();
    });

    test("a customer and an agent talk, reload, and find everything", async ({ browserOf, watch }) => {
      const { server } = front;
      const options = { ignoreHTTPSErrors: true };
      const desk = await browserOf({ ...options, permissions: ["clipboard-write"] }, server.url);
      const visitor = await browserOf(options, server.url);
      // What asks for a socket and is given none is answered with a refusal.
      if (!sockets) watch.declare(/\/api\/socket/, 426);
      const agent = new Agent(await desk.newPage(), server, watch, line);
      const customer = new Customer(await visitor.newPage());
      await agent.signIn(await server.createPartner("Corner Bakery"));

      const theirs = await customer.enter(await agent.makeLink("proxied"));
      // A customer's page says so only where it is not as it should be.
      if (sockets) await customer.live();
      else await connected(customer.page, line);
      await theirs.send("Is the oven hot?");
      await theirs.sent("Is the oven hot?");
      const ours = await agent.openChat("proxied");
      await expect(ours.message("Is the oven hot?")).toBeVisible();
      await theirs.status("Is the oven hot?", "Read");
      await ours.send("It glows.");
      await expect(theirs.message("It glows.")).toBeVisible();
      // More than any proxy keeps in memory on the way.
      const long = "Flour, water, salt. ".repeat(400).trim();
      await theirs.composer.fill(long);
      await theirs.page.getByRole("button", { name: "Send", exact: true }).click();
      await expect.poll(() => ours.texts()).toContain(long);
      for (const thread of [theirs, ours]) {
        await thread.page.reload();
        await expect.poll(() => thread.texts()).toEqual(["Is the oven hot?", "It glows.", long]);
      }
    });

    test("a server that is started anew behind it is found again", async ({ browserOf, watch }) => {
      const { server } = front;
      const { apiKey } = await server.createPartner("Corner Anew");
      const words = ["--server", server.direct, "--api-key", apiKey, "--chat", "anew", "--json"];
      const { secureUrl } = JSON.parse(await server.run("link", "create", words));
      const visitor = await browserOf({ ignoreHTTPSErrors: true }, server.url);
      if (!sockets) watch.declare(/\/api\/socket/, 426);
      // What proxies answer while nothing is behind them, also to a page that fetches its part for polling then.
      for (const status of [502, 503]) watch.declare(/\/(api|assets)\//, status);
      const customer = new Customer(await visitor.newPage());
      const theirs = await customer.enter(secureUrl);
      await theirs.send("Before");
      await theirs.sent("Before");
      await server.kill();
      await theirs.send("Meanwhile");
      await theirs.status("Meanwhile", "Waiting");
      await server.resume();
      await theirs.sent("Meanwhile");
      await theirs.page.reload();
      await expect.poll(() => theirs.texts()).toEqual(["Before", "Meanwhile"]);
    });

    test("two programs talk", async ({ terminal }) => {
      const { server } = front;
      const { apiKey, email, password } = await server.createPartner("Corner Bots");
      const where = ["--server", server.url];
      const made = await server.run("link", "create", where, [
        "--api-key",
        apiKey,
        "--chat",
        "bots",
        "--json",
      ]);
      const customer = terminal("chat", "open", JSON.parse(made).secureUrl, "--json");
      await customer.event({ event: "ready", chatId: "bots" });
      const file = server.file("bot", password);
      const who = [...where, "--email", email, "--password-file", file, "--chat", "bots"];
      const bot = terminal("chat", "attend", ...who, "--json");
      await bot.event({ event: "ready" });
      customer.say("Is the oven hot?");
      await bot.event({ event: "message", from: "customer", text: "Is the oven hot?" });
      bot.say(JSON.stringify({ text: "It glows." }));
      await customer.event({ event: "message", from: "partner", text: "It glows." });
      for (const program of [customer, bot]) expect(await program.end()).toBe(0);
    });

    test("addresses, forms and sizes come through as they are", async () => {
      const { server } = front;
      const { apiKey } = await server.createPartner("Corner Forms");
      const made = await ask(front, "/api/generate-secure-link", {
        headers: { authorization: `Bearer ${apiKey}` },
        body: { chatId: "order-4711" },
      });
      expect(made.status).toBe(200);
      const { linkId, secureUrl } = JSON.parse(made.text);
      expect(secureUrl).toContain(`${server.url}/secure/chat/${linkId}`);
      for (const appended of ["", "%232.x", "%25232.x", "&utm_source=x", "?utm_source=x", "/"]) {
        const door = await ask(front, `/secure/chat/${linkId}${appended}`);
        expect([appended, door.status]).toEqual([appended, 200]);
      }
      for (const [taken, coding] of [
        ["gzip", "gzip"],
        ["br", "br"],
        ["identity", undefined],
      ] as const) {
        const page = await ask(front, "/signin", { headers: { "accept-encoding": taken } });
        expect([page.headers["content-encoding"], page.text.slice(0, 15)]).toEqual([
          coding,
          "<!DOCTYPE html>",
        ]);
      }
      const head = await ask(front, "/signin", { method: "HEAD" });
      expect([head.status, head.text]).toEqual([200, ""]);
      const tidied = await ask(front, "/signin/");
      expect([tidied.status, tidied.headers.location]).toEqual([308, "/signin"]);
      const large = await ask(front, "/signin", { headers: { cookie: `a=${"x".repeat(12_000)}` } });
      if (large.status !== 200) expect([large.status >= 400, large.text.length > 0]).toEqual([true, true]);
    });

    test("whoever calls can't choose who they are", async () => {
      const miss = (from: string) =>
        ask(front, "/api/validate-secure-link", {
          from,
          headers: { "x-forwarded-for": FORGED(), forwarded: `for=${FORGED()}`, "x-real-ip": FORGED() },
          body: { linkId: "AAAAAAAAAAAAAAAAAAAAAA" },
        });
      const statuses: number[] = [];
      for (let tries = 0; tries < 150; tries += 1) statuses.push((await miss("127.0.0.2")).status);
      expect(statuses).toContain(429);
      // Where the proxy says who calls, nobody else is held up.
      if (flavour === "sample") expect((await miss("127.0.0.3")).status).toBe(404);
    });

    test("a stranger who guesses holds up nobody", async ({ browserOf, watch }) => {
      const { server } = front;
      const partner = await server.createPartner("Corner Calm");
      const from = "127.0.0.4";
      const body = { email: partner.email, auth: "A".repeat(43), credential: "bearer" };
      for (let tries = 0; tries < 75; tries += 5) {
        const answers = await Promise.all(
          [1, 2, 3, 4, 5].map(() => ask(front, "/api/signin", { from, body })),
        );
        for (const { status } of answers) expect([401, 429]).toContain(status);
      }
      const guess = async (number: number) => {
        const body = { linkId: String(number).padStart(21, "A").concat("A") };
        return (await ask(front, "/api/validate-secure-link", { from, body })).status;
      };
      for (let number = 0; number < 200; number += 1) await guess(number);
      const desk = await browserOf({ ignoreHTTPSErrors: true }, server.url);
      const agent = new Agent(await desk.newPage(), server, watch, line);
      if (!sockets) watch.declare(/\/api\/socket/, 426);
      await agent.signIn(partner);
      const mistyped = { linkId: "BBBBBBBBBBBBBBBBBBBBBA" };
      expect((await ask(front, "/api/validate-secure-link", { body: mistyped })).status).toBe(404);
      // Of the plain ones Caddy alone says for whom it speaks; what a caller wrote itself may come through the others.
      if (proxy !== "caddy" && flavour === "plain") return;
      const isTold = flavour === "plain";
      expect(server.logged.includes("--trusted-proxy 127.0.0.1")).toBe(isTold);
      await agent.page.goto(`${server.url}/partners/qrcodes`);
      await expect(agent.generate).toBeVisible();
      await expect(agent.page.getByText("can't tell its visitors apart")).toHaveCount(isTold ? 1 : 0);
    });
  });
}
