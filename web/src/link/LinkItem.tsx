/** One link of the list. */
import { computed, type ReadonlySignal, useSignalEffect } from "@preact/signals";
import { useMemo } from "preact/hooks";
import type { LinkRow } from "../api/wire.ts";
import type { OpenedLink } from "../crypto/keyWorkerApi.ts";
import { tDesk } from "../i18n/tDesk.ts";
import { instantText } from "../i18n/when.ts";
import { LinkState } from "./LinkState.tsx";
import type { LinksModel } from "./LinksModel.ts";
import { stateAt } from "./lifetime.ts";
import { RevokeButton } from "./RevokeButton.tsx";
import { useSeenClock } from "./sight.ts";

interface LinkItemProps {
  readonly model: LinksModel;
  readonly row: LinkRow;
  readonly now: ReadonlySignal<number>;
}

export function LinkItem({ model, row: known, now }: LinkItemProps) {
  const row = useMemo(() => computed(() => model.standing(known)), [model, known]).value;
  const label = model.labelOf(row);
  const opened = model.opened.of(row);
  const { element, clock } = useSeenClock<HTMLLIElement>(now);
  // Each second asks, and only the end of the link's time draws the row anew; what the server tells counts at once.
  const valid = useMemo(() => computed(() => stateAt(row, clock.value) === "valid"), [row, clock]).value;
  useSignalEffect(() => {
    if (model.pointed.value !== row.ref) return;
    model.pointed.value = null;
    // After the page's heading, which takes the focus when another page led here.
    setTimeout(() => {
      element.current?.scrollIntoView({ block: "center" });
      element.current?.focus();
    });
  });
  return (
    <li ref={element} class="row link-row" tabIndex={-1}>
      <div class="row-main">
        <LinkState row={row} now={clock} />
        <p class="row-name">
          {label ? <bdi translate={false}>{label}</bdi> : null}{" "}
          <bdi translate={false} class={label ? "quiet-text" : ""}>
            {row.chatId}
          </bdi>
        </p>
        <p class="quiet-text">{tDesk("links.made", { time: instantText(Date.parse(row.createdAt)) })}</p>
        <Remarks row={row} opened={opened} valid={valid} />
      </div>
      <div class="actions row-actions">
        <ItemActions model={model} row={row} valid={valid} opened={opened} />
      </div>
    </li>
  );
}

interface RemarksProps {
  readonly row: LinkRow;
  readonly opened: OpenedLink | undefined;
  readonly valid: boolean;
}

function Remarks({ row, opened, valid }: RemarksProps) {
  return (
    <>
      {row.laterAttempts > 0 ? (
        <p class="remark warn">{tDesk("links.attempts", { count: row.laterAttempts })}</p>
      ) : null}
      {valid && opened?.kind === "plain" ? <p class="quiet-text">{tDesk("links.plain")}</p> : null}
      {valid && opened?.kind === "made_by_key" ? (
        <p class="quiet-text">{tDesk("links.made_by_key")}</p>
      ) : null}
      {opened?.kind === "refused" ? <p class="remark danger">{tDesk("links.refused")}</p> : null}
    </>
  );
}

interface ItemActionsProps extends Omit<LinkItemProps, "now"> {
  readonly valid: boolean;
  readonly opened: OpenedLink | undefined;
}

function ItemActions({ model, row, valid, opened }: ItemActionsProps) {
  const onShow = model.shown.value.kind === "shown" && model.shown.value.link.ref === row.ref;
  return (
    <>
      {row.isUsed ? (
        <a class="button" href={`/partners/chats/${row.chatRef}`}>
          {tDesk("links.open_chat")}
        </a>
      ) : null}
      {valid && opened?.kind === "shown" && !onShow ? (
        <button type="button" class="button" onClick={() => model.showAgain(row)}>
          {tDesk("links.show")}
        </button>
      ) : null}
      {(valid && opened?.kind === "shown") || !model.mayReissue(row) ? null : (
        <button type="button" class="button" onClick={() => void model.reissue(row)}>
          {tDesk("links.reissue")}
        </button>
      )}
      {valid ? <RevokeButton model={model} row={row} /> : null}
    </>
  );
}
