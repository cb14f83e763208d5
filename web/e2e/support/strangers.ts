/** Who has a link's address and is not whom it was made for. */
import { expect } from "@playwright/test";
import type { TestServer } from "./server.ts";

/** Tries a used link as somebody does who has its address and nothing else. */
export async function tryToo(server: TestServer, address: string): Promise<void> {
  const linkId = /secure\/chat\/([\w-]{22})/.exec(address)?.[1] ?? "";
  const random = () => Buffer.from(crypto.getRandomValues(new Uint8Array(32))).toString("base64url");
  const body = { linkId, claim: random(), proof: random() };
  const tried = await server.call("/api/validate-secure-link", { body });
  expect(tried.status).toBe(410);
}
