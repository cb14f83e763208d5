/** How the page draws attention: one announcer, the count in the title, the second favicon, a sound. */
import { Chime } from "./chime.ts";
import unreadIcon from "./favicon-unread.svg?url&no-inline";

/** What models know of it. */
export interface Notice {
  /** Says a sentence to screen readers. */
  announce(sentence: string): void;
  /** A message came from the other side: counted, and heard, while nobody looks. */
  arrived(): void;
}

/** The notice of a page in a browser. One for each page. */
export class PageNotice implements Notice {
  readonly #page: Document;
  readonly #region: HTMLElement;
  readonly #chime: Chime;
  readonly #icon: HTMLLinkElement | null;
  readonly #readIcon: string;
  #title: string;
  #count = 0;

  constructor(page: Document) {
    this.#page = page;
    this.#title = page.title;
    this.#icon = page.querySelector<HTMLLinkElement>("link[rel~='icon']");
    this.#readIcon = this.#icon?.getAttribute("href") ?? "";
    this.#region = page.createElement("div");
    this.#region.className = "unseen";
    this.#region.setAttribute("role", "status");
    page.body.append(this.#region);
    this.#chime = new Chime(page);
    page.addEventListener("visibilitychange", () => this.#looked());
  }

  announce(sentence: string): void {
    // The same words twice are only heard when they leave in between.
    this.#region.textContent = "";
    setTimeout(() => {
      this.#region.textContent = sentence;
    }, 50);
  }

  arrived(): void {
    if (this.#page.visibilityState === "visible") return;
    this.#count += 1;
    this.#show();
    this.#chime.play();
  }

  /** Names the page. The title never holds what somebody wrote. */
  title(title: string): void {
    this.#title = title;
    this.#show();
  }

  #looked(): void {
    if (this.#page.visibilityState !== "visible") return;
    this.#count = 0;
    this.#show();
  }

  #show(): void {
    this.#page.title = this.#count > 0 ? `(${this.#count}) ${this.#title}` : this.#title;
    const href = this.#count > 0 ? unreadIcon : this.#readIcon;
    if (this.#icon?.getAttribute("href") !== href) this.#icon?.setAttribute("href", href);
  }
}
