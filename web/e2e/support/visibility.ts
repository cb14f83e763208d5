/** Whether somebody looks at a page. */
import type { Page } from "@playwright/test";

/** Says that the page comes into sight or leaves it: a browser without a window never does by itself. */
export async function setVisible(
  page: Page,
  visible: boolean,
  told: "visibilitychange" | "pageshow" = "visibilitychange",
): Promise<void> {
  await page.evaluate(
    ([state, event]) => {
      Object.defineProperty(document, "visibilityState", { configurable: true, get: () => state });
      Object.defineProperty(document, "hidden", { configurable: true, get: () => state === "hidden" });
      (event === "pageshow" ? window : document).dispatchEvent(new Event(event));
    },
    [visible ? "visible" : "hidden", told] as const,
  );
}
