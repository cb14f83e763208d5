/** Where a link stands: the wicket, the word, and what goes with it. */
import type { ReadonlySignal } from "@preact/signals";
import type { LinkRow } from "../api/wire.ts";
import { language } from "../i18n/t.ts";
import { sayDesk } from "../i18n/tDesk.ts";
import { instantWords } from "../i18n/when.ts";
import { Wicket, type WicketState } from "../ui/Wicket.tsx";
import { countdown, type LinkState as State, stateAt } from "./lifetime.ts";

const SIGNS: Record<State, WicketState> = {
  valid: "valid",
  used: "shut",
  expired: "dashed",
  revoked: "shut",
  not_found: "dashed",
};

interface LinkStateProps {
  readonly row: LinkRow;
  readonly now: ReadonlySignal<number>;
}

export function LinkState({ row, now }: LinkStateProps) {
  const state = stateAt(row, now.value);
  return (
    <p class={`link-state ${state}`}>
      <Wicket state={SIGNS[state]} size="small" />
      <strong>{sayDesk(`links.state.${state}`)}</strong>
      <span class="link-state-more">{more(row, state, now.value)}</span>
    </p>
  );
}

function more(row: LinkRow, state: State, now: number): string {
  switch (state) {
    case "valid":
      return sayDesk("links.valid.left", { time: countdown(row.expiresAt, now, language()) });
    case "used": {
      const time = instantWords(Date.parse(row.usedAt ?? row.createdAt));
      const device = row.device ?? "unknown";
      return device === "unknown"
        ? sayDesk("links.used.by", { time })
        : sayDesk("links.used.at", { time, device: sayDesk(`links.device.${device}`) });
    }
    case "expired":
      return instantWords(Date.parse(row.expiresAt));
    case "revoked":
      return row.revokedAt ? instantWords(Date.parse(row.revokedAt)) : "";
    case "not_found":
      return "";
    default:
      return state satisfies never;
  }
}
