/** Which rows are in sight: only those follow the clock. */
import { effect, type ReadonlySignal, useSignal } from "@preact/signals";
import type { RefObject } from "preact";
import { useEffect, useRef } from "preact/hooks";

type Told = (inSight: boolean) => void;

const told = new WeakMap<Element, Told>();
let observer: IntersectionObserver | null = null;

/** Tells when an element comes into sight and leaves it again, from a little before. Returns how to stop. */
export function watchSight(element: Element, tell: Told): () => void {
  observer ??= new IntersectionObserver(
    (entries) => {
      for (const { target, isIntersecting } of entries) told.get(target)?.(isIntersecting);
    },
    { rootMargin: "200px 0px" },
  );
  const watching = observer;
  told.set(element, tell);
  watching.observe(element);
  return () => {
    told.delete(element);
    watching.unobserve(element);
  };
}

/** The time of day for one element: it stands still while nobody sees it. */
export function useSeenClock<E extends Element>(
  now: ReadonlySignal<number>,
): { readonly element: RefObject<E | null>; readonly clock: ReadonlySignal<number> } {
  const element = useRef<E>(null);
  const clock = useSignal(now.peek());
  useEffect(() => {
    if (!element.current) return;
    let rest = () => {};
    const unwatch = watchSight(element.current, (inSight) => {
      rest();
      rest = inSight
        ? effect(() => {
            clock.value = now.value;
          })
        : () => {};
    });
    return () => {
      rest();
      unwatch();
    };
  }, []);
  return { element, clock };
}
