/** How a page may draw attention, as the person chooses: by a sound, by notifications of the browser. */
import { type Signal, signal } from "@preact/signals";
import type { Choices } from "./choices.ts";

/** Whether there are notifications. */
export type Alerting =
  /** This browser shows none for pages. */
  | "none"
  | "off"
  /** The browser asks the person. */
  | "asking"
  | "on"
  /** The person did not say. */
  | "unanswered"
  /** The browser keeps them back. */
  | "denied";

/** What the browser says about notifications. */
export interface Permission {
  /** Null where there are none. */
  now(): NotificationPermission | null;
  /** Asks the person. */
  ask(): Promise<NotificationPermission>;
}

/** The choices of one page. */
export class NotifyModel {
  readonly sound: Signal<boolean>;
  readonly alerts: Signal<Alerting>;
  readonly #choices: Choices;
  readonly #permission: Permission;
  readonly #ring: () => void;

  /** `ring` lets the sound be heard. */
  constructor(choices: Choices, permission: Permission, ring: () => void) {
    this.#choices = choices;
    this.#permission = permission;
    this.#ring = ring;
    this.sound = signal(choices.get("sound") !== "off");
    this.alerts = signal(alertingOf(permission.now(), choices.get("alerts")));
  }

  /** Switches the sound; whoever wants it hears what it is. */
  chooseSound(on: boolean): void {
    this.#choices.set("sound", on ? "on" : "off");
    this.sound.value = on;
    if (on) this.#ring();
  }

  /** Switches notifications: only this press asks the browser for them. */
  async chooseAlerts(on: boolean): Promise<void> {
    if (!on) {
      this.#choices.set("alerts", "off");
      this.alerts.value = "off";
      return;
    }
    this.alerts.value = "asking";
    const answer = await this.#permission.ask().catch(() => "default" as const);
    this.#choices.set("alerts", answer === "granted" ? "on" : "off");
    this.alerts.value = answer === "default" ? "unanswered" : alertingOf(answer, "on");
  }
}

function alertingOf(permission: NotificationPermission | null, chosen: string | null): Alerting {
  if (permission === null) return "none";
  if (chosen === "off") return "off";
  if (permission === "denied") return "denied";
  return chosen === "on" && permission === "granted" ? "on" : "off";
}

/** This browser's. */
export const browserPermission: Permission = {
  now: () => (canNotify() ? Notification.permission : null),
  ask: () => Notification.requestPermission(),
};

/**
 * Whether what this browser keeps back is allowed in its settings: Safari and what else is made of WebKit have nothing for
 * it beside the address. https://html.spec.whatwg.org/multipage/system-state.html#dom-navigator-vendor
 */
export function allowsInSettings(): boolean {
  return navigator.vendor.startsWith("Apple");
}

// Chrome on Android has the name, but lets only service workers use it. Until somebody allows them, to try shows nothing.
// https://crbug.com/481856: the second half can go when that is closed.
function canNotify(): boolean {
  if (!("Notification" in globalThis)) return false;
  // Once they are allowed, to try would show one: then only the browser's name tells.
  if (Notification.permission === "granted") return !/Android.+Chrome/.test(navigator.userAgent);
  try {
    new Notification("").close();
    return true;
  } catch {
    return false;
  }
}
