/** API keys: made on the desk, used by a program, revoked; and the wall between two partners. */
import { Agent } from "./support/people.ts";
import { expect, test } from "./support/test.ts";

test("a key from the settings page makes both calls of the contract, until it is revoked", async ({
  agent,
  partner,
  server,
}) => {
  const { page } = agent;
  await page.goto(`${server.url}/partners/settings`);
  await page.getByLabel("What is it for?").fill("Web shop");
  await page.getByRole("button", { name: "Make API key" }).click();
  const key = await page.getByLabel("API key", { exact: true }).inputValue();
  expect(key).toMatch(/^wg_[^.]+\.[^.]+\.[^.]+$/);
  await page.getByRole("button", { name: "Done" }).click();
  await expect(page.getByText(key)).toHaveCount(0);

  const wanted = { partnerId: partner.partnerId, chatId: "order-4711", expiryHours: 1 };
  const made = await server.call("/api/generate-secure-link", { key, body: wanted });
  expect(made.status).toBe(200);
  const link = (await made.json()) as { linkId: string; secureUrl: string; expiresAt: string };
  expect(link).toMatchObject({
    success: true,
    secureUrl: expect.stringContaining(`/secure/chat/${link.linkId}`),
  });
  const hours = (Date.parse(link.expiresAt) - Date.now()) / 3_600_000;
  expect(hours).toBeGreaterThan(0.99);
  expect(hours).toBeLessThanOrEqual(1);

  const used = await server.call("/api/validate-secure-link", { body: { linkId: link.linkId } });
  expect(used.status).toBe(200);
  expect(await used.json()).toMatchObject({
    success: true,
    chatId: "order-4711",
    partnerId: partner.partnerId,
  });
  const again = await server.call("/api/validate-secure-link", { body: { linkId: link.linkId } });
  expect(again.status).toBe(410);
  expect(again.headers.get("content-type")).toContain("application/problem+json");
  expect(await again.json()).toMatchObject({
    success: false,
    state: "used",
    error: "Link has already been used",
  });

  const row = page
    .getByRole("list", { name: "API keys" })
    .getByRole("listitem")
    .filter({ hasText: "Web shop" });
  await row.getByRole("button", { name: "Revoke" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Revoke" }).click();
  await expect(row).toContainText("Revoked");
  await expect(row.getByRole("button")).toHaveCount(0);
  const refused = await server.call("/api/generate-secure-link", { key, body: { chatId: "order-4712" } });
  expect(refused.status).toBe(401);
  expect(await refused.json()).toMatchObject({ success: false });
});

test("a second partner sees nothing of the first", async ({ agent, browserOf, partner, server, watch }) => {
  await agent.openLinks();
  await agent.makeLink("walled");
  const own = await server.call("/api/links", { key: partner.apiKey });
  const { links } = (await own.json()) as { links: { ref: string; chatRef: string; chatId: string }[] };
  const first = links.find(({ chatId }) => chatId === "walled");

  const other = await server.createPartner("Night Florist");
  const theirs = await server.call("/api/links", { key: other.apiKey });
  expect(((await theirs.json()) as { links: unknown[] }).links).toEqual([]);
  expect((await server.call(`/api/links/${first?.ref}`, { key: other.apiKey })).status).toBe(404);
  const revoke = { key: other.apiKey, method: "POST", body: {} };
  expect((await server.call(`/api/links/${first?.ref}/revoke`, revoke)).status).toBe(404);
  const foreign = { key: other.apiKey, body: { partnerId: partner.partnerId, chatId: "mine" } };
  expect((await server.call("/api/generate-secure-link", foreign)).status).toBe(403);

  const florist = new Agent(await (await browserOf()).newPage(), server, watch);
  await florist.signIn(other);
  await expect(florist.page.getByRole("heading", { name: "No links yet" })).toBeVisible();
  await florist.page.goto(`${server.url}/partners/chats`);
  await expect(florist.page.getByRole("heading", { name: "No chats yet" })).toBeVisible();
  watch.declare(/\/api\/chats\//, 404);
  await florist.page.goto(`${server.url}/partners/chats/${first?.chatRef}`);
  await expect(florist.page.getByRole("heading", { name: "There is no such chat" })).toBeVisible();
  await expect(agent.row("walled")).toContainText("Valid");
});

test("without a key or a session nothing is made", async ({ server }) => {
  const answer = await server.call("/api/generate-secure-link", { body: { chatId: "nobody" } });
  expect(answer.status).toBe(401);
  for (const path of ["/api/links", "/api/chats", "/api/keys", "/api/me", "/api/sessions"]) {
    expect((await server.call(path)).status, path).toBe(401);
  }
});
