/** Who is there and what is waited for, as it changes with time: a text that moves alone, not its whole row. */
import { computed, type ReadonlySignal } from "@preact/signals";
import { useMemo } from "preact/hooks";
import type { ChatRow } from "../../api/wire.ts";
import { sayDesk } from "../../i18n/tDesk.ts";
import { standing } from "./chatStatus.ts";
import { isWaiting } from "./InboxSearch.ts";

interface ChatStandingProps {
  readonly chat: ChatRow;
  readonly now: ReadonlySignal<number>;
}

export function ChatStanding({ chat, now }: ChatStandingProps) {
  const words = useMemo(() => computed(() => standing(chat, now.value)), [chat, now]);
  return (
    <>
      {chat.online && !chat.endedAt ? <span class="online-word">{sayDesk("inbox.online")}</span> : null}
      <span class={isWaiting(chat) ? "waits-word" : undefined}>{words}</span>
    </>
  );
}
