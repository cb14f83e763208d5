/** The question before a chat ends. */
import { useState } from "preact/hooks";
import { faultWords } from "../i18n/fault.ts";
import { say } from "../i18n/t.ts";
import { saySeldom } from "../i18n/tSeldom.ts";
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
      setFault(saySeldom("chat.end.failed", { reason: faultWords(thrown) }));
      setBusy(false);
    }
  };
  return (
    <Question
      title={saySeldom("chat.end.heading")}
      yes={say("chat.end")}
      no={saySeldom("chat.end.no")}
      danger
      busy={busy}
      onYes={() => void yes()}
      onNo={onClose}
    >
      <p>{saySeldom("chat.end.reason")}</p>
      {fault === null ? null : (
        <p class="notice danger" role="alert">
          {fault}
        </p>
      )}
    </Question>
  );
}
