/** Looking for a chat: the field, the choice of those that wait, and how far the search has come. */
import { useEffect } from "preact/hooks";
import { t } from "../../i18n/t.ts";
import { tDesk } from "../../i18n/tDesk.ts";
import { composing } from "../../ui/composing.ts";
import { EXACT } from "../../ui/Field.tsx";
import { FIND } from "../shell/shortcuts.ts";
import type { InboxModel } from "./InboxModel.ts";
import type { InboxSearch } from "./InboxSearch.ts";
import { firstRow } from "./rowFocus.ts";

export function InboxFinder({ search }: { readonly search: InboxSearch }) {
  const key = (event: KeyboardEvent) => {
    if (composing(event)) return;
    if (event.key === "ArrowDown" || event.key === "Enter") {
      const row = firstRow();
      if (!row) return;
      event.preventDefault();
      if (event.key === "Enter") row.click();
      else row.focus();
    } else if (event.key === "Escape" && search.query.peek() !== "") {
      event.preventDefault();
      search.find("");
    }
  };
  return (
    <search class="inbox-find">
      <input
        id={FIND}
        class="input"
        type="search"
        dir="auto"
        aria-label={tDesk("inbox.find")}
        aria-keyshortcuts="/ Control+K"
        placeholder={tDesk("inbox.find")}
        autocomplete="off"
        {...EXACT}
        value={search.query.value}
        onInput={(event) => search.find(event.currentTarget.value)}
        onKeyDown={key}
      />
      <label class="inbox-waiting">
        <input
          type="checkbox"
          checked={search.waiting.value}
          onChange={(event) => search.onlyWaiting(event.currentTarget.checked)}
        />
        <span>{tDesk("inbox.waits.only")}</span>
      </label>
    </search>
  );
}

interface ProgressProps {
  readonly model: InboxModel;
  readonly announce: (sentence: string) => void;
}

/** What was found, how far the pages were read, and a way to stop or go on. */
export function Progress({ model, announce }: ProgressProps) {
  const { search, chats } = model;
  const state = search.state.value;
  const found = search.hits.value.length;
  const active = search.active.value;
  // Said once, when everything was read; while one types, the rows speak for themselves.
  useEffect(() => {
    if (active && state === "done") announce(foundText(found));
  }, [active, state, found]);
  if (!active) return null;
  return (
    <div class="inbox-progress">
      <p class="quiet-text">
        {foundText(found)}
        {state === "done" ? "" : ` · ${tDesk("inbox.searched", { count: chats.value.length })}`}
      </p>
      {state === "failed" ? <p class="field-error">{tDesk("desk.more.failed")}</p> : null}
      <Act search={search} />
    </div>
  );
}

function Act({ search }: { readonly search: InboxSearch }) {
  const state = search.state.value;
  switch (state) {
    case "searching":
      return (
        <button type="button" class="button bare" onClick={() => search.stop()}>
          {tDesk("inbox.find.stop")}
        </button>
      );
    case "stopped":
    case "full":
    case "failed":
      return (
        <button type="button" class="button bare" onClick={() => void search.further()}>
          {state === "failed" ? t("action.again") : tDesk("inbox.find.on")}
        </button>
      );
    case "off":
    case "done":
      return null;
    default:
      return state satisfies never;
  }
}

function foundText(count: number): string {
  return count === 0 ? tDesk("inbox.found.none") : tDesk("inbox.found", { count });
}
