/** Two switches: a sound, and notifications of the browser with what it says about them. */
import type { ComponentChildren } from "preact";
import { useEffect } from "preact/hooks";
import { type SeldomKey, saySeldom } from "../i18n/tSeldom.ts";
import { announce } from "./announcer.ts";
import { type Alerting, allowsInSettings, type NotifyModel } from "./notify.ts";

export function NotifyChoices({ model }: { readonly model: NotifyModel }) {
  const alerts = model.alerts.value;
  const words = wordsOf(alerts);
  useEffect(() => {
    if (words) announce(saySeldom(words));
  }, [words]);
  return (
    <div>
      <Switch
        on={model.sound.value}
        words="notify.sound"
        hint="notify.sound.hint"
        onSwitch={(on) => model.chooseSound(on)}
      />
      {alerts === "none" ? null : (
        <Switch
          on={alerts === "on"}
          words="notify.alerts"
          hint="notify.alerts.hint"
          onSwitch={(on) => void model.chooseAlerts(on)}
        >
          {words ? <span class="notice warn check-hint">{saySeldom(words)}</span> : null}
        </Switch>
      )}
    </div>
  );
}

interface SwitchProps {
  readonly on: boolean;
  readonly words: SeldomKey;
  readonly hint: SeldomKey;
  readonly onSwitch: (on: boolean) => void;
  readonly children?: ComponentChildren;
}

function Switch({ on, words, hint, onSwitch, children }: SwitchProps) {
  return (
    <label class="check">
      <input type="checkbox" checked={on} onChange={(event) => onSwitch(event.currentTarget.checked)} />
      <span>
        {saySeldom(words)}
        <span class="check-hint quiet-text">{saySeldom(hint)}</span>
        {children}
      </span>
    </label>
  );
}

function wordsOf(alerts: Alerting): SeldomKey | null {
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
