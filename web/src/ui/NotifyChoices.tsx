/** Two switches: a sound, and notifications of the browser with what it says about them. */
import type { ComponentChildren } from "preact";
import { useEffect } from "preact/hooks";
import { type SeldomTextKey, tSeldom } from "../i18n/tSeldom.ts";
import { announce } from "./announcer.ts";
import { type Alerting, allowsInSettings, type NotifyModel } from "./notify.ts";

export function NotifyChoices({ model }: { readonly model: NotifyModel }) {
  const alerts = model.alerts.value;
  const hintKey = hintKeyOf(alerts);
  useEffect(() => {
    if (hintKey) announce(tSeldom(hintKey));
  }, [hintKey]);
  return (
    <div>
      <Switch
        on={model.sound.value}
        label="notify.sound"
        hint="notify.sound.hint"
        onSwitch={(on) => model.chooseSound(on)}
      />
      {alerts === "none" ? null : (
        <Switch
          on={alerts === "on"}
          label="notify.alerts"
          hint="notify.alerts.hint"
          onSwitch={(on) => void model.chooseAlerts(on)}
        >
          {hintKey ? <span class="notice warn check-hint">{tSeldom(hintKey)}</span> : null}
        </Switch>
      )}
    </div>
  );
}

interface SwitchProps {
  readonly on: boolean;
  readonly label: SeldomTextKey;
  readonly hint: SeldomTextKey;
  readonly onSwitch: (on: boolean) => void;
  readonly children?: ComponentChildren;
}

function Switch({ on, label, hint, onSwitch, children }: SwitchProps) {
  return (
    <label class="check">
      <input type="checkbox" checked={on} onChange={(event) => onSwitch(event.currentTarget.checked)} />
      <span>
        {tSeldom(label)}
        <span class="check-hint quiet-text">{tSeldom(hint)}</span>
        {children}
      </span>
    </label>
  );
}

function hintKeyOf(alerts: Alerting): SeldomTextKey | null {
  switch (alerts) {
    case "none":
    case "off":
    case "on":
      return null;
    case "asking":
      return "notify.asking";
    case "unanswered":
      return "notify.unanswered";
    case "denied":
      return allowsInSettings() ? "notify.denied.settings" : "notify.denied";
    default:
      return alerts satisfies never;
  }
}
