/** Where another browser became the customer: agents see it, and whether they can read what follows. */
import { say } from "../say/say.ts";
import { instantWords } from "../say/when.ts";
import type { Seats } from "./seats.ts";

interface SeatDividerProps {
  readonly seat: number;
  readonly seats: Seats;
}

/** A line across the thread. */
export function SeatDivider({ seat, seats }: SeatDividerProps) {
  const shown = seats.shown.value.find(({ number }) => number === seat);
  if (!shown) return null;
  const time = instantWords(shown.openedAt);
  return (
    <div class="divider seat">
      <p>{seat === 1 ? say("chat.seat.first", { time }) : say("chat.seat.later", { time })}</p>
      {shown.readable ? null : <p class="notice warn">{say("chat.seat.unreadable")}</p>}
    </div>
  );
}
