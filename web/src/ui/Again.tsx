/** What can be done about something that did not load. */
import { online } from "../api/pageLife.ts";
import { CryptoFailure } from "../crypto/failure.ts";
import { t } from "../i18n/t.ts";

interface AgainProps {
  readonly fault: unknown;
  readonly main?: boolean;
  readonly onAgain: () => void;
}

/** Tries again; where a part of the page is missing, that may never help, and the whole page is loaded anew. */
export function Again({ fault, main, onAgain }: AgainProps) {
  const kind = main ? "button main wide" : "button";
  const missing = online() && fault instanceof CryptoFailure && fault.code === "not_loaded";
  return (
    <button type="button" class={kind} onClick={missing ? () => location.reload() : onAgain}>
      {t(missing ? "action.reload" : "action.again")}
    </button>
  );
}
