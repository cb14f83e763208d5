/** Where no socket can be had, as behind some companies' proxies: long polling tells the same. */
import { expect, test } from "./support/test.ts";

test("without a socket words go both ways, and it is soon known that they were read", async ({
  agent,
  customer,
}) => {
  const { page } = customer;
  await page.routeWebSocket(/\/api\/socket/, (socket) => socket.close());
  await agent.openLinks();
  const theirs = await customer.enter(await agent.makeLink("slow-way"));
  await expect(page.getByText("Connected, but slowly").first()).toBeVisible();

  const settled = page.waitForRequest(/\/messages\?.*wait=20/);
  await theirs.send("Is the oven hot?");
  await theirs.sent("Is the oven hot?");
  await settled;
  const ours = await agent.openChat("slow-way");
  await theirs.status("Is the oven hot?", "Read");
  await ours.send("It glows.");
  await expect(theirs.message("It glows.")).toBeVisible();
  await ours.status("It glows.", "Read");
});
