/** Where a link stands: the wicket, the word, and what goes with it. */
import type { ReadonlySignal } from "@preact/signals";
import type { LinkRow } from "../api/wire.ts";
import { locale } from "../i18n/t.ts";
import { tDesk } from "../i18n/tDesk.ts";
import { instantText } from "../i18n/when.ts";
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
      <strong>{tDesk(`links.state.${state}`)}</strong>
      <span class="link-state-more">{more(row, state, now.value)}</span>
    </p>
  );
}

function more(row: LinkRow, state: State, now: number): string {
  switch (state) {
    case "valid":
      return tDesk("links.valid.left", { time: countdown(row.expiresAt, now, locale()) });
    case "used": {
      const time = instantText(Date.parse(row.usedAt ?? row.createdAt));
      const device = row.device ?? "unknown";
      return device === "unknown"
        ? tDesk("links.used.by", { time })
        : tDesk("links.used.at", { time, device: tDesk(`links.device.${device}`) });
    }
    case "expired":
      return instantText(Date.parse(row.expiresAt));
    case "revoked":
      return row.revokedAt ? instantText(Date.parse(row.revokedAt)) : "";
    case "not_found":
      return "";
    default:
      return state satisfies never;
  }
}
