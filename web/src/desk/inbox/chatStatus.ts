/** How a chat stands, in words. */
import type { ChatRow } from "../../api/wire.ts";
import { once } from "../../i18n/once.ts";
import { language } from "../../i18n/t.ts";
import { sayDesk } from "../../i18n/tDesk.ts";
import { instantWords, relativeWords } from "../../i18n/when.ts";

const MINUTE = 60_000;

/** The one thing to know about a chat besides that its customer is there; nothing where that says it all. */
export function chatStatusText(chat: ChatRow, now: number): string {
  if (chat.endedAt) return sayDesk("inbox.ended");
  if (chat.askedAt) return sayDesk("inbox.asks");
  if (chat.waitingSince) return waitingWords(now - Date.parse(chat.waitingSince));
  if (chat.seats === 0) return sayDesk("inbox.nobody");
  if (chat.online) return "";
  const active = Date.parse(chat.activeAt);
  // Seconds that run in every row are only unrest.
  return sayDesk("inbox.answered", { time: relativeWords(now - active < MINUTE ? now : active, now) });
}

/** Who ended a chat, and when. */
export function endedWords(chat: ChatRow): string {
  const time = instantWords(Date.parse(chat.endedAt ?? chat.activeAt));
  return sayDesk(chat.endedBy === "customer" ? "thread.ended.customer" : "thread.ended.us", { time });
}

function waitingWords(span: number): string {
  if (span < MINUTE) return sayDesk("inbox.waits.new");
  return sayDesk("inbox.waits", { time: spanWords(span) });
}

/** A span in the largest unit that fits: "5 min", "2 hr", "3 days". */
export function spanWords(span: number): string {
  const minutes = Math.floor(span / MINUTE);
  const hours = Math.floor(minutes / 60);
  if (hours >= 48) return amountWords(Math.floor(hours / 24), "day");
  return hours > 0 ? amountWords(hours, "hour") : amountWords(minutes, "minute");
}

const amounts = once(
  (tag, unit: "minute" | "hour" | "day") =>
    new Intl.NumberFormat(tag, { style: "unit", unit, unitDisplay: "short" }),
);

function amountWords(amount: number, unit: "minute" | "hour" | "day"): string {
  return amounts(language(), unit).format(amount);
}
