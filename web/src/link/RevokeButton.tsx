/** Ends a link after a plain question. */
import { useState } from "preact/hooks";
import type { LinkRow } from "../api/wire.ts";
import { faultWords, sayDesk } from "../say/desk.ts";
import { Question } from "../ui/Dialog.tsx";
import type { LinksModel } from "./LinksModel.ts";

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
    try {
      await model.revoke(row);
      setAsking(false);
    } catch (fault) {
      setFailed(sayDesk("links.revoke.failed", { reason: faultWords(fault) }));
    }
    setBusy(false);
  };
  return (
    <>
      <button type="button" class="button danger" onClick={() => setAsking(true)}>
        {sayDesk("links.revoke")}
      </button>
      {asking ? (
        <Question
          title={sayDesk("links.revoke.heading")}
          yes={sayDesk("links.revoke")}
          no={sayDesk("links.revoke.no")}
          danger
          busy={busy}
          onYes={() => void revoke()}
          onNo={() => setAsking(false)}
        >
          <p>{sayDesk("links.revoke.reason")}</p>
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
