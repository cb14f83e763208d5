/** One chat: who is there, what was said, and what can be done with it. */
import { useState } from "preact/hooks";
import type { ChatRow } from "../api/wire.ts";
import type { ChatModel } from "../chat/ChatModel.ts";
import { Composer } from "../chat/Composer.tsx";
import { Thread as Messages } from "../chat/Thread.tsx";
import { Words } from "../chat/Words.tsx";
import { faultWords, sayDesk } from "../say/desk.ts";
import { say } from "../say/say.ts";
import { saySeldom } from "../say/seldom.ts";
import { Question } from "../ui/Dialog.tsx";
import { Wicket } from "../ui/Wicket.tsx";
import type { DeskChat } from "./DeskChat.ts";
import type { DeskModel } from "./DeskModel.ts";
import { standing } from "./Inbox.tsx";
import { AsksForLink, NewLink } from "./NewLink.tsx";
import { SeatDivider } from "./SeatDivider.tsx";
import type { Session } from "./Session.ts";
import "../chat/chat.css";

interface ThreadProps {
  readonly desk: DeskModel;
  readonly session: Session;
  readonly chatRef: string;
}

export function Thread({ desk, session, chatRef }: ThreadProps) {
  const row = session.inbox.chat(chatRef);
  return (
    <section class="thread-page" aria-label={row?.chatId ?? sayDesk("desk.chats")}>
      <header class="thread-head">
        <a class="button icon thread-back" href="/partners/chats" aria-label={sayDesk("inbox.back")}>
          <Back />
        </a>
        <div class="thread-title">
          <h2 tabIndex={-1} data-heading>
            <bdi>{row?.chatId ?? sayDesk("desk.chats")}</bdi>
          </h2>
          {row ? <Presence row={row} now={desk.now.value} /> : null}
        </div>
        {row && !row.endedAt ? <ThreadActions desk={desk} session={session} row={row} /> : null}
      </header>
      <Body desk={desk} session={session} row={row} />
    </section>
  );
}

function Presence({ row, now }: { readonly row: ChatRow; readonly now: number }) {
  const here = row.online && !row.endedAt;
  return (
    <p class={here ? "quiet-text online-word" : "quiet-text"}>
      {here ? sayDesk("inbox.online") : standing(row, now)}
    </p>
  );
}

interface BodyProps extends Omit<ThreadProps, "chatRef"> {
  readonly row: ChatRow | null;
}

function Body({ desk, session, row }: BodyProps) {
  const chat = session.chat.value;
  const state = chat?.state.value;
  switch (state?.kind) {
    case undefined:
    case "loading":
      return <p class="thread-note quiet-text">{sayDesk("desk.loading")}</p>;
    case "missing":
      return (
        <div class="thread-note">
          <h3>{sayDesk("thread.missing.heading")}</h3>
          <p>{sayDesk("thread.missing.reason")}</p>
        </div>
      );
    case "failed":
      return (
        <div class="thread-note notice danger" role="alert">
          <p>{sayDesk("thread.failed")}</p>
          <p>{faultWords(state?.fault)}</p>
          <button type="button" class="button" onClick={() => void chat?.start()}>
            {say("action.again")}
          </button>
        </div>
      );
    case "open":
      return state ? <Open desk={desk} session={session} model={state.model} row={row} /> : null;
    default:
      return state satisfies never;
  }
}

function Open({ desk, session, model, row }: BodyProps & { readonly model: ChatModel }) {
  const phase = model.phase.value;
  if (phase.kind === "failed") {
    return (
      <div class="thread-note notice danger" role="alert">
        <p>{sayDesk("thread.failed")}</p>
        <p>{faultWords(phase.problem)}</p>
      </div>
    );
  }
  if (row?.seats === 0 && !row.endedAt) return <Nobody />;
  return (
    <>
      <Messages
        model={model}
        name={null}
        beginning={<p>{sayDesk("chat.beginning.plain")}</p>}
        seatLine={(seat) => <SeatDivider seat={seat} seats={model.seats} />}
      />
      {model.differs.value ? <p class="notice danger thread-notice">{say("chat.differs")}</p> : null}
      {row ? <AsksForLink desk={desk} session={session} row={row} /> : null}
      <Foot model={model} row={row} />
      <AskNewSeat model={model} />
    </>
  );
}

