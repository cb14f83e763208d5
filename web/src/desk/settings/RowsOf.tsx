/** Rows that are read when a page opens: loading, failed, or there. */
import type { ComponentChildren } from "preact";
import { say } from "../../i18n/t.ts";
import { type DeskKey, faultWords, sayDesk } from "../../i18n/tDesk.ts";
import type { Rows } from "./SettingsModel.ts";

interface RowsOfProps<Row> {
  readonly rows: Rows<Row>;
  readonly failed: DeskKey;
  readonly onAgain: () => void;
  readonly children: (rows: readonly Row[]) => ComponentChildren;
}

export function RowsOf<Row>({ rows, failed, onAgain, children }: RowsOfProps<Row>) {
  switch (rows.kind) {
    case "loading":
      return <p class="quiet-text">{sayDesk("desk.loading")}</p>;
    case "failed":
      return (
        <div class="notice danger" role="alert">
          <p>{sayDesk(failed)}</p>
          <p>{faultWords(rows.fault)}</p>
          <button type="button" class="button" onClick={onAgain}>
            {say("action.again")}
          </button>
        </div>
      );
    case "ready":
      return <>{children(rows.rows)}</>;
    default:
      return rows satisfies never;
  }
}
