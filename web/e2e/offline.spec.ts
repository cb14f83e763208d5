/** Bad days: no network, and a server that is gone without a word. */
import { loseMessages } from "./support/network.ts";
import { Agent, Customer } from "./support/people.ts";
import { SETUP_TOKEN, TestServer } from "./support/server.ts";
import { expect, test } from "./support/test.ts";

test("detail 14: what is written offline waits, and is sent once in its order", async ({
  agent,
  customer,
  watch,
}) => {
  await agent.openLinks();
  const theirs = await customer.enter(await agent.makeLink("tunnel"));
  const ours = await agent.openChat("tunnel");
  await theirs.send("Entering the tunnel");
  await expect(ours.message("Entering the tunnel")).toBeVisible();

  watch.declare(/./, "ERR_INTERNET_DISCONNECTED");
  await customer.page.context().setOffline(true);
  await expect(
    customer.page.locator("header").getByText("You are offline. What you write waits here."),
  ).toBeVisible();
  await theirs.send("In the tunnel");
  await theirs.status("In the tunnel", "Waiting");
  await theirs.send("Still in it");
  await theirs.status("Still in it", "Waiting");
  await expect(ours.message("In the tunnel")).toHaveCount(0);

  await customer.page.context().setOffline(false);
  await theirs.status("Still in it", "Read");
  await expect(ours.message("Still in it")).toBeVisible();
  expect(await ours.texts()).toEqual(["Entering the tunnel", "In the tunnel", "Still in it"]);
});

test("detail 14: a waiting message survives a reload", async ({ agent, customer, watch }) => {
  await agent.openLinks();
  const theirs = await customer.enter(await agent.makeLink("reload"));
  const ours = await agent.openChat("reload");
  const regain = await loseMessages(customer.page, watch);
  await customer.page.reload();
  await theirs.send("Written before the reload");
  await theirs.status("Written before the reload", "Waiting");
  await customer.page.reload();
  await theirs.status("Written before the reload", "Waiting");
  await regain();
  await theirs.status("Written before the reload", "Read");
  await expect(ours.message("Written before the reload")).toHaveCount(1);
  expect(await ours.texts()).toEqual(["Written before the reload"]);
});

test("a desk that was away asks before it writes to who came meanwhile", async ({
  agent,
  browserOf,
  customer,
  watch,
}) => {
  await agent.openLinks();
  const [first, second] = [await agent.makeLink("asleep"), await agent.makeLink("asleep")];
  await customer.enter(first);
  const ours = await agent.openChat("asleep");
  watch.declare(/./, "ERR_INTERNET_DISCONNECTED");
  await agent.page.context().setOffline(true);
  const theirs = await new Customer(await (await browserOf()).newPage()).enter(second);
  await agent.page.context().setOffline(false);
  await expect(ours.log).toContainText("Another browser has joined");
  await ours.composer.fill("Good morning");
  await agent.page.getByRole("button", { name: "Send", exact: true }).click();
  const question = agent.page.getByRole("dialog", { name: "Another browser has joined" });
  await question.getByRole("button", { name: "Send", exact: true }).click();
  await expect(theirs.message("Good morning")).toBeVisible();
});

test("a server that is killed and started again loses and doubles nothing", async ({ browserOf, watch }) => {
  const server = await TestServer.start({ WICKETGATE_SETUP_TOKEN: SETUP_TOKEN });
  try {
    const partner = await server.createPartner("Night Pharmacy");
    const desk = await browserOf({ permissions: ["clipboard-write"] }, server.url);
    const agent = new Agent(await desk.newPage(), server, watch);
    await agent.signIn(partner);
    const customer = new Customer(await (await browserOf({}, server.url)).newPage());
    const theirs = await customer.enter(await agent.makeLink("power-cut"));
    const ours = await agent.openChat("power-cut");
    await theirs.send("Before the power cut");
    await theirs.status("Before the power cut", "Read");

    // The slow way is fetched when the quick one fails, and again until it comes.
    watch.declare(/\/api\/|\/assets\/poll-/, "ERR_CONNECTION_REFUSED");
    watch.declare(/\/api\//, "ERR_CONNECTION_RESET");
    watch.declare(/\/api\//, "ERR_EMPTY_RESPONSE");
    watch.declare(/\/api\//, "ERR_SOCKET_NOT_CONNECTED");
    await server.kill();
    await theirs.send("During it, from the customer");
    await theirs.status("During it, from the customer", "Waiting");
    await ours.send("During it, from the desk");
    await ours.status("During it, from the desk", "Waiting");
    await server.resume();

    await theirs.status("During it, from the customer", "Read");
    await ours.status("During it, from the desk", "Read");
    for (const thread of [theirs, ours]) {
      await expect(thread.log.locator(".message-text")).toHaveCount(3);
      expect((await thread.texts())[0]).toBe("Before the power cut");
      await thread.page.reload();
      await expect(thread.log.locator(".message-text")).toHaveCount(3);
    }
    expect(await theirs.texts()).toEqual(await ours.texts());
  } finally {
    await server.stop();
  }
});
