/** Keeps a thread where the reader is: at its end while they are there, else on the message that they look at. */
import { signal } from "@preact/signals";

/** Pixels from the end within which a reader counts as being there. */
const NEAR = 32;

/** One scrolling thread. The browser's own scroll anchoring is off, since browsers differ in it. */
export class Stick {
  /** Whether the reader is at the end. */
  readonly stuck = signal(true);
  readonly #whole: () => boolean;
  #scroller: HTMLElement | null = null;
  #anchor: { readonly element: Element; readonly top: number } | null = null;
  /** The heights of all and of what is seen, as they were when the thread last stood. */
  #heights = "";

  /** `whole` says whether the end of what stands in the page is the thread's end. */
  constructor(whole: () => boolean) {
    this.#whole = whole;
  }

  /**
   * Watches a scroller; its messages are the elements with the class `message`. `moved` is called once it is known
   * where a scroll has led. Returns how to stop.
   */
  attach(scroller: HTMLElement, content: HTMLElement, moved: () => void): () => void {
    this.#scroller = scroller;
    const scrolled = () => {
      this.#scrolled();
      moved();
    };
    const resized = new ResizeObserver(() => this.settle());
    resized.observe(scroller);
    resized.observe(content);
    scroller.addEventListener("scroll", scrolled, { passive: true });
    this.settle();
    return () => {
      resized.disconnect();
      scroller.removeEventListener("scroll", scrolled);
      this.#scroller = null;
    };
  }

  /** Call it after the content changed and before it is painted. */
  settle(): void {
    const scroller = this.#scroller;
    if (!scroller) return;
    // Only peeked at: an effect that calls this must not run again because the reader scrolled away.
    if (this.stuck.peek()) {
      scroller.scrollTop = scroller.scrollHeight;
    } else if (this.#anchor?.element.isConnected) {
      const moved = this.#anchor.element.getBoundingClientRect().top - topOf(scroller) - this.#anchor.top;
      if (Math.abs(moved) > 0.5) scroller.scrollTop += moved;
    }
    this.#remember(scroller);
  }

  /** Takes the reader to the end. */
  toEnd(): void {
    this.stuck.value = true;
    this.settle();
  }

  /** Takes the reader to the top of what stands there, or is just about to. */
  toTop(): void {
    const scroller = this.#scroller;
    if (!scroller) return;
    scroller.scrollTop = 0;
    this.#look(scroller);
    this.#anchor = null;
  }

  /** Leaves the reader where they are, also at the end. */
  hold(): void {
    this.stuck.value = false;
  }

  #scrolled(): void {
    const scroller = this.#scroller;
    if (!scroller) return;
    // A new size moves the thread too, and may be heard of here before the observer tells: that is no reader's wish.
    if (this.stuck.peek() && heightsOf(scroller) !== this.#heights) {
      this.settle();
      return;
    }
    this.#look(scroller);
  }

  #look(scroller: HTMLElement): void {
    const below = scroller.scrollHeight - scroller.clientHeight - scroller.scrollTop;
    this.stuck.value = below <= NEAR && this.#whole();
    this.#remember(scroller);
  }

  // Only messages are anchors: a day's heading moves up when earlier messages of that day come.
  #remember(scroller: HTMLElement): void {
    this.#heights = heightsOf(scroller);
    const messages = scroller.getElementsByClassName("message");
    const edge = topOf(scroller);
    let [low, high] = [0, messages.length - 1];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((messages[middle]?.getBoundingClientRect().bottom ?? 0) > edge) high = middle;
      else low = middle + 1;
    }
    const element = messages[low];
    this.#anchor = element ? { element, top: element.getBoundingClientRect().top - edge } : null;
  }
}

function heightsOf({ scrollHeight, clientHeight }: HTMLElement): string {
  return `${scrollHeight} ${clientHeight}`;
}

function topOf(scroller: HTMLElement): number {
  return scroller.getBoundingClientRect().top;
}
