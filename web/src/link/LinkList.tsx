/** Every link of the partner, newest first, changing as it happens. */
import { type ReadonlySignal, useComputed } from "@preact/signals";
import type { LinkRow } from "../api/wire.ts";
import { faultText } from "../i18n/deskFault.ts";
import { t } from "../i18n/t.ts";
import { tDesk } from "../i18n/tDesk.ts";
import { More } from "../ui/More.tsx";
import { Wicket } from "../ui/Wicket.tsx";
import { SearchField, SearchProgress } from "./LinkFinder.tsx";
import { LinkItem } from "./LinkItem.tsx";
import type { LinksModel } from "./LinksModel.ts";
import type { LinkState } from "./lifetime.ts";

const FILTERS = ["valid", "used", "expired", "revoked"] as const;

interface LinkListProps {
  readonly model: LinksModel;
  readonly now: ReadonlySignal<number>;
  readonly announce: (sentence: string) => void;
}

export function LinkList({ model, now, announce }: LinkListProps) {
  const searching = model.search.state.value.kind === "on";
  const hits = useComputed(() => model.hitsAt(now)).value;
  return (
    <section class="link-list" aria-labelledby="link-list-heading">
      <div class="link-list-head">
        <h2 id="link-list-heading">{tDesk("links.list")}</h2>
        {isBare(model) ? null : (
          <div class="link-list-tools">
            <SearchField model={model} />
            <Filter model={model} />
          </div>
        )}
      </div>
      {searching ? (
        <>
          <SearchProgress model={model} found={hits.length} announce={announce} />
          <RowList model={model} rows={hits} now={now} />
        </>
      ) : (
        <Rows model={model} now={now} />
      )}
    </section>
  );
}

/** Whether there is nothing that one could look for. */
function isBare({ rows, search }: LinksModel): boolean {
  const list = rows.state.value;
  const empty = list.kind === "ready" && list.rows.length === 0;
  return empty && rows.filter.value === null && search.state.value.kind === "off";
}

function Filter({ model }: Pick<LinkListProps, "model">) {
  return (
    <label class="filter">
      <span>{tDesk("links.filter")}</span>
      <select
        class="input"
        value={model.rows.filter.value ?? ""}
        onChange={(event) => void model.choose(filterOf(event.currentTarget.value))}
      >
        <option value="">{tDesk("links.filter.all")}</option>
        {FILTERS.map((state) => (
          <option key={state} value={state}>
            {tDesk(`links.state.${state}`)}
          </option>
        ))}
      </select>
    </label>
  );
}

function filterOf(value: string): LinkState | null {
  return FILTERS.find((state) => state === value) ?? null;
}

type RowsProps = Omit<LinkListProps, "announce">;

function RowList({ model, rows, now }: RowsProps & { readonly rows: readonly LinkRow[] }) {
  if (rows.length === 0) return null;
  return (
    <ul class="rows" aria-labelledby="link-list-heading">
      {rows.map((row) => (
        <LinkItem key={row.ref} model={model} row={row} now={now} />
      ))}
    </ul>
  );
}

function Rows({ model, now }: RowsProps) {
  const list = model.rows.state.value;
  switch (list.kind) {
    case "loading":
      return <p class="quiet-text">{tDesk("desk.loading")}</p>;
    case "failed":
      return (
        <div class="notice danger" role="alert">
          <p>{tDesk("links.list.failed")}</p>
          <p>{faultText(list.fault)}</p>
          <button type="button" class="button" onClick={() => void model.choose(model.rows.filter.value)}>
            {t("action.again")}
          </button>
        </div>
      );
    case "ready":
      if (list.rows.length === 0) return <Empty filtered={model.rows.filter.value !== null} />;
      return (
        <>
          <RowList model={model} rows={list.rows} now={now} />
          {list.next === null ? null : <More state={list.more} onMore={() => void model.rows.more()} />}
        </>
      );
    default:
      return list satisfies never;
  }
}

function Empty({ filtered }: { readonly filtered: boolean }) {
  if (filtered) return <p class="quiet-text">{tDesk("links.empty.filtered")}</p>;
  return (
    <div class="empty">
      <Wicket state="valid" size="medium" />
      <h3>{tDesk("links.empty.heading")}</h3>
      <p class="quiet-text">{tDesk("links.empty.reason")}</p>
    </div>
  );
}
