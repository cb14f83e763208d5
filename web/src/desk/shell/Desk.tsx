/** The desk: before signing in one card, afterwards the bar and the page. */
import { useEffect, useState } from "preact/hooks";
import { faultText } from "../../i18n/deskFault.ts";
import { t } from "../../i18n/t.ts";
import { tDesk } from "../../i18n/tDesk.ts";
import { LinkAlertList } from "../../link/LinkAlertList.tsx";
import { Links } from "../../link/Links.tsx";
import { Front } from "../auth/Front.tsx";
import { Setup } from "../auth/Setup.tsx";
import { SignIn } from "../auth/SignIn.tsx";
import { Unlock } from "../auth/Unlock.tsx";
import { toComposer } from "../inbox/rowFocus.ts";
import { Settings } from "../settings/Settings.tsx";
import { Bar } from "./Bar.tsx";
import { Chats } from "./Chats.tsx";
import { type DeskModel, leavingText } from "./DeskModel.ts";
import { HOME } from "./route.ts";
import { ServerWarnings } from "./ServerWarnings.tsx";
import type { Session } from "./Session.ts";
import { Shortcuts } from "./Shortcuts.tsx";
import "./desk.css";
import "../auth/front.css";
import { Again } from "../../ui/Again.tsx";
import { FilesRefused } from "../../ui/FilesRefused.tsx";
import { refuseFiles } from "../../ui/files.ts";

interface DeskProps {
  readonly desk: DeskModel;
}

export function Desk({ desk }: DeskProps) {
  const moves = desk.router.moves.value;
  // A page that came without a load is announced by its heading.
  useEffect(() => {
    if (moves === 0) return;
    const headings = document.querySelectorAll<HTMLElement>("[data-heading]");
    const landing = document.getElementById(desk.router.landing ?? "");
    (landing ?? headings[headings.length - 1])?.focus();
    toComposer();
  }, [moves]);
  const [refused, setRefused] = useState(false);
  useEffect(() => refuseFiles(document, () => setRefused(true)), []);
  return (
    <>
      <DeskState desk={desk} />
      {refused ? <FilesRefused onClose={() => setRefused(false)} /> : null}
    </>
  );
}

function DeskState({ desk }: DeskProps) {
  const state = desk.auth.state.value;
  const session = desk.session.value;
  // In another language everything is said anew.
  const current = desk.language.current.value;
  if (desk.router.route.value.kind === "setup")
    return <Setup model={desk.setup} language={desk.language} onEnter={() => void desk.entered()} />;
  switch (state.kind) {
    case "loading":
      return <Loading desk={desk} />;
    case "failed":
      return <Failed desk={desk} fault={state.fault} />;
    case "leaving":
      return <Leaving desk={desk} fault={state.fault} />;
    case "signed_out":
      return <SignIn model={desk.signIn.value} language={desk.language} />;
    case "locked":
      return (
        <Unlock
          model={desk.auth}
          email={state.me.email}
          language={desk.language}
          onSignOut={() => void desk.signOut()}
        />
      );
    case "ready":
      return session === null ? (
        <Loading desk={desk} />
      ) : (
        <Shell key={current} desk={desk} session={session} />
      );
    default:
      return state satisfies never;
  }
}

function Loading({ desk }: DeskProps) {
  return (
    <Front language={desk.language}>
      <p class="quiet-text">{tDesk("desk.loading")}</p>
    </Front>
  );
}

function Failed({ desk, fault }: DeskProps & { readonly fault: unknown }) {
  return (
    <Front language={desk.language}>
      <h1>{tDesk("desk.failed.heading")}</h1>
      <p>{faultText(fault)}</p>
      <Again main fault={fault} onAgain={() => void desk.auth.start()} />
    </Front>
  );
}

function Leaving({ desk, fault }: DeskProps & { readonly fault: unknown }) {
  return (
    <Front language={desk.language}>
      <h1>{tDesk("desk.sign_out")}</h1>
      {fault === null ? (
        <p class="quiet-text">{tDesk("desk.sign_out.working")}</p>
      ) : (
        <>
          <p>{leavingText(fault)}</p>
          <button type="button" class="button main wide" onClick={() => void desk.signOut()}>
            {t("action.again")}
          </button>
        </>
      )}
    </Front>
  );
}

interface ShellProps extends DeskProps {
  readonly session: Session;
}

function Shell({ desk, session }: ShellProps) {
  const [shortcutsOpen, setShortcutsOpen] = useState(false);
  return (
    <div class="desk">
      <a class="skip button" href="#page">
        {tDesk("desk.skip")}
      </a>
      <Bar desk={desk} session={session} onKeys={() => setShortcutsOpen(true)} />
      <main id="page" class="desk-page">
        {desk.router.route.value.kind === "links" ? <ServerWarnings me={desk.auth.me.value} /> : null}
        <Page desk={desk} session={session} />
      </main>
      <LinkAlertList
        model={session.links.alerts}
        onShow={({ row }) => {
          // A move, also one to the same page, would take the focus to the heading.
          if (desk.router.route.value.kind !== "links") desk.router.go(HOME);
          void session.links.reveal(row);
        }}
      />
      <Shortcuts desk={desk} session={session} open={shortcutsOpen} onOpen={setShortcutsOpen} />
    </div>
  );
}

function Page({ desk, session }: ShellProps) {
  const route = desk.router.route.value;
  switch (route.kind) {
    case "links":
      return (
        <Links
          model={session.links}
          now={desk.now}
          host={new URL(desk.origin).host}
          announce={(sentence) => desk.notice.announce(sentence)}
        />
      );
    case "chats":
      return <Chats desk={desk} session={session} chatRef={route.chat} />;
    case "settings":
      return <Settings desk={desk} session={session} />;
    case "setup":
    case "signin":
      return <p class="quiet-text">{tDesk("desk.loading")}</p>;
    case "unknown":
      return <Missing />;
    default:
      return route satisfies never;
  }
}

function Missing() {
  return (
    <div class="page">
      <h1 tabIndex={-1} data-heading>
        {tDesk("desk.missing.heading")}
      </h1>
      <p>{tDesk("desk.missing.reason")}</p>
      <p>
        <a href="/partners/qrcodes">{tDesk("desk.missing.next")}</a>
      </p>
    </div>
  );
}
