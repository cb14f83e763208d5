/** Whose keys a chat's messages are sealed with: the own seat on a customer's page, every seat's on the desk. */
import { type ReadonlySignal, signal } from "@preact/signals";
import type { Api } from "../api/api.ts";
import { newer } from "../api/newer.ts";
import type { SeatRow } from "../api/wire.ts";
import type { KeyWorker, OpenedSeat } from "../crypto/keyWorkerApi.ts";

/** A seat as the divider shows it. */
export interface SeatShown {
  readonly number: number;
  readonly openedAt: number;
  readonly device: SeatRow["device"];
  readonly closed: SeatRow["closed"];
  /** Whether its messages can be opened here. */
  readonly readable: boolean;
  /** Who made its link: only `desk` means that the server never had the link's secret. */
  readonly madeBy: "desk" | "key" | "plain" | null;
  /** What agents called its link; null where it could have none, or does not open. */
  readonly label: string | null;
}

/** What a chat needs to know of its seats. */
export interface Seats {
  /** The seat to write to; null while nobody has come. */
  readonly live: ReadonlySignal<number | null>;
  /** Those that are shown as dividers. */
  readonly shown: ReadonlySignal<readonly SeatShown[]>;
  /** Makes sure that these seats' keys are open, as far as they can be. */
  ready(numbers: readonly number[]): Promise<void>;
  /** Takes in the row of a `seat` frame. */
  add(row: SeatRow): Promise<void>;
  /** Learns what was missed while nothing was heard. */
  refresh(): Promise<void>;
}

/** The one seat of a customer's page. */
export function ownSeat(number: number): Seats {
  const known = async () => {};
  return { live: signal(number), shown: signal([]), ready: known, add: known, refresh: known };
}

/** The seats of a chat on the desk. */
export class PartnerSeats implements Seats {
  readonly live = signal<number | null>(null);
  readonly shown = signal<readonly SeatShown[]>([]);
  readonly #api: Pick<Api, "call">;
  readonly #vault: Pick<KeyWorker, "openSeats">;
  readonly #chatRef: string;
  #rows: readonly SeatRow[] | null = null;

  constructor(api: Pick<Api, "call">, keyWorker: Pick<KeyWorker, "openSeats">, chatRef: string) {
    this.#api = api;
    this.#vault = keyWorker;
    this.#chatRef = chatRef;
  }

  /** The rows as the server gave them, for the receipts in them. */
  get rows(): readonly SeatRow[] {
    return this.#rows ?? [];
  }

  /** Reads the seats anew. */
  async refresh(): Promise<void> {
    const options = { path: { chatRef: this.#chatRef } };
    const { seats } = await this.#api.call("GET /api/chats/{chatRef}/seats", options);
    // What was heard while the answer was on its way stays.
    await this.#take(joined(this.rows, seats));
  }

  async add(row: SeatRow): Promise<void> {
    // Nobody tells that the one before is closed by it.
    const before = this.rows.filter(({ number, closed }) => number < row.number && !closed);
    const closed = before.map((other) => ({ ...other, closed: "superseded", rev: other.rev + 1 }) as const);
    await this.#take(joined(this.rows, [...closed, row]));
  }

  async ready(numbers: readonly number[]): Promise<void> {
    const known = new Set(this.rows.map(({ number }) => number));
    if (!this.#rows || !numbers.every((number) => known.has(number))) await this.refresh();
  }

  async #take(rows: readonly SeatRow[]): Promise<void> {
    const opened = await this.#vault.openSeats(rows.filter(({ handshake }) => handshake).map(withHandshake));
    this.#rows = [...rows].sort((left, right) => left.number - right.number);
    const byNumber = new Map(opened.map((seat) => [seat.seat, seat]));
    this.shown.value = this.rows.map((row) => shownSeat(row, byNumber.get(row.number)));
    this.live.value = this.rows.findLast(({ closed, handshake }) => !closed && handshake)?.number ?? null;
  }
}

function joined(known: readonly SeatRow[], rows: readonly SeatRow[]): readonly SeatRow[] {
  const byNumber = new Map(known.map((row) => [row.number, row]));
  for (const row of rows) byNumber.set(row.number, newer(byNumber.get(row.number), row));
  return [...byNumber.values()];
}

function withHandshake(row: SeatRow) {
  return { ...row, handshake: row.handshake ?? null };
}

function shownSeat(row: SeatRow, opened: OpenedSeat | undefined): SeatShown {
  const open = opened?.kind === "open" ? opened : null;
  return {
    number: row.number,
    openedAt: Date.parse(row.openedAt),
    device: row.device,
    closed: row.closed,
    readable: open !== null || !row.handshake,
    madeBy: open?.madeBy ?? null,
    label: open?.label ?? null,
  };
}
