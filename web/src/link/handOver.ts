/** Handing a link to another program of the device: mail, messages, whatever the system offers. */

/** What is handed over. */
export interface HandOver {
  readonly subject: string;
  /** A friendly text without the address. */
  readonly text: string;
  readonly url: string;
}

/** The longest address of a mail: some programs cut off what is over 2,000 characters. */
const MAIL = 1_600;

/**
 * A mail that is only waiting for its recipient. Every `#` and `&` of the text is encoded, so the address arrives
 * whole. A script that takes nine characters for a letter may leave room for the link alone.
 */
export function mailAddress({ subject, text, url }: HandOver): string {
  const body = (text: string) => `body=${encodeURIComponent(`${text}\r\n`)}`;
  const about = `subject=${encodeURIComponent(subject)}`;
  const ways = [`${about}&${body(`${text}\r\n\r\n${url}`)}`, `${about}&${body(url)}`, body(url)];
  return `mailto:?${ways.find((way) => way.length <= MAIL) ?? body(url)}`;
}

/** A text message that is only waiting for its recipient, in the form that the phones of both makers take. */
export function smsAddress({ text, url }: HandOver): string {
  return `sms:?&body=${encodeURIComponent(`${text} ${url}`)}`;
}

/** The part of the browser that opens the system's share sheet. */
export type Sharer = Pick<Navigator, "share" | "canShare">;

/** The system's share sheet; null where there is none. */
export function sharerOf(browser: Partial<Sharer>): Sharer | null {
  return typeof browser.share === "function" && typeof browser.canShare === "function"
    ? (browser as Sharer)
    : null;
}

/** No failures: a person closed the sheet, or pressed again while it was open. */
const WANTED: readonly string[] = ["AbortError", "InvalidStateError"];

/** Opens the share sheet. False when it could not be opened. */
export async function share(sharer: Sharer, { subject, text, url }: HandOver): Promise<boolean> {
  try {
    await sharer.share({ title: subject, text, url });
    return true;
  } catch (fault) {
    return fault instanceof DOMException && WANTED.includes(fault.name);
  }
}
