/** The terminal client, on either side and on both. */

import type { Partner, TestServer } from "./support/server.ts";
import { expect, test } from "./support/test.ts";

async function createLink(server: TestServer, partner: Partner, chat: string): Promise<string> {
  const words = ["--server", server.url, "--api-key", partner.apiKey, "--chat", chat, "--json"];
  const link = JSON.parse(await server.run("link", "create", words));
  expect(link).toMatchObject({ chatId: chat, linkId: expect.stringMatching(/^[A-Za-z0-9_-]{22}$/) });
  expect(link.secureUrl).toMatch(new RegExp(`^${server.url}/secure/chat/${link.linkId}#1\\.`));
  return link.secureUrl;
}

function attendance(server: TestServer, partner: Partner): string[] {
  const file = server.file("password", partner.password);
  return [
    "chat",
    "attend",
    "--server",
    server.url,
    "--email",
    partner.email,
    "--password-file",
    file,
    "--json",
  ];
}

test("two terminals talk, and leave when all is acknowledged", async ({ partner, server, terminal }) => {
  const address = await createLink(server, partner, "two-terminals");
  const customer = terminal("chat", "open", address, "--json");
  await customer.event({ event: "ready", chatId: "two-terminals" });
  const agent = terminal(...attendance(server, partner), "--chat", "two-terminals");
  await agent.event({ event: "ready" });

  customer.say("Hello from a terminal");
  await agent.event({
    event: "message",
    from: "customer",
    text: "Hello from a terminal",
    chatId: "two-terminals",
  });
  agent.say("Hello from another");
  await customer.event({ event: "message", from: "partner", text: "Hello from another" });
  await agent.event({ event: "status", status: "delivered" });

  customer.say("One last word");
  expect(await customer.end()).toBe(0);
  await agent.event({ event: "message", text: "One last word" });
  expect(await agent.end()).toBe(0);
  const heard = agent.events.filter(({ event }) => event === "message");
  expect(new Set(heard.map(({ seq }) => seq)).size).toBe(heard.length);

  const late = terminal("chat", "open", address, "--json");
  await late.event({ event: "problem", error: "Link has already been used", state: "used" });
  expect(await late.end()).toBe(2);
});

test("a customer in a terminal and an agent in a browser talk", async ({
  agent,
  partner,
  server,
  terminal,
}) => {
  const customer = terminal("chat", "open", await createLink(server, partner, "terminal-customer"), "--json");
  await customer.event({ event: "ready" });
  const thread = await agent.openChat("terminal-customer");
  customer.say("Sent by a script");
  await expect(thread.message("Sent by a script")).toBeVisible();
  await thread.send("Read by a person");
  await customer.event({ event: "message", from: "partner", text: "Read by a person" });
  await thread.status("Read by a person", "Read");
  await agent.openLinks();
  await expect(agent.row("terminal-customer")).toContainText("a terminal");
});

test("a customer in a browser and an agent in a terminal talk", async ({
  customer,
  partner,
  server,
  terminal,
}) => {
  const agent = terminal(...attendance(server, partner));
  const thread = await customer.enter(await createLink(server, partner, "terminal-agent"));
  await thread.send("Is anybody there?");
  await agent.event({
    event: "message",
    chatId: "terminal-agent",
    from: "customer",
    text: "Is anybody there?",
  });
  agent.sayTo("terminal-agent", "A machine is");
  await expect(thread.message("A machine is")).toBeVisible();
  await agent.event({ event: "status", status: "read" });
});

test("a plain link of the bare call opens a chat, and both sides see the same six words", async ({
  agent,
  customer,
  partner,
  server,
}) => {
  const body = { chatId: "plain", expiryHours: 1 };
  const made = await server.call("/api/generate-secure-link", { key: partner.apiKey, body });
  expect(made.status).toBe(200);
  const { secureUrl } = (await made.json()) as { secureUrl: string };
  const theirs = await customer.enter(secureUrl);
  const ours = await agent.openChat("plain");
  await theirs.send("From a plain link");
  await expect(ours.message("From a plain link")).toBeVisible();
  await ours.send("Compare with me");
  await expect(theirs.message("Compare with me")).toBeVisible();

  const words = async (page: typeof agent.page) => {
    await page.getByRole("button", { name: "Compare six words" }).click();
    const shown = page.getByRole("dialog").getByRole("listitem");
    await expect(shown).toHaveCount(6);
    return shown.allTextContents();
  };
  expect(await words(customer.page)).toEqual(await words(agent.page));
});
