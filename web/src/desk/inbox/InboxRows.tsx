/** The rows of the inbox: a bounded number of them, which the arrow keys go through as one stop of the Tab key. */
import type { ReadonlySignal } from "@preact/signals";
import { useRef, useState } from "preact/hooks";
import type { ChatRow } from "../../api/wire.ts";
import { tDesk } from "../../i18n/tDesk.ts";
import { More } from "../../ui/More.tsx";
import { chatPath } from "../shell/route.ts";
import type { InboxModel } from "./InboxModel.ts";
import { PeerStatus } from "./PeerStatus.tsx";
import { placeAfter, rowId, useHeldFocus } from "./rowFocus.ts";

/** How many more rows come into the page at a time. */
const STEP = 100;

interface InboxRowsProps {
  readonly model: InboxModel;
  readonly open: string | null;
  readonly now: ReadonlySignal<number>;
}

export function InboxRows({ model, open, now }: InboxRowsProps) {
  const { search, inbox } = model;
  const [bound, setBound] = useState(STEP);
  const [last, setLast] = useState<string | null>(null);
  const list = useRef<HTMLUListElement>(null);
  const hits = search.hits.value;
  const rows = hits.slice(0, bound);
  const stop = stopOf(rows, last, open);
  const reading = inbox.value.kind === "ready" ? inbox.value.more : "idle";
  // A search reads the pages by itself.
  const further = inbox.value.kind === "ready" && inbox.value.next !== null && !search.active.value;
  useHeldFocus(list, stop);
  const more = () => {
    setBound(bound + STEP);
    if (bound + STEP > hits.length) void model.more();
  };
  const key = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
    const links = [...(list.current?.querySelectorAll<HTMLElement>(".inbox-row") ?? [])];
    const place = links.indexOf(event.target as HTMLElement);
    const next = place < 0 ? null : placeAfter(event.key, place, links.length);
    if (next === null) return;
    event.preventDefault();
    links[next]?.focus();
  };
  return (
    <>
      <ul
        ref={list}
        class="inbox-rows"
        aria-labelledby="inbox-heading"
        onKeyDown={key}
        onFocusIn={(event) => setLast(refOf(event.target))}
      >
        {rows.map((chat) => (
          <Row
            key={chat.chatRef}
            model={model}
            chat={chat}
            current={chat.chatRef === open}
            stop={chat.chatRef === stop}
            now={now}
          />
        ))}
      </ul>
      {hits.length > bound || further ? <More state={reading} onMore={more} /> : null}
    </>
  );
}

/** The one row that the Tab key stops at: where one was last, else the open chat's, else the first. */
function stopOf(rows: readonly ChatRow[], last: string | null, open: string | null): string | null {
  const here = (chatRef: string | null) => rows.some((row) => row.chatRef === chatRef);
  if (here(last)) return last;
  return here(open) ? open : (rows[0]?.chatRef ?? null);
}

function refOf(target: EventTarget | null): string | null {
  return target instanceof HTMLElement ? (target.dataset.chat ?? null) : null;
}

interface RowProps {
  readonly model: InboxModel;
  readonly chat: ChatRow;
  readonly current: boolean;
  readonly stop: boolean;
  readonly now: ReadonlySignal<number>;
}

function Row({ model, chat, current, stop, now }: RowProps) {
  const { chatRef, chatId, unread } = chat;
  const label = model.labels.of(chatRef);
  return (
    <li>
      <a
        id={rowId(chatRef)}
        class={unread > 0 ? "inbox-row unread" : "inbox-row"}
        href={chatPath(chatRef)}
        data-chat={chatRef}
        aria-current={current ? "page" : undefined}
        tabIndex={stop ? 0 : -1}
      >
        <span class="inbox-row-name">
          <bdi translate={false}>{label || chatId}</bdi>
        </span>
        {unread > 0 ? (
          <span class="badge">
            <span aria-hidden="true">{unread > 99 ? "99+" : unread}</span>
            <span class="unseen">{tDesk("desk.chats.unread", { count: unread })}</span>
          </span>
        ) : null}
        <span class="inbox-row-more">
          <PeerStatus chat={chat} now={now} />
          {label ? (
            <bdi translate={false} class="inbox-row-id">
              {chatId}
            </bdi>
          ) : null}
        </span>
      </a>
    </li>
  );
}
