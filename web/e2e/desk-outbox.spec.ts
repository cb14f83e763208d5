/** What an agent wrote while nothing went out reaches the customer, whichever page is open by then. */
import { loseMessages } from "./support/network.ts";
import { Customer } from "./support/people.ts";
import { expect, test } from "./support/test.ts";

test("an answer that waits is sent although the agent has gone on to another chat", async ({
  agent,
  browserOf,
  customer,
  watch,
}) => {
  await agent.openLinks();
  const anna = await customer.enter(await agent.makeLink("anna"));
  const ben = await new Customer(await (await browserOf()).newPage()).enter(await agent.makeLink("ben"));
  await ben.send("Good morning");
  const ours = await agent.openChat("anna");
  await ours.loaded();

  watch.declare(/./, "ERR_INTERNET_DISCONNECTED");
  await agent.page.context().setOffline(true);
  await ours.send("Your cake is ready");
  await ours.send("It has three candles");
  await ours.status("It has three candles", "Waiting");
  await agent.page.getByRole("link", { name: "ben" }).click();
  await agent.page.context().setOffline(false);

  await expect(anna.message("It has three candles")).toBeVisible();
  expect(await anna.texts()).toEqual(["Your cake is ready", "It has three candles"]);
  await expect(ours.message("Good morning")).toBeVisible();
  await agent.page.getByRole("link", { name: "anna" }).click();
  await ours.status("It has three candles", "Read");
  await expect(ours.message("Your cake is ready")).toHaveCount(1);
});

test("an answer that waits is sent after a reload on another page", async ({ agent, customer, watch }) => {
  await agent.openLinks();
  const theirs = await customer.enter(await agent.makeLink("carla"));
  const ours = await agent.openChat("carla");
  await ours.loaded();

  const regain = await loseMessages(agent.page, watch);
  await agent.page.reload();
  await ours.loaded();
  await ours.send("Written in a bad network");
  await ours.status("Written in a bad network", "Waiting");
  await agent.page.goto(`${agent.server.url}/partners/qrcodes`);
  await expect(agent.generate).toBeVisible();
  await regain();
  await agent.page.reload();
  await expect(theirs.message("Written in a bad network")).toHaveCount(1);
});
