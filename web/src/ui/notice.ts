/** How the page draws attention: one announcer, the count in the title, the second favicon, a sound, a notification. */

import { onSight } from "../api/pageLife.ts";
import type { AlertSubject, Alerts } from "./alerts.ts";
import { announce, seatAnnouncer } from "./announcer.ts";
import { Chime } from "./chime.ts";
import type { Choices } from "./choices.ts";
import unreadIcon from "./favicon-unread.svg?url&no-inline";

/** What models know of it. */
export interface Notice {
  /** Says a sentence to screen readers. */
  announce(sentence: string): void;
  /** Messages came from the other side of a chat: counted, and heard once, while nobody looks. */
  arrived(chatRef: string, count: number): void;
}

/** The notice of a page in a browser. One for each page. */
export class PageNotice implements Notice {
  /** What the person chose about sound and notifications. */
  readonly choices: Choices;
  /** Whom a notification of a chat names. */
  subjectOf: (chatRef: string) => AlertSubject | null = () => null;
  readonly #page: Document;
  readonly #chime: Chime;
  readonly #icon: HTMLLinkElement | null;
  readonly #readIcon: string;
  #title: string;
  #count = 0;
  #alerts: Promise<Alerts> | null = null;

  constructor(page: Document, choices: Choices) {
    this.choices = choices;
    this.#page = page;
    this.#title = page.title;
    this.#icon = page.querySelector<HTMLLinkElement>("link[rel~='icon']");
    this.#readIcon = this.#icon?.getAttribute("href") ?? "";
    seatAnnouncer();
    this.#chime = new Chime(page);
    onSight(page, () => this.#looked());
  }

  announce(sentence: string): void {
    announce(sentence);
  }

  arrived(chatRef: string, count: number): void {
    if (this.#looking) return;
    this.#count += count;
    this.#show();
    if (this.choices.get("sound") !== "off") this.ring();
    if (this.choices.get("alerts") === "on") void this.#alert(chatRef, count);
  }

  /** Lets the sound be heard, if the person has touched the page. */
  ring(): void {
    this.#chime.play();
  }

  /** Names the page. The title never holds what somebody wrote. */
  title(title: string): void {
    this.#title = title;
    this.#show();
  }

  get #looking(): boolean {
    return this.#page.visibilityState === "visible";
  }

  #looked(): void {
    if (!this.#looking) return;
    this.#count = 0;
    this.#show();
    void this.#alerts?.then((alerts) => alerts.close()).catch(() => {});
  }

  // Few people want notifications, so what shows them comes with the first one. One that can't come leaves the title.
  async #alert(chatRef: string, count: number): Promise<void> {
    try {
      this.#alerts ??= import("./alerts.ts").then(({ Alerts }) => new Alerts());
      const alerts = await this.#alerts;
      const subject = this.subjectOf(chatRef);
      if (subject && !this.#looking) alerts.show(chatRef, subject, count);
    } catch {
      this.#alerts = null;
    }
  }

  #show(): void {
    this.#page.title = this.#count > 0 ? `(${this.#count}) ${this.#title}` : this.#title;
    const href = this.#count > 0 ? unreadIcon : this.#readIcon;
    if (this.#icon?.getAttribute("href") !== href) this.#icon?.setAttribute("href", href);
  }
}
