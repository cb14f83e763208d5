/** A new link to a chat that is open: the button, and the notice of a customer who asks for it. */
import type { ChatRow } from "../../api/wire.ts";
import { tDesk } from "../../i18n/tDesk.ts";
import { Announced } from "../../ui/Announced.tsx";
import type { DeskModel } from "../shell/DeskModel.ts";
import type { Session } from "../shell/Session.ts";
import { labelOf } from "./chatLabel.ts";

interface NewLinkProps {
  readonly desk: DeskModel;
  readonly session: Session;
  readonly row: ChatRow;
}

/** Makes a link, and shows it on the page of links. */
export function NewLink({ desk, session, row }: NewLinkProps) {
  const makeLink = () => {
    // The write to the clipboard begins inside this click; the page with the code follows.
    const label = labelOf(session, row.chatRef);
    void session.links.generate({ chatId: row.chatId, label, hours: 24 });
    desk.router.go("/partners/qrcodes");
  };
  return (
    <button type="button" class="button" onClick={makeLink}>
      {tDesk("thread.new_link")}
    </button>
  );
}

/** Says that the customer who has the chat now lost the keys to it. */
export function AsksForLink(props: NewLinkProps) {
  if (!props.row.askedAt) return null;
  return (
    <div class="notice warn thread-notice">
      <Announced>{tDesk("thread.asks")}</Announced>
      <NewLink {...props} />
    </div>
  );
}
