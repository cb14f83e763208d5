/** A chat has one customer: another link takes the place of the first, and an ended chat is ended for everyone. */
import { Agent, Customer } from "./support/people.ts";
import { expect, test } from "./support/test.ts";

test("a second link takes the place of the first customer, who is told", async ({
  agent,
  customer,
  browserOf,
  deskContext,
  server,
  watch,
}) => {
  await agent.openLinks();
  const theirs = await customer.enter(await agent.makeLink("two-seats"));
  await theirs.send("I was here first");
  const desk = new Agent(await deskContext.newPage(), server, watch);
  const ours = await desk.openChat("two-seats");
  await ours.send("Welcome, first");
  await ours.status("Welcome, first", "Read");

  await agent.openLinks();
  const second = await agent.makeLink("two-seats");
  watch.declare(/\/api\/chats\/[^/]+\//, 410);
  const next = new Customer(await (await browserOf()).newPage());
  const afterwards = await next.enter(second);

  await test.step("the first is told, and can no longer write", async () => {
    const told = customer.page.getByText(
      "Another link to this chat was opened, so this browser is no longer part of it.",
    );
    await expect(told.first()).toBeVisible();
    await expect(theirs.composer).toHaveCount(0);
    await customer.page.reload();
    await expect(told.first()).toBeVisible();
    await expect(theirs.message("Welcome, first")).toBeVisible();
    await expect(theirs.composer).toHaveCount(0);
  });

  await test.step("the second reads nothing of what was said before", async () => {
    await expect(afterwards.log).toBeVisible();
    await expect(afterwards.message("I was here first")).toHaveCount(0);
    await afterwards.send("I came second");
  });

  await test.step("the agent sees the line, and is asked once before the first words", async () => {
    await expect(ours.message("I came second")).toBeVisible();
    await expect(ours.log.getByText(/^Another browser has joined, /)).toBeVisible();
    await ours.composer.fill("Which of you is it?");
    await desk.page.getByRole("button", { name: "Send", exact: true }).click();
    const question = desk.page.getByRole("dialog", { name: "Another browser has joined" });
    await expect(question).toBeVisible();
    await expect(ours.message("Which of you is it?")).toHaveCount(0);
    await question.getByRole("button", { name: "Send", exact: true }).click();
    await expect(afterwards.message("Which of you is it?")).toBeVisible();
    await ours.send("No more questions");
    await expect(afterwards.message("No more questions")).toBeVisible();
    await expect(question).toHaveCount(0);
  });
  await desk.page.close();
});

test("a browser that lost the key asks for a new link, and the agent sees it", async ({
  agent,
  customer,
  deskContext,
  server,
  watch,
}) => {
  const { page } = customer;
  await agent.openLinks();
  const theirs = await customer.enter(await agent.makeLink("lost-key"));
  await theirs.send("Before the key went");
  const desk = new Agent(await deskContext.newPage(), server, watch);
  const ours = await desk.openChat("lost-key");
  const wish = desk.page.locator(".notice > p").filter({ hasText: "asks for a new link." });
  await expect(ours.message("Before the key went")).toBeVisible();
  await expect(wish).toHaveCount(0);

  await customer.loseKey();
  const lost = page.getByRole("heading", { name: "This browser no longer has the key" });
  const ask = page.getByRole("button", { name: "Ask for a new link" });
  const asked = page.getByRole("main").getByText("Asked. Corner Bakery will send you a new link.");

  await test.step("a failure is said, and the button stays", async () => {
    await expect(lost).toBeVisible();
    watch.declare(/\/ask$/, 503);
    await page.route(/\/ask$/, (route) => route.fulfill({ status: 503, json: {} }), { times: 1 });
    await ask.click();
    await expect(page.getByText("The connection failed.", { exact: false })).toBeVisible();
    await expect(wish).toHaveCount(0);
  });

  await test.step("one tap asks, once and for all", async () => {
    await ask.click();
    await expect(asked).toBeVisible();
    await expect(wish).toBeVisible();
    await expect(desk.page.getByRole("link", { name: "lost-key" })).toContainText("Asks for a new link");
    await page.reload();
    await expect(lost).toBeVisible();
    await expect(asked).toBeVisible();
    await expect(ask).toHaveCount(0);
    await desk.page.reload();
    await expect(wish).toBeVisible();
  });

  await test.step("the new link makes it good", async () => {
    const notice = desk.page.locator(".notice").filter({ hasText: "asks for a new link." });
    await notice.getByRole("button", { name: "New link" }).click();
    await desk.page.getByRole("button", { name: "Make the link" }).click();
    const address = desk.panel.getByLabel("Link address");
    await expect(address).toHaveValue(/^http/);
    const again = await customer.enter(await address.inputValue());
    await again.send("Here I am again");
    await desk.openChat("lost-key");
    await expect(ours.message("Here I am again")).toBeVisible();
    await expect(wish).toHaveCount(0);
  });
  await desk.page.close();
});

test("an ended chat is ended for both, and its unused links are revoked", async ({
  agent,
  customer,
  browserOf,
  deskContext,
  server,
  watch,
}) => {
  await agent.openLinks();
  const theirs = await customer.enter(await agent.makeLink("to-be-ended"));
  await theirs.send("That is all");
  await agent.openLinks();
  const unused = await agent.makeLink("to-be-ended");
  const desk = new Agent(await deskContext.newPage(), server, watch);
  const ours = await desk.openChat("to-be-ended");
  await expect(ours.message("That is all")).toBeVisible();

  watch.declare(/\/api\/chats\/[^/]+\//, 410);
  await customer.page.getByRole("button", { name: "End chat" }).click();
  await customer.page.getByRole("dialog").getByRole("button", { name: "End chat" }).click();
  await expect(
    customer.page
      .getByText("You ended this chat.")
      .or(customer.page.getByRole("heading", { name: "This chat has ended" }))
      .or(customer.page.getByText("This chat has ended.", { exact: true }))
      .first(),
  ).toBeVisible();
  await expect(theirs.composer).toHaveCount(0);
  await expect(desk.page.getByText(/^The customer ended this chat, /)).toBeVisible();
  await expect(ours.composer).toHaveCount(0);
  await expect(ours.message("That is all")).toBeVisible();

  await expect(agent.row("to-be-ended").first()).toContainText("Revoked");
  watch.declare(/\/secure\/chat\//, 410);
  const late = new Customer(await (await browserOf()).newPage());
  await late.look(unused);
  await expect(late.page.getByRole("heading", { name: "Link has been revoked" })).toBeVisible();
  await desk.page.close();
});
