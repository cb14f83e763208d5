/** One link of the list. */
import type { ReadonlySignal } from "@preact/signals";
import type { LinkRow } from "../api/wire.ts";
import type { OpenedLink } from "../crypto/vaultApi.ts";
import { sayDesk } from "../say/desk.ts";
import { instantWords } from "../say/when.ts";
import { LinkState } from "./LinkState.tsx";
import type { LinksModel } from "./LinksModel.ts";
import { stateAt } from "./lifetime.ts";
import { RevokeButton } from "./RevokeButton.tsx";

interface LinkItemProps {
  readonly model: LinksModel;
  readonly row: LinkRow;
  readonly now: ReadonlySignal<number>;
}

export function LinkItem({ model, row, now }: LinkItemProps) {
  const label = model.labelOf(row);
  const opened = model.opened.value.get(row.idHash);
  return (
    <li class="row">
      <div class="row-main">
        <LinkState row={row} now={now} />
        <p class="row-name">
          {label ? (
            <>
              <bdi>{label}</bdi> <span class="quiet-text">·</span>{" "}
            </>
          ) : null}
          <bdi class={label ? "quiet-text" : ""}>{row.chatId}</bdi>
        </p>
        <p class="quiet-text">{sayDesk("links.made", { time: instantWords(Date.parse(row.createdAt)) })}</p>
        <Remarks row={row} opened={opened} valid={stateAt(row, now.value) === "valid"} />
      </div>
      <div class="actions row-actions">
        <ItemActions model={model} row={row} now={now} opened={opened} />
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
        <p class="remark warn">{sayDesk("links.attempts", { count: row.laterAttempts })}</p>
      ) : null}
      {valid && opened?.kind === "plain" ? <p class="quiet-text">{sayDesk("links.plain")}</p> : null}
      {valid && opened?.kind === "made_by_key" ? (
        <p class="quiet-text">{sayDesk("links.made_by_key")}</p>
      ) : null}
      {opened?.kind === "refused" ? <p class="remark danger">{sayDesk("links.refused")}</p> : null}
    </>
  );
}

function ItemActions({
  model,
  row,
  now,
  opened,
}: LinkItemProps & { readonly opened: OpenedLink | undefined }) {
  const valid = stateAt(row, now.value) === "valid";
  const onShow = model.shown.value.kind === "shown" && model.shown.value.link.ref === row.ref;
  return (
    <>
      {row.isUsed ? (
        <a class="button" href={`/partners/chats/${row.chatRef}`}>
          {sayDesk("links.open_chat")}
        </a>
      ) : null}
      {valid && opened?.kind === "shown" && !onShow ? (
        <button type="button" class="button" onClick={() => model.showAgain(row)}>
          {sayDesk("links.show")}
        </button>
      ) : null}
      {(valid && opened?.kind === "shown") || !model.mayReissue(row) ? null : (
        <button type="button" class="button" onClick={() => void model.reissue(row)}>
          {sayDesk("links.reissue")}
        </button>
      )}
      {valid ? <RevokeButton model={model} row={row} /> : null}
    </>
  );
}
