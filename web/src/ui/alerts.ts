/** Notifications of the browser: who wrote and how often, never what. One for each chat, gone when somebody looks. */
import { locale, t } from "../i18n/t.ts";

/** Whom a notification is about, and how to come to them. */
export interface AlertSubject {
  /** The partner's name, or the chat's. */
  readonly name: string;
  readonly show: () => void;
}

interface Shown {
  readonly notification: Notification;
  readonly count: number;
}

/** Those of one page. */
export class Alerts {
  readonly #shown = new Map<string, Shown>();

  /** Shows one in place of the chat's earlier one. */
  show(chatRef: string, { name, show }: AlertSubject, came: number): void {
    const count = (this.#shown.get(chatRef)?.count ?? 0) + came;
    const options = { body: name, tag: chatRef, lang: locale(), dir: "auto", silent: true } as const;
    const notification = new Notification(t("chat.new", { count }), options);
    notification.onclick = () => {
      window.focus();
      show();
      notification.close();
    };
    this.#shown.set(chatRef, { notification, count });
  }

  /** Somebody looks at the page. */
  close(): void {
    for (const { notification } of this.#shown.values()) notification.close();
    this.#shown.clear();
  }
}
