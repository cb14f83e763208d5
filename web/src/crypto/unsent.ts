/** What is written and not sent: messages that wait, and drafts. */
import { compareIds } from "./cid.ts";
import type { KeyWorker, OutboxItem, Role } from "./keyWorkerApi.ts";
import { text } from "./parse.ts";
import { parseOutboxItem } from "./records.ts";
import type { Store } from "./store.ts";

/** Keeps what it is given: messages come sealed, drafts as they shall rest. */
export type Unsent = Pick<KeyWorker, "putOutbox" | "outbox" | "removeOutbox" | "drafts" | "setDraft">;

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
    async drafts(as, chatRef) {
      const start = draftKey(as, chatRef);
      return (await store.all("drafts"))
        .filter(({ key }) => key.startsWith(start))
        .map(({ key, value }) => ({ tab: key.slice(start.length + 1), text: text(value) }))
        .sort((left, right) => compareIds(left.tab, right.tab));
    },
    setDraft: (as, chatRef, tab, words) =>
      words === ""
        ? store.remove("drafts", draftKey(as, chatRef, tab))
        : store.put("drafts", draftKey(as, chatRef, tab), words),
  };
}

function outboxKey({ as, chatRef, cid }: Pick<OutboxItem, "as" | "chatRef" | "cid">): string {
  return `${as}/${chatRef}/${cid}`;
}

// What was kept before tabs had drafts of their own has no tab's name.
function draftKey(as: Role, chatRef: string, tab = ""): string {
  return tab === "" ? `${as}/${chatRef}` : `${as}/${chatRef}/${tab}`;
}
