/** Which part of the customer's page is to be seen. */
import { useEffect, useState } from "preact/hooks";
import type { PageLanguage } from "../i18n/PageLanguage.ts";
import { t } from "../i18n/t.ts";
import { Door } from "../link/Door.tsx";
import { refuseFiles } from "../ui/files.ts";
import { LanguageSelect } from "../ui/LanguageSelect.tsx";
import type { PageNotice } from "../ui/notice.ts";
import { Wicket } from "../ui/Wicket.tsx";
import { Awaited } from "./Awaited.tsx";
import { ChatPage } from "./ChatPage.tsx";
import type { CustomerModel, Screen } from "./CustomerModel.ts";
import type { SeldomLoader } from "./SeldomLoader.ts";

interface PageProps {
  readonly model: CustomerModel;
  readonly notice: PageNotice;
  readonly language: PageLanguage;
  readonly loader: SeldomLoader;
}

/** The page. */
export function Page({ model, notice, language, loader }: PageProps) {
  const screen = model.screen.value;
  const partner = partnerOf(screen);
  const current = language.current.value;
  useEffect(() => {
    notice.title(partner === null ? t("door.title.plain") : t("door.title", { partner }));
  }, [partner, current]);
  const [refused, setRefused] = useState(false);
  const close = () => setRefused(false);
  useEffect(() => refuseFiles(document, () => setRefused(true)), []);
  const files = refused ? (
    <Awaited loader={loader} onClose={close}>
      {({ FilesRefused }) => <FilesRefused onClose={close} />}
    </Awaited>
  ) : null;
  // In another language everything is said anew.
  if (screen.kind === "chat")
    return (
      <ChatPage key={current} chat={screen.chat} notice={notice} language={language} loader={loader}>
        {files}
      </ChatPage>
    );
  return (
    <>
      <Landing key={current} screen={screen} model={model} loader={loader} />
      <LanguageSelect language={language} />
      {files}
    </>
  );
}

/** What is to be seen in place of a chat. */
export type Landed = Exclude<Screen, { readonly kind: "chat" }>;

interface LandingProps {
  readonly screen: Landed;
  readonly model: CustomerModel;
  readonly loader: SeldomLoader;
}

function Landing({ screen, model, loader }: LandingProps) {
  const enter = (chatRef: string) => void model.enter(chatRef);
  const waiting = (
    <section class="door">
      <Wicket state="ajar" size="large" />
      <p class="quiet-text">{t("chat.loading")}</p>
    </section>
  );
  switch (screen.kind) {
    case "loading":
      return waiting;
    case "door":
      return (
        <Door
          model={screen.door}
          dead={({ why, returnTo }) => (
            <Awaited loader={loader} before={waiting}>
              {({ DeadDoor }) => (
                <DeadDoor why={why} partner={screen.door.partner} returnTo={returnTo} onReturn={enter} />
              )}
            </Awaited>
          )}
        />
      );
    case "dead":
      return (
        <Awaited loader={loader} before={waiting}>
          {({ DeadDoor }) => <DeadDoor why={screen.why} partner={null} returnTo={null} onReturn={enter} />}
        </Awaited>
      );
    case "keyless":
      return (
        <Awaited loader={loader} before={waiting}>
          {({ NoKey }) => <NoKey screen={screen} model={model} />}
        </Awaited>
      );
    case "elsewhere":
      return (
        <Awaited loader={loader} before={waiting}>
          {({ Elsewhere }) => <Elsewhere />}
        </Awaited>
      );
    case "failed":
      return (
        <Awaited loader={loader} before={waiting}>
          {({ Failed }) => <Failed fault={screen.fault} onAgain={() => enter(screen.chatRef)} />}
        </Awaited>
      );
    default:
      return screen satisfies never;
  }
}

function partnerOf(screen: Screen): string | null {
  switch (screen.kind) {
    case "door":
      return screen.door.partner;
    case "chat":
      return screen.chat.partner;
    case "keyless":
      return screen.partner;
    default:
      return null;
  }
}
