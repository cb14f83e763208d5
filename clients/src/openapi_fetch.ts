/** openapi-typescript with openapi-fetch, as its readme shows it: create, look, validate, used, create. */
import createClient from "openapi-fetch";
import { check, settings } from "./settings";
import type { paths } from "./generated/schema";

async function main(): Promise<void> {
  const { url, key, partner } = settings();
  const client = createClient<paths>({ baseUrl: url, headers: { Authorization: `Bearer ${key}` } });

  const order = { params: { header: { "Idempotency-Key": "order-4711" } }, body: { chatId: "order-4711" } };
  const made = await client.POST("/api/generate-secure-link", order);
  check(made.data?.success === true, "a link is made", made.error);
  check(made.data.repeated === false && made.data.state === "valid", "it is new and valid", made.data);
  const { linkId, ref } = made.data;

  const door = await client.POST("/api/links/door", { body: { linkId } });
  check(door.data?.state === "valid" && door.data.partnerId === partner, "looking leaves it valid", door.error);

  const used = await client.POST("/api/validate-secure-link", { body: { linkId } });
  check(used.data?.chatId === "order-4711", "it opens its chat", used.error);

  const again = await client.POST("/api/validate-secure-link", { body: { linkId } });
  check(again.response.status === 410, "it opens once", again.data);
  check(again.error?.error === "Link has already been used" && again.error.state === "used", "and says so", again.error);

  const repeated = await client.POST("/api/generate-secure-link", order);
  check(repeated.data?.repeated === true && repeated.data.state === "used", "a repeat says so", repeated.error);
  const other = await client.POST("/api/generate-secure-link", { ...order, body: { chatId: "order-4712" } });
  check(other.error?.code === "other_content" && other.error.field === "Idempotency-Key", "and what it is known by");
  const next = await client.POST("/api/generate-secure-link", { body: { chatId: "order-4712", expiryHours: 1 } });
  check(next.data?.success === true, "the next link is made", next.error);

  const query = { usedSince: new Date(Date.now() - 60_000).toISOString(), fields: "ref,usedAt" };
  const list = await client.GET("/api/links", { params: { query } });
  check(list.data?.links[0]?.ref === ref, "what was used last comes first", list.error);
  const headers = { "If-None-Match": list.response.headers.get("etag") ?? "" };
  const same = await client.GET("/api/links", { params: { query, header: headers } });
  check(same.response.status === 304, "and is told once", same.response.status);

  const path = { ref: next.data.linkId };
  const revoked = await client.POST("/api/links/{ref}/revoke", { params: { path } });
  check(revoked.data?.state === "revoked", "it is revoked by its id", revoked.error);
  const misspelt = { chat_id: "a" } as { chatId?: string };
  const refused = await client.POST("/api/generate-secure-link", { body: misspelt });
  check(refused.error?.field === "chat_id", "a misspelt member is named", refused.error);
}

void main();
