/** One message: its words, when it was said, and how far it has come. */
import { t } from "../i18n/t.ts";
import { instantText, timeText } from "../i18n/when.ts";
import { CopyMessage } from "./CopyMessage.tsx";
import { loneEmoji } from "./emoji.ts";
import { segmentsOf } from "./linked.ts";
import type { ChatMessage, Status } from "./message.ts";
import { Refused, type RefusedActions } from "./Refused.tsx";
import type { Row } from "./rows.ts";

interface BubbleProps {
  readonly row: Row & { readonly kind: "message" };
  readonly own: boolean;
  /** Who speaks, for screen readers. */
  readonly speaker: string;
  /** Whether what can be done with it is shown. */
  readonly pointed: boolean;
  /** What can be done with it if it was refused; null where nothing can be written any more. */
  readonly refused: RefusedActions | null;
}

/** A bubble with its one squared corner towards the speaker. */
export function Bubble({ row, own, speaker, pointed, refused }: BubbleProps) {
  const { message, first, timed, status } = row;
  const classes = ["message", own ? "own" : "theirs", first ? "first" : "", message.delivery].filter(Boolean);
  return (
    <div class={classes.join(" ")} data-cid={message.cid}>
      <div class="bubble">
        <bdi translate={false} class="unseen">
          {speaker}:{" "}
        </bdi>
        <MessageText message={message} />
        {message.history === "differs" ? <p class="message-differs">{t("chat.differs")}</p> : null}
        {timed || status ? (
          <p class="message-meta" aria-live="off">
            {timed ? (
              <time dateTime={new Date(message.at).toISOString()} title={instantText(message.at)}>
                {timeText(message.at)}
              </time>
            ) : null}
            {status ? <StatusMark status={status} /> : null}
          </p>
        ) : null}
        {pointed && message.shown.kind === "text" ? <CopyMessage text={message.shown.text} /> : null}
      </div>
      {message.delivery === "refused" ? <Refused message={message} actions={refused} /> : null}
    </div>
  );
}

function MessageText({ message: { shown } }: { readonly message: ChatMessage }) {
  switch (shown.kind) {
    case "text":
      return (
        <p class={loneEmoji(shown.text) ? "message-text emoji" : "message-text"} dir="auto">
          {segmentsOf(shown.text).map((segment, index) =>
            segment.kind === "text" ? (
              segment.text
            ) : (
              <a
                key={`${index} ${segment.href}`}
                href={segment.href}
                dir="ltr"
                translate={false}
                target="_blank"
                rel="noopener noreferrer"
              >
                {segment.text}
              </a>
            ),
          )}
        </p>
      );
    case "newer":
      return <p class="message-text message-odd">{t("chat.newer")}</p>;
    case "unopened":
      return <p class="message-text message-odd">{t("chat.unopened")}</p>;
    default:
      return shown satisfies never;
  }
}

const MARKS: Record<Status, string> = {
  waiting: "M8 2a6 6 0 1 0 0 12A6 6 0 0 0 8 2zm0 3v3l2 2",
  sent: "M3 8.5 6.5 12 13 4.5",
  delivered: "M1 8.5 4.5 12 11 4.5M8.5 12 15 4.5",
  read: "M1 8.5 4.5 12 11 4.5M8.5 12 15 4.5M1 15h14",
  refused: "M8 2v8M8 13v.5",
};

function StatusMark({ status }: { readonly status: Status }) {
  return (
    <span class={`status ${status}`}>
      {t(`status.${status}`)}
      <svg class="status-mark" viewBox="0 0 16 16" aria-hidden="true" focusable="false">
        <path d={MARKS[status]} />
      </svg>
    </span>
  );
}
