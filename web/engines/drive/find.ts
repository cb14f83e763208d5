/** What runs in the page to find what a person would: by what it is and what it is called. */

/** What is looked for. A field is called by its label, everything else by what it says. */
export interface Sought {
  readonly is: "button" | "link" | "heading" | "field" | "list" | "text" | "picture";
  /** All of it; without one anything. */
  readonly called?: string;
  /** Within the first shown element that this selector finds. */
  readonly within?: string;
  /** Only what can be pressed or typed into. */
  readonly enabled?: boolean;
}

/** Every shown element that is meant. */
export function findAll({ is, called, within, enabled }: Sought): Element[] {
  const selectors = {
    button: "button, summary",
    link: "a[href]",
    heading: "h1, h2, h3",
    field: "input, textarea, select",
    list: "ul, ol, [role=list]",
    text: "p, span, li, time, strong, .message-text",
    picture: "[role=img], img",
  };
  const plain = (text: string | null | undefined) => (text ?? "").replace(/\s+/g, " ").trim();
  const nameOf = (element: Element) => {
    const { labels } = element as HTMLInputElement;
    const label = labels?.[0] as HTMLElement | undefined;
    const named = (element.getAttribute("aria-labelledby") ?? "")
      .split(" ")
      .map((id) => document.getElementById(id));
    return (
      plain(element.getAttribute("aria-label")) ||
      plain(named.map((other) => other?.innerText ?? "").join(" ")) ||
      plain(label?.innerText) ||
      plain((element as HTMLElement).innerText)
    );
  };
  const shown = (element: Element) => element.getClientRects().length > 0 && element.checkVisibility();
  const isOff = (element: Element) => "disabled" in element && element.disabled === true;
  const places = within === undefined ? [document.documentElement] : document.querySelectorAll(within);
  const place = [...places].find(shown);
  return [...(place?.querySelectorAll(selectors[is]) ?? [])].filter(
    (element) =>
      shown(element) && !(enabled && isOff(element)) && (called === undefined || nameOf(element) === called),
  );
}

/** What a field holds, or anything else says. */
export function wordsOf(element: Element): string {
  return "value" in element && element.tagName !== "BUTTON"
    ? String(element.value)
    : (element as HTMLElement).innerText;
}
