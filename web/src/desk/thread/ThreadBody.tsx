/** What was said in a chat and where one writes; or why neither can be shown. */
import { useEffect } from "preact/hooks";
import type { ChatRow } from "../../api/wire.ts";
import type { ChatModel } from "../../chat/ChatModel.ts";
import { Composer } from "../../chat/Composer.tsx";
import { Thread as Messages } from "../../chat/Thread.tsx";
import { faultText } from "../../i18n/deskFault.ts";
import { t } from "../../i18n/t.ts";
import { tDesk } from "../../i18n/tDesk.ts";
import { tSeldom } from "../../i18n/tSeldom.ts";
import { Again } from "../../ui/Again.tsx";
import { Question } from "../../ui/Dialog.tsx";
import { Wicket } from "../../ui/Wicket.tsx";
import { endedText } from "../inbox/chatStatus.ts";
import { toComposer } from "../inbox/rowFocus.ts";
import type { DeskModel } from "../shell/DeskModel.ts";
import type { Session } from "../shell/Session.ts";
import { AsksForLink } from "./NewLink.tsx";
import { SeatDivider } from "./SeatDivider.tsx";

interface BodyProps {
  readonly desk: DeskModel;
  readonly session: Session;
  readonly row: ChatRow | null;
}

export function ThreadBody({ desk, session, row }: BodyProps) {
  const chat = session.chat.value;
  const state = chat?.state.value;
  switch (state?.kind) {
    case undefined:
    case "loading":
      return <p class="thread-note quiet-text late">{tDesk("desk.loading")}</p>;
    case "missing":
      return (
        <div class="thread-note">
          <h3>{tDesk("thread.missing.heading")}</h3>
          <p>{tDesk("thread.missing.reason")}</p>
        </div>
      );
    case "failed":
      return (
        <div class="thread-note notice danger" role="alert">
          <p>{tDesk("thread.failed")}</p>
          <p>{faultText(state?.fault)}</p>
          <Again fault={state?.fault} onAgain={() => void chat?.start()} />
        </div>
      );
    case "open":
      return state ? <Open desk={desk} session={session} model={state.model} row={row} /> : null;
    default:
      return state satisfies never;
  }
}

function Open({ desk, session, model, row }: BodyProps & { readonly model: ChatModel }) {
  if (row?.seats === 0 && !row.endedAt) return <Nobody />;
  return (
    <>
      <Messages
        model={model}
        name={tDesk("chat.other")}
        typing={tDesk("chat.typing.plain")}
        beginning={<p>{tDesk("chat.beginning.plain")}</p>}
        seatLine={(seat) => <SeatDivider seat={seat} seats={model.seats} />}
        faultText={(fault) => `${tDesk("thread.failed")} ${faultText(fault)}`}
      />
      {model.differs.value ? <p class="notice danger thread-notice">{t("chat.differs")}</p> : null}
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
      <h3>{tDesk("thread.nobody.heading")}</h3>
      <p class="quiet-text">{tDesk("thread.nobody.reason")}</p>
    </div>
  );
}

function Foot({ model, row }: { readonly model: ChatModel; readonly row: ChatRow | null }) {
  const closed = model.closed.value ?? (row?.endedAt ? "chat_ended" : null);
  switch (closed) {
    case null:
      return <Writing model={model} />;
    case "chat_ended":
      return (
        <div class="thread-closed">
          <Wicket state="shut" size="small" />
          <p>{row?.endedAt ? endedText(row) : tDesk("thread.ended")}</p>
        </div>
      );
    case "superseded":
      return <p class="thread-closed">{tSeldom("chat.replaced")}</p>;
    case "lost":
      return <p class="thread-closed">{tSeldom("chat.lost")}</p>;
    default:
      return closed satisfies never;
  }
}

/** Where one writes; whoever opened the chat goes on to it. */
function Writing({ model }: { readonly model: ChatModel }) {
  useEffect(toComposer, []);
  return <Composer model={model} />;
}

/** The first message to another browser asks once. */
function AskNewSeat({ model }: { readonly model: ChatModel }) {
  if (!model.question?.value) return null;
  return (
    <Question
      title={tDesk("chat.seat.ask.heading")}
      yes={tDesk("chat.seat.ask.yes")}
      no={tDesk("chat.seat.ask.no")}
      onYes={() => model.answer(true)}
      onNo={() => model.answer(false)}
    >
      <p>{tDesk("chat.seat.ask.reason")}</p>
    </Question>
  );
}
