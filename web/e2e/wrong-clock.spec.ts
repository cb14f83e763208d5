/** Devices whose clock is wrong: a link lives by the server's. */
import { expect, test } from "./support/test.ts";

const HOUR = 3_600_000;

for (const [how, apart] of [
  ["ahead", 26 * HOUR],
  ["behind", -26 * HOUR],
] as const) {
  test(`a desk whose clock is a day ${how} shows a new link as it is`, async ({ timedAgent: agent }) => {
    const { page } = agent;
    await page.clock.install({ time: Date.now() + apart });
    await agent.openLinks();
    await agent.makeLink(`clock-${how}`);
    const row = agent.row(`clock-${how}`);
    for (const place of [agent.panel, row]) {
      await expect(place).toContainText("Valid");
      await expect(place).toContainText(/2[34] hr/);
      await expect(place.getByRole("button", { name: "Revoke" })).toBeVisible();
    }
    await expect(agent.panel.getByRole("button", { name: "Copied" })).toBeVisible();
  });
}

test("a customer whose clock is ahead of a link's end is not told that it has expired", async ({
  agent,
  customer,
}) => {
  await agent.openLinks();
  const address = await agent.makeLink("clock-customer");
  await customer.page.clock.install({ time: Date.now() + 72 * HOUR });
  await customer.look(address);
  await expect(customer.start).toBeVisible();
  await expect(customer.page.getByText("expire")).toHaveCount(0);
  const thread = await customer.enter(address);
  await thread.send("My clock is wrong");
  await thread.sent("My clock is wrong");
});
