/** The question before a chat ends. */
import { useState } from "preact/hooks";
import { faultText } from "../i18n/fault.ts";
import { t } from "../i18n/t.ts";
import { tSeldom } from "../i18n/tSeldom.ts";
import { Question } from "../ui/Dialog.tsx";

interface EndChatProps {
  /** Ends it for both sides. */
  readonly end: () => Promise<void>;
  readonly onClose: () => void;
}

/** Asks, and ends the chat. */
export function EndChat({ end, onClose }: EndChatProps) {
  const [busy, setBusy] = useState(false);
  const [fault, setFault] = useState<string | null>(null);
  const yes = async () => {
    setBusy(true);
    setFault(null);
    try {
      await end();
      onClose();
    } catch (thrown) {
      setFault(tSeldom("chat.end.failed", { reason: faultText(thrown) }));
      setBusy(false);
    }
  };
  return (
    <Question
      title={tSeldom("chat.end.heading")}
      yes={t("chat.end")}
      no={tSeldom("chat.end.no")}
      danger
      busy={busy}
      onYes={() => void yes()}
      onNo={onClose}
    >
      <p>{tSeldom("chat.end.reason")}</p>
      {fault === null ? null : (
        <p class="notice danger" role="alert">
          {fault}
        </p>
      )}
    </Question>
  );
}
