/** Which page is open. Links within the desk change it without a load; Back and Forward work as ever. */
import { type Signal, signal } from "@preact/signals";
import { type Route, routeOf } from "./route.ts";

export class Router {
  readonly route: Signal<Route>;
  /** Counts the pages that were gone to, so that the first one keeps the browser's own focus. */
  readonly moves = signal(0);
  /** The id of what takes the focus on the page that was gone to last, in place of its heading. */
  landing: string | null = null;

  constructor(private readonly page: Window) {
    this.route = signal(routeOf(page.location));
    page.addEventListener("popstate", () => this.#read(null));
    page.document.addEventListener("click", (event) => this.#clicked(event));
  }

  /** The address that is open, without origin and fragment. */
  get path(): string {
    return this.page.location.pathname + this.page.location.search;
  }

  /** Goes to an address of the desk. `replace` leaves no step to go back to; `landing` names what takes the focus. */
  go(path: string, how: "push" | "replace" = "push", landing: string | null = null): void {
    if (how === "replace") this.page.history.replaceState(null, "", path);
    else if (path !== this.path) this.page.history.pushState(null, "", path);
    this.#read(landing);
    if (how === "push") this.page.scrollTo(0, 0);
  }

  #read(landing: string | null): void {
    this.landing = landing;
    this.route.value = routeOf(this.page.location);
    this.moves.value += 1;
  }

  #clicked(event: MouseEvent): void {
    const link = event.target instanceof Element ? event.target.closest("a") : null;
    if (
      !link ||
      event.defaultPrevented ||
      !isPlainClick(event) ||
      link.target ||
      link.hasAttribute("download")
    )
      return;
    const address = new URL(link.href, this.page.location.href);
    const path = address.pathname + address.search;
    if (address.origin !== this.page.location.origin || routeOf(address).kind === "unknown") return;
    if (address.hash !== "" && path !== this.path) return;
    event.preventDefault();
    // A jump within the page is a move to its heading, and leaves the address as it is.
    if (address.hash === "") this.go(path, "push", link.dataset.landing ?? null);
    else {
      this.landing = null;
      this.moves.value += 1;
    }
  }
}

function isPlainClick({ button, metaKey, ctrlKey, shiftKey, altKey }: MouseEvent): boolean {
  return button === 0 && !metaKey && !ctrlKey && !shiftKey && !altKey;
}
