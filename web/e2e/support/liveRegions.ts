/** What a screen reader hears: everything that live regions say, in its order. */
import type { Page } from "@playwright/test";

declare const window: Window & { heard: string[] };

/** Listens from the next load on. */
export async function listen(page: Page): Promise<void> {
  await page.addInitScript(() => {
    window.heard = [];
    const say = (text: string | null | undefined) => {
      const words = (text ?? "").replace(/\s+/g, " ").trim();
      if (words) window.heard.push(words);
    };
    // The nearest word on it counts, as in the standard.
    const manner = (node: Node): string => {
      const element = node instanceof Element ? node : node.parentElement;
      const region = element?.closest("[aria-live],[role=log],[role=status],[role=alert]");
      if (!region) return "off";
      const role = region.getAttribute("role");
      const live = region.getAttribute("aria-live") ?? (role === "alert" ? "assertive" : "polite");
      return live === "off" ? "off" : role === "log" ? "additions" : "all";
    };
    const wordsOf = (node: Node): string => {
      if (
        node instanceof Element &&
        (node.matches("[aria-live=off],[hidden],[aria-hidden=true]") || node.tagName === "svg")
      )
        return "";
      return node instanceof Text ? node.data : [...node.childNodes].map(wordsOf).join(" ");
    };
    new MutationObserver((changes) => {
      for (const { target, type, addedNodes } of changes) {
        if (type === "characterData" && manner(target) === "all") say(target.textContent);
        for (const node of addedNodes) {
          if (!node.isConnected) continue;
          const inner = node instanceof Element ? node.querySelector("[role=alert]") : null;
          if (manner(node) !== "off") say(wordsOf(node));
          else if (inner) say(wordsOf(inner));
        }
      }
    }).observe(document, { childList: true, characterData: true, subtree: true });
  });
}

/** What was heard since the last time. */
export function heard(page: Page): Promise<string[]> {
  return page.evaluate(() => window.heard.splice(0));
}
