/** What waits stands in the order in which it was written, whatever language the browser sorts in. */
import { afterEach, expect, test, vi } from "vitest";
import { uuidV7 } from "./cid.ts";
import { memoryStore } from "./memory.ts";
import { unsentIn } from "./unsent.ts";

afterEach(() => vi.restoreAllMocks());

test("messages of one instant keep their order where aa comes after z", async () => {
  const danish = new Intl.Collator("da");
  vi.spyOn(String.prototype, "localeCompare").mockImplementation(function (this: string, other: string) {
    return danish.compare(this, other);
  });
  const cids = [0xaa, 0xab, 0xb0].map((last) => uuidV7(1, new Uint8Array(10).fill(last, 2)));
  const unsent = unsentIn(memoryStore());
  for (const cid of [...cids].reverse()) {
    const place = { as: "customer", chatRef: "chat", seat: 1 } as const;
    await unsent.putOutbox({ ...place, cid, body: "AAAA", at: 1, state: "waiting" });
  }
  expect((await unsent.outbox("customer", "chat")).map(({ cid }) => cid)).toEqual(cids);
});
