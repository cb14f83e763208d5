/** Which part of the customer's page is to be seen. */
import { useEffect } from "preact/hooks";
import { Notice as Dead, DeadDoor, Door } from "../link/Door.tsx";
import { faultWords } from "../say/fault.ts";
import type { PageLanguage } from "../say/PageLanguage.ts";
import { say } from "../say/say.ts";
import { LanguageSelect } from "../ui/LanguageSelect.tsx";
import type { PageNotice } from "../ui/notice.ts";
import { Wicket } from "../ui/Wicket.tsx";
import { ChatPage } from "./ChatPage.tsx";
import type { CustomerModel, Screen } from "./CustomerModel.ts";
import type { Keyless } from "./enter.ts";

interface PageProps {
  readonly model: CustomerModel;
  readonly notice: PageNotice;
  readonly language: PageLanguage;
}

/** The page. */
export function Page({ model, notice, language }: PageProps) {
  const screen = model.screen.value;
  const partner = partnerOf(screen);
  const spoken = language.spoken.value;
  useEffect(() => {
    notice.title(partner === null ? say("door.title.plain") : say("door.title", { partner }));
  }, [partner, spoken]);
  // In another language everything is said anew.
  if (screen.kind === "chat")
    return <ChatPage key={spoken} chat={screen.chat} notice={notice} language={language} />;
  return (
    <>
      <Landing key={spoken} screen={screen} model={model} />
      <LanguageSelect language={language} />
    </>
  );
}

interface LandingProps {
  readonly screen: Exclude<Screen, { readonly kind: "chat" }>;
  readonly model: CustomerModel;
}

function Landing({ screen, model }: LandingProps) {
  const enter = (chatRef: string) => void model.enter(chatRef);
  switch (screen.kind) {
    case "loading":
      return (
        <section class="door">
          <Wicket state="ajar" size="large" />
          <p class="quiet-text">{say("chat.loading")}</p>
        </section>
      );
    case "door":
      return <Door model={screen.door} onReturn={enter} />;
    case "dead":
      return <DeadDoor why={screen.why} partner={null} returnTo={null} onReturn={enter} />;
    case "keyless":
      return (
        <Dead wicket="shut" heading={say("chat.keyless.heading")} reason={say("chat.keyless.reason")}>
          <Asking screen={screen} onAsk={() => void model.askForLink(screen)} />
        </Dead>
      );
    case "elsewhere":
      return (
        <Dead wicket="shut" heading={say("chat.elsewhere.heading")} reason={say("chat.elsewhere.reason")}>
          <p>{say("chat.elsewhere.next")}</p>
        </Dead>
      );
    case "failed":
      return (
        <Dead wicket="dashed" heading={say("chat.failed.heading")} reason={faultWords(screen.problem)}>
          <button type="button" class="button main wide" onClick={() => enter(screen.chatRef)}>
            {say("action.again")}
          </button>
        </Dead>
      );
    default:
      return screen satisfies never;
  }
}

/** The button that asks for a new link, until that is done. */
function Asking({ screen, onAsk }: { readonly screen: Keyless; readonly onAsk: () => void }) {
  const { partner, wish } = screen;
  const busy = wish.kind === "busy";
  return (
    <>
      {wish.kind === "made" ? null : (
        <button type="button" class="button main wide" aria-busy={busy ? "true" : undefined} onClick={onAsk}>
          {say(busy ? "chat.keyless.asking" : "chat.keyless.ask")}
        </button>
      )}
      <div role="status">
        {wish.kind === "made" ? say.parts("chat.keyless.asked", { partner: <bdi>{partner}</bdi> }) : null}
        {wish.kind === "failed" ? <p class="notice danger">{faultWords(wish.problem)}</p> : null}
      </div>
    </>
  );
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
