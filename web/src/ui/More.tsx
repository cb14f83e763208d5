/** The end of a list of which there is more: it comes by itself when the end comes near, or by the button. */
import { useEffect, useRef } from "preact/hooks";
import { tDesk } from "../i18n/tDesk.ts";

interface MoreProps {
  readonly state: "idle" | "loading" | "failed";
  readonly onMore: () => void;
}

/** Leave it out where there is no more. */
export function More({ state, onMore }: MoreProps) {
  const end = useRef<HTMLDivElement>(null);
  // After each drawing: what came may have left the end in sight, and the observer tells that only once.
  useEffect(() => {
    if (!end.current || state !== "idle") return;
    const observer = new IntersectionObserver(
      (entries) => {
        if (entries.some((entry) => entry.isIntersecting)) onMore();
      },
      { rootMargin: "800px 0px" },
    );
    observer.observe(end.current);
    return () => observer.disconnect();
  });
  return (
    <div ref={end} class="more">
      {state === "failed" ? <p class="field-error">{tDesk("desk.more.failed")}</p> : null}
      <button
        type="button"
        class="button"
        aria-busy={state === "loading" ? "true" : undefined}
        onClick={onMore}
      >
        {tDesk(state === "loading" ? "desk.more.loading" : "desk.more")}
      </button>
    </div>
  );
}
