/** Where the link on show stands. */
import type { ReadonlySignal } from "@preact/signals";
import { locale } from "../i18n/t.ts";
import { tDesk } from "../i18n/tDesk.ts";
import { Wicket } from "../ui/Wicket.tsx";
import { LinkState } from "./LinkState.tsx";
import type { LinksModel, ShownLink } from "./LinksModel.ts";
import { countdown, stateAt } from "./lifetime.ts";

interface LinkStatusProps {
  readonly model: LinksModel;
  readonly link: ShownLink;
  readonly now: ReadonlySignal<number>;
}

/** Where the link stands: as the server told, or by its time alone. */
export function LinkStatus({ model, link, now }: LinkStatusProps) {
  const row = model.shownRow.value;
  if (row) return <LinkState row={row} now={now} />;
  if (isSpent(model, link, now.value)) {
    return (
      <p class="link-state expired">
        <Wicket state="dashed" size="small" />
        <strong>{tDesk("links.state.expired")}</strong>
      </p>
    );
  }
  const time = countdown(link.expiresAt, now.value, locale());
  return <p class="link-state valid">{tDesk("links.shown.valid", { time })}</p>;
}

/** Whether nobody can use the link on show any more. The row is not here before the server told of it. */
export function isSpent(model: LinksModel, link: ShownLink, now: number): boolean {
  const row = model.shownRow.value;
  return stateAt(row ?? { state: "valid", expiresAt: link.expiresAt }, now) !== "valid";
}
