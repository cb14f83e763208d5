/** What can be done with a chat that is open: compare safety words, make another link, end it. */
import { useState } from "preact/hooks";
import type { ChatRow } from "../../api/wire.ts";
import { EndChat } from "../../chat/EndChat.tsx";
import { SafetyWords } from "../../chat/SafetyWords.tsx";
import { t } from "../../i18n/t.ts";
import { tDesk } from "../../i18n/tDesk.ts";
import type { DeskModel } from "../shell/DeskModel.ts";
import type { Session } from "../shell/Session.ts";
import type { DeskChat } from "./DeskChat.ts";
import { NewLink } from "./NewLink.tsx";

interface ActionsProps {
  readonly desk: DeskModel;
  readonly session: Session;
  readonly row: ChatRow;
}

export function ThreadActions({ desk, session, row }: ActionsProps) {
  const [ending, setEnding] = useState(false);
  return (
    <div class="thread-actions">
      <CompareSafetyWords chat={session.chat.value} />
      <NewLink desk={desk} session={session} row={row} />
      <button type="button" class="button danger" onClick={() => setEnding(true)}>
        {t("chat.end")}
      </button>
      {ending ? (
        <EndChat end={() => session.inbox.end(row.chatRef)} onClose={() => setEnding(false)} />
      ) : null}
    </div>
  );
}

/** Only the words themselves prove a plain link: whoever made it, the server saw all of it. */
function CompareSafetyWords({ chat }: { readonly chat: DeskChat | null }) {
  const [open, setOpen] = useState(false);
  const state = chat?.state.value;
  const seats = state?.kind === "open" ? state.model.seats : null;
  const seat = seats?.shown.value.find(({ number }) => number === seats.live.value);
  if (!chat || seat?.madeBy !== "plain") return null;
  return (
    <>
      <button type="button" class="button bare" onClick={() => setOpen(true)}>
        {t("chat.words")}
      </button>
      {open ? (
        <SafetyWords
          reason={tDesk("thread.words.reason")}
          words={() => chat.safetyWords(seat.number)}
          onClose={() => setOpen(false)}
        />
      ) : null}
    </>
  );
}
