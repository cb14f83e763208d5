/** How a chat stands, as a text. */
import type { ChatRow } from "../../api/wire.ts";
import { perLocale } from "../../i18n/perLocale.ts";
import { locale } from "../../i18n/t.ts";
import { tDesk } from "../../i18n/tDesk.ts";
import { instantText, relativeText } from "../../i18n/when.ts";

const MINUTE = 60_000;

/** The one thing to know about a chat besides that its customer is there; nothing where that says it all. */
export function chatStatusText(chat: ChatRow, now: number): string {
  if (chat.endedAt) return tDesk("inbox.ended");
  if (chat.askedAt) return tDesk("inbox.asks");
  if (chat.waitingSince) return waitingText(now - Date.parse(chat.waitingSince));
  if (chat.seats === 0) return tDesk("inbox.nobody");
  if (chat.online) return "";
  const active = Date.parse(chat.activeAt);
  // Seconds that run in every row are only unrest.
  return tDesk("inbox.answered", { time: relativeText(now - active < MINUTE ? now : active, now) });
}

/** Who ended a chat, and when. */
export function endedText(chat: ChatRow): string {
  const time = instantText(Date.parse(chat.endedAt ?? chat.activeAt));
  return tDesk(chat.endedBy === "customer" ? "thread.ended.customer" : "thread.ended.us", { time });
}

function waitingText(span: number): string {
  if (span < MINUTE) return tDesk("inbox.waits.new");
  return tDesk("inbox.waits", { time: durationText(span) });
}

/** A span in the largest unit that fits: "5 min", "2 hr", "3 days". */
export function durationText(span: number): string {
  const minutes = Math.floor(span / MINUTE);
  const hours = Math.floor(minutes / 60);
  if (hours >= 48) return amountText(Math.floor(hours / 24), "day");
  return hours > 0 ? amountText(hours, "hour") : amountText(minutes, "minute");
}

const amounts = perLocale(
  (tag, unit: "minute" | "hour" | "day") =>
    new Intl.NumberFormat(tag, { style: "unit", unit, unitDisplay: "short" }),
);

function amountText(amount: number, unit: "minute" | "hour" | "day"): string {
  return amounts(locale(), unit).format(amount);
}
