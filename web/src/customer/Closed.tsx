/** Why nothing can be written in the chat any more. */
import { useEffect } from "preact/hooks";
import { saySeldom } from "../i18n/tSeldom.ts";
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
  const words = closedWords(chat);
  useEffect(() => {
    if (isNews) notice.announce(words);
  }, [words]);
  return (
    <div class="chat-closed">
      <p class="notice warn">{words}</p>
    </div>
  );
}

function closedWords({ model }: OpenChat): string {
  switch (model.closed.value) {
    case "superseded":
      return saySeldom("chat.replaced");
    case "lost":
      return saySeldom("chat.lost");
    default:
      return saySeldom(model.endedBy.value === "customer" ? "chat.ended.you" : "chat.ended");
  }
}
