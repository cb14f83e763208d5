/** The search above the list, and how far it has come: the browser does it, so it takes its time and says so. */
import { useEffect, useRef } from "preact/hooks";
import { say } from "../i18n/t.ts";
import { sayDesk } from "../i18n/tDesk.ts";
import { dateWords } from "../i18n/when.ts";
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
      <span>{sayDesk("links.search")}</span>
      <input
        type="search"
        class="input"
        dir="auto"
        autocomplete="off"
        {...EXACT}
        value={model.search.words.value}
        onInput={(event) => void model.search.look(event.currentTarget.value)}
      />
    </label>
  );
}

export function SearchProgress({ model, found, announce }: LinkSearchProps) {
  const search = model.search.state.value;
  const state = search.kind === "off" ? null : search.state;
  const words = search.kind === "off" ? "" : progressWords(search, found);
  // What stood there when the page opened was said before; so was what a second reading of the same comes to as well.
  const outcome = `${model.search.words.value}\n${words}`;
  const said = useRef(state === "searching" ? "" : outcome);
  useEffect(() => {
    if (state === null || state === "searching" || said.current === outcome) return;
    said.current = outcome;
    if (words) announce(words);
  }, [state]);
  if (search.kind === "off") return null;
  return (
    <div class="search-progress">
      <div>
        <p class="quiet-text">{words}</p>
        {state === "failed" ? <p class="field-error">{sayDesk("links.search.failed")}</p> : null}
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
        {sayDesk("links.search.stop")}
      </button>
    );
  }
  return (
    <button type="button" class="button" onClick={() => void model.search.further()}>
      {search.state === "failed" ? say("action.again") : sayDesk("links.search.further")}
    </button>
  );
}

type Running = Extract<LinksModel["search"]["state"]["value"], { kind: "on" }>;

function progressWords({ state, searched, backTo }: Running, found: number): string {
  if (state === "done") return sayDesk("links.search.all", { count: searched, found });
  // Stopped before anything was read, there is nothing to say of it.
  if (backTo === null) return state === "searching" ? sayDesk("links.search.begins") : "";
  return sayDesk("links.search.progress", { count: searched, date: dateWords(backTo), found });
}
