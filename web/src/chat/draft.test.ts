/** A draft is its tab's while the tab lives; a new tab takes over what tabs that are gone have left. */
import { beforeEach, expect, test } from "vitest";
import { createKeyWorker } from "../crypto/createKeyWorker.ts";
import type { KeyWorker } from "../crypto/keyWorkerApi.ts";
import { memoryStore } from "../crypto/memory.ts";
import { Draft } from "./draft.ts";

let keyWorker: KeyWorker;
/** The tabs that live. */
let living: Set<string>;

beforeEach(() => {
  keyWorker = createKeyWorker(memoryStore());
  living = new Set();
});

/** The chat in a tab of this name, as it is loaded or loaded again. */
function inTab(name: string, chatRef = "chat"): Draft {
  const named = async () => {
    living.add(name);
    return name;
  };
  return new Draft(keyWorker, "customer", chatRef, { named, living: async () => [...living] });
}

/** The same, once what was written before is there. */
async function loaded(name: string, chatRef?: string): Promise<Draft> {
  const draft = inTab(name, chatRef);
  await draft.restore();
  return draft;
}

const kept = async () => (await keyWorker.drafts("customer", "chat")).map(({ text }) => text).sort();

test("two tabs of one chat keep what each of them wrote", async () => {
  const first = await loaded("a");
  await first.set("from the first");
  const second = await loaded("b");
  expect(second.text.value).toBe("");
  await second.set("from the second");
  await first.set("from the first tab");
  expect([first.text.value, second.text.value]).toEqual(["from the first tab", "from the second"]);
  expect((await loaded("a")).text.value).toBe("from the first tab");
  expect((await loaded("b")).text.value).toBe("from the second");
  await first.set("");
  expect(await kept()).toEqual(["from the second"]);
});

test("a new tab takes over what tabs that are gone have left, the oldest first, and no other tab does", async () => {
  await (await loaded("a")).set("the older one");
  await (await loaded("b")).set("the newer one");
  await (await loaded("c")).set("of a tab that lives");
  living = new Set(["c"]);
  const [heir, other] = [inTab("d"), inTab("e")];
  await heir.restore();
  await other.restore();
  expect(heir.text.value).toBe("the older one\nthe newer one");
  expect(other.text.value).toBe("");
  expect(await kept()).toEqual(["of a tab that lives", "the older one\nthe newer one"]);
  expect((await loaded("d")).text.value).toBe("the older one\nthe newer one");
});

test("a tab that is loaded again has its own draft alone, though others are gone", async () => {
  await (await loaded("a")).set("mine");
  await (await loaded("b")).set("another's");
  living.clear();
  expect((await loaded("a")).text.value).toBe("mine");
  expect((await loaded("b")).text.value).toBe("another's");
});

test("where the person writes before the draft is there, neither is lost", async () => {
  await (await loaded("a")).set("before");
  const again = inTab("a");
  const restoring = again.restore();
  const written = again.set("meanwhile");
  await Promise.all([restoring, written]);
  expect(again.text.value).toBe("meanwhile");
  expect(await kept()).toEqual(["before", "meanwhile"]);

  living.clear();
  const heir = inTab("b");
  const taking = heir.restore();
  await Promise.all([heir.set("new"), taking]);
  expect(heir.text.value).toBe("new");
  expect(await kept()).toEqual(["before", "meanwhile", "new"]);
});

test("what was stored before tabs had drafts of their own is taken over", async () => {
  await keyWorker.setDraft("customer", "chat", "", "from an earlier release");
  expect((await loaded("a")).text.value).toBe("from an earlier release");
  expect(await keyWorker.drafts("customer", "chat")).toEqual([{ tab: "a", text: "from an earlier release" }]);
});

test("a chat that ends leaves no draft of any tab, and those of other chats alone", async () => {
  await (await loaded("a")).set("of a tab that is gone");
  await (await loaded("a", "other")).set("elsewhere");
  living.clear();
  const here = inTab("b");
  void here.restore();
  await here.drop();
  expect(here.text.value).toBe("");
  expect(await kept()).toEqual([]);
  expect((await loaded("a", "other")).text.value).toBe("elsewhere");
});
