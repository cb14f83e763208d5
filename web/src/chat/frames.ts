/** Which frames concern a chat, and what each means for it. */
import type { Message, SeatClosed, SeatRow, ServerFrame, Side } from "../api/wire.ts";

/** An acknowledgement and a refusal are the line's; a link, an inbox row and how far it was told are the desk's. */
type Foreign = Extract<
  ServerFrame,
  { readonly type: "ack" | "problem" | "pong" | "link" | "chat" | "upto" | "present" | "reset" }
>;

/** What a chat hears. */
export interface Heard {
  message(message: Message): void;
  opened(frame: ServerFrame & { type: "opened" }): void;
  seen(frame: ServerFrame & { type: "seen" }): void;
  /** Whether the other side types. */
  typing(typing: boolean): void;
  /** Whether the other side is there. */
  presence(online: boolean): void;
  seat(row: SeatRow): void;
  closed(reason: SeatClosed): void;
  resync(): void;
}

/** Hands a frame to the chat that it is about; others pass by. */
export function hear(frame: ServerFrame, chatRef: string, side: Side, heard: Heard): void {
  switch (frame.type) {
    case "resync":
      if ((frame.chat ?? chatRef) === chatRef) heard.resync();
      return;
    case "seat":
      if (frame.seat.chat === chatRef) heard.seat(frame.seat);
      return;
    case "message":
      if (frame.chat === chatRef) heard.message(frame);
      return;
    case "opened":
      if (frame.chat === chatRef) heard.opened(frame);
      return;
    case "seen":
      if (frame.chat === chatRef) heard.seen(frame);
      return;
    case "typing":
      if (frame.chat === chatRef && frame.by !== side) heard.typing(frame.typing);
      return;
    case "presence":
      if (frame.chat === chatRef && frame.by !== side) heard.presence(frame.online);
      return;
    case "closed":
      if (frame.chat === chatRef) heard.closed(frame.reason);
      return;
    default:
      frame satisfies Foreign;
  }
}
