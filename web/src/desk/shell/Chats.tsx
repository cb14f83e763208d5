/** `/partners/chats` and one chat of it: side by side on a wide screen, one after the other on a phone. */
import { tDesk } from "../../i18n/tDesk.ts";
import { Wicket } from "../../ui/Wicket.tsx";
import { Inbox } from "../inbox/Inbox.tsx";
import { Thread } from "../thread/ThreadPage.tsx";
import type { DeskModel } from "./DeskModel.ts";
import type { Session } from "./Session.ts";
import "./chats.css";

interface ChatsProps {
  readonly desk: DeskModel;
  readonly session: Session;
  readonly chatRef: string | null;
}

export function Chats({ desk, session, chatRef }: ChatsProps) {
  const { inbox, chats } = session.inbox;
  const ready = inbox.value.kind === "ready";
  const none = ready && chats.value.length === 0;
  return (
    <div class={chatRef !== null ? "chats one" : none ? "chats none" : "chats"}>
      <Inbox
        model={session.inbox}
        open={chatRef}
        now={desk.now}
        announce={(text) => desk.notice.announce(text)}
      />
      {chatRef === null ? (
        <div class="chats-none">
          <Wicket state="valid" size="medium" />
          {ready ? <p class="quiet-text">{tDesk("inbox.pick")}</p> : null}
        </div>
      ) : (
        <Thread key={chatRef} desk={desk} session={session} chatRef={chatRef} />
      )}
    </div>
  );
}
