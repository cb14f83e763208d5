/** A text that comes into the page by itself: to be seen where it stands, and said once by the announcer. */
import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { announce } from "./announcer.ts";

interface AnnouncedProps {
  readonly class?: string;
  readonly children: ComponentChildren;
}

/** Render it when there is something to say, and not before. */
export function Announced({ class: classes, children }: AnnouncedProps) {
  const place = useRef<HTMLParagraphElement>(null);
  useEffect(() => announce(place.current?.textContent ?? ""), []);
  return (
    <p ref={place} class={classes}>
      {children}
    </p>
  );
}
