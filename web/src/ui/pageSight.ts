/** Whether somebody can see a page. */

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
