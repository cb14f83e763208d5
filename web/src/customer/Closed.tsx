/** Why nothing can be written in the chat any more. */
import { useEffect } from "preact/hooks";
import { tSeldom } from "../i18n/tSeldom.ts";
import type { Notice } from "../ui/notice.ts";
import type { OpenChat } from "./CustomerModel.ts";

interface ClosedProps {
  readonly chat: OpenChat;
  readonly notice: Notice;
  /** Whether it came while somebody was here: then it is said as well. */
  readonly isNews: boolean;
}

/** Stands where one wrote. */
export function Closed({ chat, notice, isNews }: ClosedProps) {
  const text = closedText(chat);
  useEffect(() => {
    if (isNews) notice.announce(text);
  }, [text]);
  return (
    <div class="chat-closed">
      <p class="notice warn">{text}</p>
    </div>
  );
}

function closedText({ model }: OpenChat): string {
  switch (model.closed.value) {
    case "superseded":
      return tSeldom("chat.replaced");
    case "lost":
      return tSeldom("chat.lost");
    default:
      return tSeldom(model.endedBy.value === "customer" ? "chat.ended.you" : "chat.ended");
  }
}
