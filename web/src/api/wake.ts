/** The moments at which a page should look whether its connection still lives. */

/** Calls back when the page comes into sight, out of the back-forward cache, or back online; returns how to stop. */
export function onWake(listener: () => void): () => void {
  if (typeof window === "undefined") return () => {};
  const seen = () => {
    if (document.visibilityState === "visible") listener();
  };
  document.addEventListener("visibilitychange", seen);
  window.addEventListener("pageshow", listener);
  window.addEventListener("online", listener);
  return () => {
    document.removeEventListener("visibilitychange", seen);
    window.removeEventListener("pageshow", listener);
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
