/** What is said of a message that was refused, and what can be done with it. */
import { faultText, isTooLong } from "../i18n/fault.ts";
import { t } from "../i18n/t.ts";
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
      {fault ? <p>{faultText(fault)}</p> : null}
      {copied === "no" ? <p aria-live="off">{t("message.selected")}</p> : null}
      <div class="actions">
        {actions ? (
          <>
            {isTooLong(fault) ? null : (
              <button type="button" class="button" onClick={() => actions.retry(message)}>
                {t("message.retry")}
              </button>
            )}
            {shown.kind === "text" ? (
              <button type="button" class="button" onClick={() => actions.takeBack(message)}>
                {t("message.edit")}
              </button>
            ) : null}
          </>
        ) : null}
        {shown.kind === "text" ? (
          <button type="button" class="button" onClick={copy}>
            {copied === "yes" ? t("message.copied") : t("message.copy")}
          </button>
        ) : null}
      </div>
    </div>
  );
}
