/** Where what has the focus leaves the page, a browser drops the focus, and whoever uses the keyboard begins anew. */

/** What tells where one is: its heading, or the conversation. */
const PLACES = "h1,h2,h3,[role=log]";

/** Milliseconds in which a part of the page may take the focus by itself. */
const TURN = 100;

/** Gives a dropped focus to what is left around the place: the row, else the nearest heading or conversation. */
export function keepFocus(page: Document): void {
  let path: HTMLElement[] = [];
  let byKeyboard = false;
  page.addEventListener("focusin", ({ target }) => {
    path = [];
    byKeyboard = target instanceof Element && target.matches(":focus-visible");
    for (let at = target; at instanceof HTMLElement; at = at.parentElement) path.push(at);
  });
  page.addEventListener("focusout", ({ target }) => {
    // A press beside all controls drops it on purpose. What leaves the page is gone by the time this is asked.
    queueMicrotask(() => {
      if (path[0] === target && path[0]?.isConnected && page.activeElement === page.body) path = [];
    });
  });
  new MutationObserver(() => {
    if (!path[0] || path[0].isConnected) return;
    const left = path;
    path = [];
    setTimeout(() => {
      if (page.activeElement === page.body) give(page, left, !byKeyboard);
    }, TURN);
  }).observe(page.body, { childList: true, subtree: true });
}

function give(page: Document, path: readonly HTMLElement[], preventScroll: boolean): void {
  for (const around of path) {
    if (!around.isConnected) continue;
    const place = around.matches(`li,${PLACES}`) ? around : around.querySelector<HTMLElement>(PLACES);
    if (!place) continue;
    if (!place.hasAttribute("tabindex")) place.tabIndex = -1;
    place.focus({ preventScroll });
    if (page.activeElement === place) return;
  }
}
