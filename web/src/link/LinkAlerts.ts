/** Somebody tried a link that another had used: said once, and in sight until it is dismissed. */
import { type Signal, signal } from "@preact/signals";
import type { LinkRow } from "../api/wire.ts";

export interface LinkAlert {
  readonly row: LinkRow;
  /** The link's label, or the name of its chat. */
  readonly name: string;
  /** When it was tried last, in Unix milliseconds. */
  readonly at: number;
}

export class LinkAlerts {
  /** The newest first. */
  readonly alerts: Signal<readonly LinkAlert[]> = signal([]);
  /** When each link was tried last, as far as it was told. */
  readonly #told = new Map<string, number>();

  constructor(private readonly announce: (alert: LinkAlert) => void) {}

  /**
   * Somebody tried a link. The winner's own retry changes nothing, so it never comes here. Where the line broke before
   * the server could say how far it was, it tells the same once more.
   */
  tried(row: LinkRow, name: string, at: number): void {
    if (at <= (this.#told.get(row.ref) ?? 0)) return;
    this.#told.set(row.ref, at);
    const alert = { row, name, at };
    const known = this.alerts.value.some((other) => other.row.ref === row.ref);
    this.alerts.value = [alert, ...this.alerts.value.filter((other) => other.row.ref !== row.ref)];
    // Who tries over and over is not worth a sentence each time.
    if (!known) this.announce(alert);
  }

  dismiss(alert: LinkAlert): void {
    this.alerts.value = this.alerts.value.filter((other) => other.row.ref !== alert.row.ref);
  }
}
