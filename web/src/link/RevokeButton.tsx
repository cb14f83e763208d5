/** Ends a link after a plain question. */
import { useState } from "preact/hooks";
import type { LinkRow } from "../api/wire.ts";
import { faultText } from "../i18n/deskFault.ts";
import { tDesk } from "../i18n/tDesk.ts";
import { announce } from "../ui/announcer.ts";
import { Question } from "../ui/Dialog.tsx";
import { isOver, type LinksModel } from "./LinksModel.ts";

interface RevokeButtonProps {
  readonly model: LinksModel;
  readonly row: LinkRow;
}

export function RevokeButton({ model, row }: RevokeButtonProps) {
  const [asking, setAsking] = useState(false);
  const [busy, setBusy] = useState(false);
  const [failed, setFailed] = useState<string | null>(null);
  const revoke = async () => {
    setBusy(true);
    setFailed(null);
    try {
      await model.revoke(row);
      setAsking(false);
    } catch (fault) {
      const text = tDesk("links.revoke.failed", { reason: faultText(fault) });
      setFailed(text);
      // The row says how it stands, and the question goes with its button.
      if (isOver(fault)) announce(text);
    }
    setBusy(false);
  };
  return (
    <>
      <button
        type="button"
        class="button danger"
        onClick={() => {
          setFailed(null);
          setAsking(true);
        }}
      >
        {tDesk("links.revoke")}
      </button>
      {asking ? (
        <Question
          title={tDesk("links.revoke.heading")}
          yes={tDesk("links.revoke")}
          no={tDesk("links.revoke.no")}
          danger
          busy={busy}
          onYes={() => void revoke()}
          onNo={() => setAsking(false)}
        >
          <p>{tDesk("links.revoke.reason")}</p>
          {failed === null ? null : (
            <p class="notice danger" role="alert">
              {failed}
            </p>
          )}
        </Question>
      ) : null}
    </>
  );
}
