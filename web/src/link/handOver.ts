/** Handing a link to another program of the device: mail, messages, whatever the system offers. */

/** What is handed over. */
export interface HandOver {
  readonly subject: string;
  /** A friendly text without the address. */
  readonly text: string;
  readonly url: string;
}

/** A mail that is only waiting for its recipient. Every `#` and `&` of the text is encoded, so the address arrives whole. */
export function mailAddress({ subject, text, url }: HandOver): string {
  return `mailto:?subject=${encodeURIComponent(subject)}&body=${encodeURIComponent(`${text}\r\n\r\n${url}\r\n`)}`;
}

/** A text message that is only waiting for its recipient. */
export function smsAddress({ text, url }: HandOver): string {
  return `sms:?body=${encodeURIComponent(`${text} ${url}`)}`;
}

/** The part of the browser that opens the system's share sheet. */
export type Sharer = Pick<Navigator, "share" | "canShare">;

/** The system's share sheet; null where there is none. */
export function sharerOf(browser: Partial<Sharer>): Sharer | null {
  return typeof browser.share === "function" && typeof browser.canShare === "function"
    ? (browser as Sharer)
    : null;
}

/** Opens the share sheet. False when it could not be opened; a person who closes it again wanted that. */
export async function share(sharer: Sharer, { subject, text, url }: HandOver): Promise<boolean> {
  try {
    await sharer.share({ title: subject, text, url });
    return true;
  } catch (fault) {
    return fault instanceof DOMException && fault.name === "AbortError";
  }
}
