/** The search above the list, and how far it has come: the browser does it, so it takes its time and says so. */
import { useEffect, useRef } from "preact/hooks";
import { t } from "../i18n/t.ts";
import { tDesk } from "../i18n/tDesk.ts";
import { dateText } from "../i18n/when.ts";
import { EXACT } from "../ui/Field.tsx";
import type { LinksModel } from "./LinksModel.ts";

interface LinkSearchProps {
  readonly model: LinksModel;
  /** How many rows the filter lets through. */
  readonly found: number;
  readonly announce: (sentence: string) => void;
}

export function SearchField({ model }: Pick<LinkSearchProps, "model">) {
  return (
    <label class="filter search">
      <span>{tDesk("links.search")}</span>
      <input
        type="search"
        class="input"
        dir="auto"
        autocomplete="off"
        {...EXACT}
        value={model.search.query.value}
        onInput={(event) => void model.search.find(event.currentTarget.value)}
      />
    </label>
  );
}

export function SearchProgress({ model, found, announce }: LinkSearchProps) {
  const search = model.search.state.value;
  const state = search.kind === "off" ? null : search.state;
  const progress = search.kind === "off" ? "" : progressText(search, found);
  // What stood there when the page opened was said before; so was what a second reading of the same comes to as well.
  const outcome = `${model.search.query.value}\n${progress}`;
  const announced = useRef(state === "searching" ? "" : outcome);
  useEffect(() => {
    if (state === null || state === "searching" || announced.current === outcome) return;
    announced.current = outcome;
    if (progress) announce(progress);
  }, [state]);
  if (search.kind === "off") return null;
  return (
    <div class="search-progress">
      <div>
        <p class="quiet-text">{progress}</p>
        {state === "failed" ? <p class="field-error">{tDesk("links.search.failed")}</p> : null}
      </div>
      <Next model={model} />
    </div>
  );
}

function Next({ model }: Pick<LinkSearchProps, "model">) {
  const search = model.search.state.value;
  if (search.kind === "off" || search.state === "done") return null;
  if (search.state === "searching") {
    return (
      <button type="button" class="button" onClick={() => model.search.stop()}>
        {tDesk("links.search.stop")}
      </button>
    );
  }
  return (
    <button type="button" class="button" onClick={() => void model.search.further()}>
      {search.state === "failed" ? t("action.again") : tDesk("links.search.further")}
    </button>
  );
}

type Running = Extract<LinksModel["search"]["state"]["value"], { kind: "on" }>;

function progressText({ state, searched, backTo }: Running, found: number): string {
  if (state === "done") return tDesk("links.search.all", { count: searched, found });
  // Stopped before anything was read, there is nothing to say of it.
  if (backTo === null) return state === "searching" ? tDesk("links.search.begins") : "";
  return tDesk("links.search.progress", { count: searched, date: dateText(backTo), found });
}