function Nobody() {
  return (
    <div class="thread-note">
      <Wicket state="valid" size="medium" />
      <h3>{sayDesk("thread.nobody.heading")}</h3>
      <p class="quiet-text">{sayDesk("thread.nobody.reason")}</p>
    </div>
  );
}

function Foot({ model, row }: { readonly model: ChatModel; readonly row: ChatRow | null }) {
  const closed = model.closed.value ?? (row?.endedAt ? "ended" : null);
  switch (closed) {
    case null:
      return <Composer model={model} />;
    case "ended":
      return (
        <p class="thread-closed">
          {row?.endedBy === "partner" ? say("chat.ended.you") : sayDesk("thread.ended")}
        </p>
      );
    case "replaced":
      return <p class="thread-closed">{say("chat.replaced")}</p>;
    case "lost":
      return <p class="thread-closed">{say("chat.lost")}</p>;
    default:
      return closed satisfies never;
  }
}

/** The first message to another browser asks once. */
function AskNewSeat({ model }: { readonly model: ChatModel }) {
  if (model.question.value === null) return null;
  return (
    <Question
      title={sayDesk("chat.seat.ask.heading")}
      yes={sayDesk("chat.seat.ask.yes")}
      no={sayDesk("chat.seat.ask.no")}
      onYes={() => model.answer(true)}
      onNo={() => model.answer(false)}
    >
      <p>{sayDesk("chat.seat.ask.reason")}</p>
    </Question>
  );
}

interface ActionsProps extends Omit<ThreadProps, "chatRef"> {
  readonly row: ChatRow;
}

function ThreadActions({ desk, session, row }: ActionsProps) {
  const [ending, setEnding] = useState(false);
  return (
    <div class="thread-actions">
      <CompareWords chat={session.chat.value} />
      <NewLink desk={desk} session={session} row={row} />
      <button type="button" class="button danger" onClick={() => setEnding(true)}>
        {say("chat.end")}
      </button>
      {ending ? <EndChat session={session} row={row} onClose={() => setEnding(false)} /> : null}
    </div>
  );
}

/** Only the words themselves prove a plain link: whoever made it, the server saw all of it. */
function CompareWords({ chat }: { readonly chat: DeskChat | null }) {
  const [open, setOpen] = useState(false);
  const state = chat?.state.value;
  const seats = state?.kind === "open" ? state.model.seats : null;
  const seat = seats?.shown.value.find(({ number }) => number === seats.live.value);
  if (!chat || seat?.madeBy !== "plain") return null;
  return (
    <>
      <button type="button" class="button bare" onClick={() => setOpen(true)}>
        {say("chat.words")}
      </button>
      {open ? (
        <Words
          reason={sayDesk("thread.words.reason")}
          words={() => chat.words(seat.number)}
          onClose={() => setOpen(false)}
        />
      ) : null}
    </>
  );
}

interface EndChatProps {
  readonly session: Session;
  readonly row: ChatRow;
  readonly onClose: () => void;
}

function EndChat({ session, row, onClose }: EndChatProps) {
  const [busy, setBusy] = useState(false);
  const [failed, setFailed] = useState<string | null>(null);
  const end = async () => {
    setBusy(true);
    try {
      await session.inbox.end(row.chatRef);
      onClose();
    } catch (fault) {
      setFailed(saySeldom("chat.end.failed", { reason: faultWords(fault) }));
      setBusy(false);
    }
  };
  return (
    <Question
      title={saySeldom("chat.end.heading")}
      yes={say("chat.end")}
      no={saySeldom("chat.end.no")}
      danger
      busy={busy}
      onYes={() => void end()}
      onNo={onClose}
    >
      <p>{saySeldom("chat.end.reason")}</p>
      {failed === null ? null : (
        <p class="notice danger" role="alert">
          {failed}
        </p>
      )}
    </Question>
  );
}

function Back() {
  return (
    <svg class="sign mirrored" viewBox="0 0 24 24" aria-hidden="true">
      <path d="M14 5l-7 7 7 7" />
    </svg>
  );
}
