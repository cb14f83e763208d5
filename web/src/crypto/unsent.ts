/** What is written and not sent: messages that wait, and drafts. */
import { compareIds } from "./cid.ts";
import type { KeyWorker, OutboxItem, Role } from "./keyWorkerApi.ts";
import { text } from "./parse.ts";
import { parseOutboxItem } from "./records.ts";
import type { Store } from "./store.ts";

/** Keeps what it is given: messages come sealed, drafts as they shall rest. */
export type Unsent = Pick<KeyWorker, "putOutbox" | "outbox" | "removeOutbox" | "draft" | "setDraft">;

/** What a store keeps of it. */
export function unsentIn(store: Store): Unsent {
  return {
    putOutbox: (item) => store.put("outbox", outboxKey(item), parseOutboxItem(item)),
    async outbox(as, chatRef) {
      const items = (await store.all("outbox")).map(({ value }) => parseOutboxItem(value));
      return items
        .filter((item) => item.as === as && (chatRef === null || item.chatRef === chatRef))
        .sort((left, right) => left.at - right.at || compareIds(left.cid, right.cid));
    },
    removeOutbox: (as, chatRef, cid) => store.remove("outbox", outboxKey({ as, chatRef, cid })),
    async draft(as, chatRef) {
      const value = await store.get("drafts", draftKey(as, chatRef));
      return value === undefined ? "" : text(value);
    },
    setDraft: (as, chatRef, text) =>
      text === ""
        ? store.remove("drafts", draftKey(as, chatRef))
        : store.put("drafts", draftKey(as, chatRef), text),
  };
}

function outboxKey({ as, chatRef, cid }: Pick<OutboxItem, "as" | "chatRef" | "cid">): string {
  return `${as}/${chatRef}/${cid}`;
}

function draftKey(as: Role, chatRef: string): string {
  return `${as}/${chatRef}`;
}
