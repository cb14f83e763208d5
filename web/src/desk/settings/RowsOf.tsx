/** Rows that are read when a page opens: loading, failed, or there. */
import type { ComponentChildren } from "preact";
import { faultText } from "../../i18n/deskFault.ts";
import { t } from "../../i18n/t.ts";
import { type DeskTextKey, tDesk } from "../../i18n/tDesk.ts";
import type { Rows } from "./SettingsModel.ts";

interface RowsOfProps<Row> {
  readonly rows: Rows<Row>;
  readonly failed: DeskTextKey;
  readonly onAgain: () => void;
  readonly children: (rows: readonly Row[]) => ComponentChildren;
}

export function RowsOf<Row>({ rows, failed, onAgain, children }: RowsOfProps<Row>) {
  switch (rows.kind) {
    case "loading":
      return <p class="quiet-text">{tDesk("desk.loading")}</p>;
    case "failed":
      return (
        <div class="notice danger" role="alert">
          <p>{tDesk(failed)}</p>
          <p>{faultText(rows.fault)}</p>
          <button type="button" class="button" onClick={onAgain}>
            {t("action.again")}
          </button>
        </div>
      );
    case "ready":
      return <>{children(rows.rows)}</>;
    default:
      return rows satisfies never;
  }
}
