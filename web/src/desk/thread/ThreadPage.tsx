/** One chat: who is there, what was said, and what can be done with it. */
import type { ReadonlySignal } from "@preact/signals";
import { isDown } from "../../api/line.ts";
import type { ChatRow } from "../../api/wire.ts";
import { t } from "../../i18n/t.ts";
import { tDesk } from "../../i18n/tDesk.ts";
import { composing } from "../../ui/composing.ts";
import { PeerStatus } from "../inbox/PeerStatus.tsx";
import { rowId } from "../inbox/rowFocus.ts";
import type { DeskModel } from "../shell/DeskModel.ts";
import type { Session } from "../shell/Session.ts";
import { labelOf } from "./chatLabel.ts";
import { ThreadActions } from "./ThreadActions.tsx";
import { ThreadBody } from "./ThreadBody.tsx";
import "../../chat/chat.css";
import "./thread.css";

export interface ThreadProps {
  readonly desk: DeskModel;
  readonly session: Session;
  readonly chatRef: string;
}

export function Thread({ desk, session, chatRef }: ThreadProps) {
  const row = session.inbox.chat(chatRef);
  const label = labelOf(session, chatRef);
  // Before its row is here, or without one, it has no name that the list beside it has not.
  const name = label || row?.chatId || null;
  const leave = (event: KeyboardEvent) => {
    if (event.key !== "Escape" || event.defaultPrevented || composing(event)) return;
    if (event.target instanceof Element && event.target.closest("dialog")) return;
    event.preventDefault();
    toList(desk, chatRef);
  };
  return (
    <section class="thread-page" aria-label={name ?? undefined} onKeyDown={leave}>
      <header class="thread-head">
        <a
          class="button icon thread-back"
          href="/partners/chats"
          data-landing={rowId(chatRef)}
          aria-label={tDesk("inbox.back")}
        >
          <Back />
        </a>
        <div class="thread-title">
          <h2 tabIndex={-1} data-heading>
            {name === null ? tDesk("inbox.heading") : <bdi translate={false}>{name}</bdi>}
          </h2>
          {row ? <Presence session={session} row={row} label={label} now={desk.now} /> : null}
        </div>
        {row && !row.endedAt ? <ThreadActions desk={desk} session={session} row={row} /> : null}
      </header>
      <ThreadBody desk={desk} session={session} row={row} />
    </section>
  );
}

/** Back to the row in the list: beside the thread, or on the page before it. */
function toList(desk: DeskModel, chatRef: string): void {
  const row = document.getElementById(rowId(chatRef));
  if (row?.checkVisibility()) row.focus();
  else desk.router.go("/partners/chats", "push", rowId(chatRef));
}

interface PresenceProps {
  readonly session: Session;
  readonly row: ChatRow;
  readonly label: string;
  readonly now: ReadonlySignal<number>;
}

/** Who is there, as long as that is known: a desk without a connection says so instead. */
function Presence({ session, row, label, now }: PresenceProps) {
  const connection = session.line.state.value;
  return (
    <p class="thread-presence quiet-text">
      {isDown(connection) ? t(`connection.${connection}`) : <PeerStatus chat={row} now={now} />}
      {label ? (
        <bdi translate={false} class="inbox-row-id">
          {row.chatId}
        </bdi>
      ) : null}
    </p>
  );
}

function Back() {
  return (
    <svg class="sign mirrored" viewBox="0 0 24 24" aria-hidden="true">
      <path d="M14 5l-7 7 7 7" />
    </svg>
  );
}
