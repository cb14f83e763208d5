/** Words that come into the page by themselves: to be seen where they stand, and said once by the announcer. */
import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { announce } from "./announcer.ts";

interface SaidProps {
  readonly class?: string;
  readonly children: ComponentChildren;
}

/** Render it when there is something to say, and not before. */
export function Said({ class: classes, children }: SaidProps) {
  const place = useRef<HTMLParagraphElement>(null);
  useEffect(() => announce(place.current?.textContent ?? ""), []);
  return (
    <p ref={place} class={classes}>
      {children}
    </p>
  );
}
