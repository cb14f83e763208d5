/** What a chat is called where it matters that nobody else chose the name. */
import type { Session } from "../shell/Session.ts";

/** A label that its seat has proven, once the seat is open: the server could put any other beside a chat. */
export function labelOf(session: Session, chatRef: string): string {
  const state = session.chat.value?.state.value;
  const seats = state?.kind === "open" ? state.model.seats.shown.value : [];
  return seats.findLast(({ label }) => label !== null)?.label ?? session.inbox.labels.of(chatRef);
}
