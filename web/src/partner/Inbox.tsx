/** The list of chats, the most recently active first. */
import type { ReadonlySignal } from "@preact/signals";
import type { ChatRow } from "../api/wire.ts";
import { faultWords, sayDesk } from "../say/desk.ts";
import { say } from "../say/say.ts";
import { dayNumber, dayWords, relativeWords, timeWords } from "../say/when.ts";
import { Wicket } from "../ui/Wicket.tsx";
import type { InboxModel } from "./InboxModel.ts";
import { chatPath } from "./route.ts";

interface InboxProps {
  readonly model: InboxModel;
  /** The chat that is open beside it. */
  readonly open: string | null;
  readonly now: ReadonlySignal<number>;
}

export function Inbox({ model, open, now }: InboxProps) {
  return (
    <section class="inbox" aria-labelledby="inbox-heading">
      <h1 id="inbox-heading" tabIndex={-1} data-heading>
        {sayDesk("inbox.heading")}
      </h1>
      <Rows model={model} open={open} now={now} />
    </section>
  );
}

function Rows({ model, open, now }: InboxProps) {
  const inbox = model.inbox.value;
  switch (inbox.kind) {
    case "loading":
      return <p class="quiet-text">{sayDesk("desk.loading")}</p>;
    case "failed":
      return (
        <div class="notice danger" role="alert">
          <p>{sayDesk("inbox.failed")}</p>
          <p>{faultWords(inbox.fault)}</p>
          <button type="button" class="button" onClick={() => void model.load()}>
            {say("action.again")}
          </button>
        </div>
      );
    case "ready":
      if (model.chats.value.length === 0) return <Empty />;
      return (
        <>
          <ul class="inbox-rows" aria-labelledby="inbox-heading">
            {model.chats.value.map((chat) => (
              <InboxItem key={chat.chatRef} chat={chat} current={chat.chatRef === open} now={now} />
            ))}
          </ul>
          {inbox.next === null ? null : (
            <div class="more">
              {inbox.more === "failed" ? <p class="field-error">{sayDesk("desk.more.failed")}</p> : null}
              <button
                type="button"
                class="button"
                aria-busy={inbox.more === "loading" ? "true" : undefined}
                onClick={() => void model.more()}
              >
                {sayDesk(inbox.more === "loading" ? "desk.more.loading" : "desk.more")}
              </button>
            </div>
          )}
        </>
      );
    default:
      return inbox satisfies never;
  }
}

function Empty() {
  return (
    <div class="empty">
      <Wicket state="dashed" size="medium" />
      <h2>{sayDesk("inbox.empty.heading")}</h2>
      <p class="quiet-text">{sayDesk("inbox.empty.reason")}</p>
      <a class="button" href="/partners/qrcodes">
        {sayDesk("inbox.empty.next")}
      </a>
    </div>
  );
}

interface ItemProps {
  readonly chat: ChatRow;
  readonly current: boolean;
  readonly now: ReadonlySignal<number>;
}

function InboxItem({ chat, current, now }: ItemProps) {
  return (
    <li>
      <a class="inbox-row" href={chatPath(chat.chatRef)} aria-current={current ? "page" : undefined}>
        <span class="inbox-row-name">
          <bdi>{chat.chatId}</bdi>
        </span>
        {chat.unread > 0 ? (
          <span class="badge">
            <span aria-hidden="true">{chat.unread > 99 ? "99+" : chat.unread}</span>
            <span class="unseen">{sayDesk("desk.chats.unread", { count: chat.unread })}</span>
          </span>
        ) : null}
        <span class="inbox-row-more">
          {chat.online && !chat.endedAt ? <span class="online-word">{sayDesk("inbox.online")}</span> : null}
          <span>{standing(chat, now.value)}</span>
        </span>
      </a>
    </li>
  );
}

/** The time of today, or the day before that. */
function sinceWords(at: number, now: number): string {
  return dayNumber(at) === dayNumber(now) ? timeWords(at) : dayWords(at, now);
}

/** The one thing to know about a chat. */
export function standing(chat: ChatRow, now: number): string {
  if (chat.endedAt) return sayDesk("inbox.ended");
  if (chat.askedAt) return sayDesk("inbox.asks");
  if (chat.waitingSince)
    return sayDesk("inbox.waiting", { time: sinceWords(Date.parse(chat.waitingSince), now) });
  if (chat.seats === 0) return sayDesk("inbox.nobody");
  return sayDesk("inbox.answered", { time: relativeWords(Date.parse(chat.activeAt), now) });
}
