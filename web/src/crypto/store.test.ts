/** The store over memory: sealing, reading back, snapshots. */
import { expect, test } from "vitest";
import { fromUtf8 } from "./bytes.ts";
import { MemoryMedium, memoryStore } from "./memory.ts";
import { Store } from "./store.ts";

async function aesKey(): Promise<CryptoKey> {
  return crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
}

test("the first record wins, and both callers get it", async () => {
  const store = memoryStore();
  const [first, second] = await Promise.all([
    store.add("redemptions", "a", { claim: 1 }),
    store.add("redemptions", "a", { claim: 2 }),
  ]);
  expect(first).toEqual({ claim: 1 });
  expect(second).toEqual({ claim: 1 });
});

test("sealed records show nothing and fit only their own place", async () => {
  const medium = new MemoryMedium();
  const store = new Store(medium, "wrapped", await aesKey());
  await store.put("seats", "a", { root: "very secret" });
  expect(await store.get("seats", "a")).toEqual({ root: "very secret" });
  const bytes = await medium.get("seats", "a");
  if (!bytes) throw new Error("it was stored");
  expect(Buffer.from(bytes).toString("latin1")).not.toContain("secret");
  await medium.put("seats", "b", bytes);
  await medium.put("drafts", "a", bytes);
  expect(await store.get("seats", "b")).toBeUndefined();
  expect(await store.get("drafts", "a")).toBeUndefined();
});

test("a record that another device key sealed is as good as gone, and is replaced", async () => {
  const medium = new MemoryMedium();
  await new Store(medium, "wrapped", await aesKey()).put("redemptions", "a", 1);
  const store = new Store(medium, "wrapped", await aesKey());
  expect(await store.get("redemptions", "a")).toBeUndefined();
  expect(await store.all("redemptions")).toEqual([]);
  expect(await store.add("redemptions", "a", 2)).toBe(2);
  expect(await store.get("redemptions", "a")).toBe(2);
});

test("a sealed record waits for its device key: without one it neither reads as nothing nor is replaced", async () => {
  const medium = new MemoryMedium();
  const key = await aesKey();
  await new Store(medium, "wrapped", key).put("redemptions", "a", 1);
  const keyless = new Store(medium, "raw", null);
  await expect(keyless.get("redemptions", "a")).rejects.toMatchObject({ code: "unavailable" });
  await expect(keyless.add("redemptions", "a", 2)).rejects.toMatchObject({ code: "unavailable" });
  expect(await new Store(medium, "wrapped", key).get("redemptions", "a")).toBe(1);
});

test("bare records are read where there is a key by now", async () => {
  const medium = new MemoryMedium();
  await new Store(medium, "raw", null).put("seats", "a", "x");
  expect(fromUtf8((await medium.get("seats", "a"))?.slice(1) ?? new Uint8Array(0))).toBe('"x"');
  expect(await new Store(medium, "wrapped", await aesKey()).get("seats", "a")).toBe("x");
});

test("a snapshot brings everything back, and a broken one nothing", async () => {
  let snapshot = "";
  const medium = new MemoryMedium(null, (changed) => {
    snapshot = changed;
  });
  const store = new Store(medium, "session", null);
  await store.put("seats", "chat/1", { seat: 1 });
  await store.put("drafts", "chat", "hello");
  await store.remove("drafts", "chat");
  const back = new Store(new MemoryMedium(snapshot), "session", null);
  expect(await back.all("seats")).toEqual([{ key: "chat/1", value: { seat: 1 } }]);
  expect(await back.get("drafts", "chat")).toBeUndefined();
  expect(await new Store(new MemoryMedium("{broken"), "session", null).all("seats")).toEqual([]);
});

test("removing by a prefix leaves the rest", async () => {
  const store = memoryStore();
  for (const key of ["customer/a/1", "customer/a/2", "customer/b/1"]) await store.put("outbox", key, key);
  await store.removeAll("outbox", "customer/a/");
  expect(await store.all("outbox")).toEqual([{ key: "customer/b/1", value: "customer/b/1" }]);
});
