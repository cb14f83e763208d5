/** The server's clock: links live by it, whatever the device believes. */
import { online } from "./pageLife.ts";

/** What the server says the time is: Unix milliseconds, to the second; null where that can't be had just now. */
export async function serverTime(): Promise<number | null> {
  if (!online()) return null;
  const answer = await fetch("/healthz", { cache: "no-store" }).catch(() => null);
  const told = Date.parse(answer?.headers.get("date") ?? "");
  return Number.isNaN(told) ? null : told;
}
