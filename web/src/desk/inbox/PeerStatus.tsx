/** Who is there and what is waited for, as it changes with time: a text that moves alone, not its whole row. */
import { computed, type ReadonlySignal } from "@preact/signals";
import { useMemo } from "preact/hooks";
import type { ChatRow } from "../../api/wire.ts";
import { tDesk } from "../../i18n/tDesk.ts";
import { chatStatusText } from "./chatStatus.ts";
import { isWaiting } from "./InboxSearch.ts";

interface PeerStatusProps {
  readonly chat: ChatRow;
  readonly now: ReadonlySignal<number>;
}

export function PeerStatus({ chat, now }: PeerStatusProps) {
  const text = useMemo(() => computed(() => chatStatusText(chat, now.value)), [chat, now]);
  return (
    <>
      {chat.online && !chat.endedAt ? <span class="online-word">{tDesk("inbox.online")}</span> : null}
      <span class={isWaiting(chat) ? "waits-word" : undefined}>{text}</span>
    </>
  );
}
