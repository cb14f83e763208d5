/** The desk's bar: beside the page on a wide screen, under it on a phone. */
import type { ComponentChildren } from "preact";
import { isDown } from "../../api/line.ts";
import { t } from "../../i18n/t.ts";
import { tDesk } from "../../i18n/tDesk.ts";
import { Wicket } from "../../ui/Wicket.tsx";
import type { DeskModel } from "./DeskModel.ts";
import type { Session } from "./Session.ts";

interface BarProps {
  readonly desk: DeskModel;
  readonly session: Session;
  /** Shows the list of keys. */
  readonly onKeys: () => void;
}

export function Bar({ desk, session, onKeys }: BarProps) {
  const { kind } = desk.router.route.value;
  return (
    <header class="bar">
      <div class="bar-top">
        <p class="brand">
          <Wicket state="valid" size="small" />
          <span>{tDesk("app.name")}</span>
        </p>
        <p class="bar-partner">
          <bdi translate={false}>{desk.auth.me.value?.partnerName}</bdi>
        </p>
      </div>
      <nav class="bar-nav" aria-label={tDesk("desk.nav")}>
        <ul>
          <Item
            path="/partners/qrcodes"
            current={kind === "links"}
            text={tDesk("desk.links")}
            sign={<LinksSign />}
          />
          <Item
            path="/partners/chats"
            current={kind === "chats"}
            text={tDesk("desk.chats")}
            sign={<ChatsSign />}
          >
            <Unread count={session.inbox.unread.value} />
          </Item>
          <Item
            path="/partners/settings"
            current={kind === "settings"}
            text={tDesk("desk.settings")}
            sign={<SettingsSign />}
          />
        </ul>
      </nav>
      <div class={isDown(session.line.state.value) ? "bar-foot down" : "bar-foot"}>
        <ConnectionState session={session} />
        <button type="button" class="button bare" onClick={onKeys}>
          {tDesk("keys.heading")}
        </button>
        <button type="button" class="button bare" onClick={() => void desk.signOut()}>
          {tDesk("desk.sign_out")}
        </button>
      </div>
    </header>
  );
}

interface ItemProps {
  readonly path: string;
  readonly current: boolean;
  readonly text: string;
  readonly sign: ComponentChildren;
  readonly children?: ComponentChildren;
}

function Item({ path, current, text, sign, children }: ItemProps) {
  return (
    <li>
      <a class="bar-item" href={path} aria-current={current ? "page" : undefined}>
        {sign}
        <span>{text}</span>
        {children}
      </a>
    </li>
  );
}

function Unread({ count }: { readonly count: number }) {
  if (count === 0) return null;
  return (
    <span class="badge">
      <span aria-hidden="true">{count > 99 ? "99+" : count}</span>
      <span class="unseen">{tDesk("desk.chats.unread", { count })}</span>
    </span>
  );
}

/** Whether what is on the page is live: a dot and a text. */
function ConnectionState({ session }: Pick<BarProps, "session">) {
  const state = session.line.state.value;
  return (
    <p class={`connection ${state === "open" || state === "polling" ? "up" : "down"}`}>
      <span class="connection-dot" aria-hidden="true" />
      {t(`connection.${state}`)}
    </p>
  );
}

function LinksSign() {
  return (
    <svg class="sign" viewBox="0 0 24 24" aria-hidden="true">
      <path d="M4 4h6v6H4zM14 4h6v6h-6zM4 14h6v6H4zM14 14h2v2h-2zM18 18h2v2h-2zM18 14h2M14 18v2" />
    </svg>
  );
}

function ChatsSign() {
  return (
    <svg class="sign" viewBox="0 0 24 24" aria-hidden="true">
      <path d="M4 5h16v11H10l-4 4v-4H4z" />
    </svg>
  );
}

function SettingsSign() {
  return (
    <svg class="sign" viewBox="0 0 24 24" aria-hidden="true">
      <path d="M4 7h9M17 7h3M4 17h3M11 17h9" />
      <circle cx="15" cy="7" r="2" />
      <circle cx="9" cy="17" r="2" />
    </svg>
  );
}
