/** What becomes of a page while it is open: in sight or not, with a network or without. */

/** Calls back when the page comes into sight or leaves it; returns how to stop. */
export function onSight(page: Document, changed: (inSight: boolean) => void): () => void {
  const look = () => changed(page.visibilityState === "visible");
  page.addEventListener("visibilitychange", look);
  // A page that comes out of the back-forward cache may fire this one alone.
  page.defaultView?.addEventListener("pageshow", look);
  return () => {
    page.removeEventListener("visibilitychange", look);
    page.defaultView?.removeEventListener("pageshow", look);
  };
}

/** Calls back when the page is left, perhaps for good; returns how to stop. */
export function onLeave(listener: () => void): () => void {
  if (typeof window === "undefined") return () => {};
  window.addEventListener("pagehide", listener);
  return () => window.removeEventListener("pagehide", listener);
}

/** Whether anybody can see the page. */
export function inSight(): boolean {
  return typeof document === "undefined" || document.visibilityState !== "hidden";
}

/** Calls back when it is time to see whether a connection still lives: in sight again, or back online; returns how to stop. */
export function onWake(listener: () => void): () => void {
  if (typeof window === "undefined") return () => {};
  const unwatch = onSight(document, (seen) => {
    if (seen) listener();
  });
  window.addEventListener("online", listener);
  return () => {
    unwatch();
    window.removeEventListener("online", listener);
  };
}

/** Calls back when the browser says that it lost its network; returns how to stop. */
export function onOffline(listener: () => void): () => void {
  if (typeof window === "undefined") return () => {};
  window.addEventListener("offline", listener);
  return () => window.removeEventListener("offline", listener);
}

/** Whether the browser believes that it has a network. */
export function online(): boolean {
  return typeof navigator === "undefined" || navigator.onLine !== false;
}
