/** What is said of a message that was refused, and what can be done with it. */
import { faultWords, isTooLong } from "../i18n/fault.ts";
import { say } from "../i18n/t.ts";
import { useCopy } from "./CopyMessage.tsx";
import type { ChatMessage } from "./message.ts";

/** What can be done with a message that was refused. */
export interface RefusedActions {
  readonly retry: (message: ChatMessage) => void;
  readonly takeBack: (message: ChatMessage) => void;
}

interface RefusedProps {
  readonly message: ChatMessage;
  readonly actions: RefusedActions | null;
}

/** Why it was not sent, and the buttons. */
export function Refused({ message, actions }: RefusedProps) {
  const { fault, shown } = message;
  const [copied, copy] = useCopy(shown.kind === "text" ? shown.text : "");
  return (
    <div class="message-refused">
      {fault ? <p>{faultWords(fault)}</p> : null}
      {copied === "no" ? <p aria-live="off">{say("message.selected")}</p> : null}
      <div class="actions">
        {actions ? (
          <>
            {isTooLong(fault) ? null : (
              <button type="button" class="button" onClick={() => actions.retry(message)}>
                {say("message.retry")}
              </button>
            )}
            {shown.kind === "text" ? (
              <button type="button" class="button" onClick={() => actions.takeBack(message)}>
                {say("message.edit")}
              </button>
            ) : null}
          </>
        ) : null}
        {shown.kind === "text" ? (
          <button type="button" class="button" onClick={copy}>
            {copied === "yes" ? say("message.copied") : say("message.copy")}
          </button>
        ) : null}
      </div>
    </div>
  );
}
