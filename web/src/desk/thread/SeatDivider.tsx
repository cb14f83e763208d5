/** Where another browser became the customer: agents see it, and whether they can read what follows. */
import type { Seats } from "../../chat/seats.ts";
import { tDesk } from "../../i18n/tDesk.ts";
import { momentText } from "../../i18n/when.ts";

interface SeatDividerProps {
  readonly seat: number;
  readonly seats: Seats;
}

/** A line across the thread. */
export function SeatDivider({ seat, seats }: SeatDividerProps) {
  const shown = seats.shown.value.find(({ number }) => number === seat);
  if (!shown) return null;
  const time = momentText(shown.openedAt, Date.now());
  return (
    <div class="divider seat">
      <p class={seat === 1 ? "divider-line first" : "divider-line"}>
        {seat === 1 ? tDesk("chat.seat.first", { time }) : tDesk("chat.seat.later", { time })}
      </p>
      {shown.readable ? null : <p class="notice warn">{tDesk("chat.seat.unreadable")}</p>}
    </div>
  );
}
