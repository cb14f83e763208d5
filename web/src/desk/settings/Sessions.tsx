/** Where the agent is signed in, and how to end that. */
import { useState } from "preact/hooks";
import type { Schemas } from "../../api/wire.ts";
import { faultText } from "../../i18n/deskFault.ts";
import { tDesk } from "../../i18n/tDesk.ts";
import { instantText } from "../../i18n/when.ts";
import { RowsOf } from "./RowsOf.tsx";
import type { SettingsModel } from "./SettingsModel.ts";

interface SessionsProps {
  readonly model: SettingsModel;
}

export function Sessions({ model }: SessionsProps) {
  const [failed, setFailed] = useState<string | null>(null);
  const end = (ref: string) => {
    setFailed(null);
    model.endSession(ref).catch((fault: unknown) => {
      setFailed(tDesk("settings.sessions.end.failed", { reason: faultText(fault) }));
    });
  };
  return (
    <section class="card" aria-labelledby="settings-sessions">
      <h2 id="settings-sessions">{tDesk("settings.sessions")}</h2>
      {failed === null ? null : (
        <p class="notice danger" role="alert">
          {failed}
        </p>
      )}
      <RowsOf rows={model.sessions.value} failed="settings.sessions.failed" onAgain={() => void model.load()}>
        {(rows) => (
          <ul class="rows" aria-labelledby="settings-sessions">
            {rows.map((row) => (
              <SessionItem key={row.ref} row={row} onEnd={() => end(row.ref)} />
            ))}
          </ul>
        )}
      </RowsOf>
    </section>
  );
}

function SessionItem({ row, onEnd }: { readonly row: Schemas["SessionRow"]; readonly onEnd: () => void }) {
  const since = instantText(Date.parse(row.createdAt));
  const used = instantText(Date.parse(row.usedAt));
  return (
    <li class="row">
      <div class="row-main">
        <p class="row-name">
          {tDesk(`settings.device.${row.device}`)}
          {row.current ? <span class="tag">{tDesk("settings.sessions.current")}</span> : null}
        </p>
        <p class="quiet-text">{tDesk("settings.sessions.since", { since, used })}</p>
      </div>
      {row.current ? null : (
        <div class="actions row-actions">
          <button type="button" class="button" onClick={onEnd}>
            {tDesk("settings.sessions.end")}
          </button>
        </div>
      )}
    </li>
  );
}
