/** The chat as the customer sees it: who it is with, what was said, where to write. */
import { useSignalEffect } from "@preact/signals";
import type { ButtonHTMLAttributes, ComponentChildren } from "preact";
import { useRef, useState } from "preact/hooks";
import type { Connection } from "../api/line.ts";
import { Composer } from "../chat/Composer.tsx";
import { Thread } from "../chat/Thread.tsx";
import { faultText } from "../i18n/fault.ts";
import type { PageLanguage } from "../i18n/PageLanguage.ts";
import { t } from "../i18n/t.ts";
import { LanguageSelect } from "../ui/LanguageSelect.tsx";
import type { PageNotice } from "../ui/notice.ts";
import { Wicket } from "../ui/Wicket.tsx";
import { Awaited } from "./Awaited.tsx";
import type { OpenChat } from "./CustomerModel.ts";
import type { SeldomLoader } from "./SeldomLoader.ts";
import type { Seldom } from "./seldom.ts";

interface ChatPageProps {
  readonly chat: OpenChat;
  readonly notice: PageNotice;
  readonly language: PageLanguage;
  readonly loader: SeldomLoader;
  /** What the page says of something else. */
  readonly children: ComponentChildren;
}

/** What a press of the person asks for. */
type Wanted = "end" | "safetyWords" | "notify";

/** Fills the page. */
export function ChatPage({ chat, notice, language, loader, children }: ChatPageProps) {
  const { model, partner, fleeting } = chat;
  const [wanted, setWanted] = useState<Wanted | null>(null);
  const press = (kind: Wanted) => ({
    // It comes while the finger is still down. Not before: a button may appear under a pointer that only rests there.
    onPointerDown: () => void loader.fetch(),
    onFocus: () => void loader.fetch(),
    onClick: () => setWanted(kind),
    "aria-busy": wanted === kind && loader.state.value.kind === "asked" ? ("true" as const) : undefined,
  });
  const wasClosed = useRef(model.closed.peek() !== null);
  useAnnounced(chat, notice);
  return (
    <section class="chat">
      <Header chat={chat} press={press} />
      {children}
      {wanted === null ? null : (
        <Awaited loader={loader} onClose={() => setWanted(null)}>
          {(seldom) => (
            <Pressed
              chat={chat}
              notice={notice}
              wanted={wanted}
              seldom={seldom}
              onClose={() => setWanted(null)}
            />
          )}
        </Awaited>
      )}
      {fleeting ? (
        <Awaited loader={loader}>
          {({ tSeldom }) => <p class="notice warn">{tSeldom("chat.memory")}</p>}
        </Awaited>
      ) : null}
      {model.differs.value ? <p class="notice danger">{t("chat.differs")}</p> : null}
      <Thread
        model={model}
        name={partner}
        typing={t.parts("chat.typing", { name: <bdi translate={false}>{partner}</bdi> })}
        faultText={faultText}
        beginning={<Beginning chat={chat} language={language} loader={loader} press={press} />}
      />
      {model.closed.value ? (
        <Awaited loader={loader}>
          {({ Closed }) => <Closed chat={chat} notice={notice} isNews={!wasClosed.current} />}
        </Awaited>
      ) : (
        <Composer model={model} />
      )}
    </section>
  );
}

interface PressProps {
  readonly chat: OpenChat;
  /** What a button does that asks for this. */
  readonly press: (wanted: Wanted) => ButtonHTMLAttributes<HTMLButtonElement>;
}

function Header({ chat, press }: PressProps) {
  const { model, partner } = chat;
  return (
    <header class="chat-header">
      <Wicket state={model.closed.value ? "shut" : "ajar"} size="small" />
      <div class="chat-who">
        <h1>
          <bdi translate={false}>{partner}</bdi>
        </h1>
        <p class="quiet-text">{peerStatusText(chat)}</p>
      </div>
      {model.closed.value ? null : (
        <>
          <button
            type="button"
            class="button bare icon"
            aria-label={t("chat.notify")}
            title={t("chat.notify")}
            {...press("notify")}
          >
            <svg class="sign" viewBox="0 0 24 24" aria-hidden="true">
              <path d="M6 17V11a6 6 0 0 1 12 0v6M4 17h16M10 21h4" />
            </svg>
          </button>
          <button type="button" class="button" {...press("end")}>
            {t("chat.end")}
          </button>
        </>
      )}
    </header>
  );
}

function peerStatusText({ model, line }: OpenChat): string {
  const closed = model.closed.value;
  if (closed) return closed === "chat_ended" ? t("chat.ended.short") : "";
  const connection: Connection = line.state.value;
  if (connection !== "open") return t(`connection.${connection}`);
  return t(model.online.value ? "chat.online.plain" : "chat.away.plain");
}

function Beginning({
  chat,
  language,
  loader,
  press,
}: PressProps & Pick<ChatPageProps, "language" | "loader">) {
  const { partner, isLater, verified } = chat;
  const names = { partner: <bdi translate={false}>{partner}</bdi> };
  return (
    <>
      <p>{t.parts("chat.beginning", names)}</p>
      {isLater ? (
        <Awaited loader={loader}>
          {({ tSeldom }) => <p>{tSeldom.parts("chat.earlier.stay", names)}</p>}
        </Awaited>
      ) : null}
      <p>{verified ? t("chat.verified") : t("chat.encrypted")}</p>
      {verified ? null : (
        <button type="button" class="button bare" {...press("safetyWords")}>
          {t("chat.words")}
        </button>
      )}
      <LanguageSelect language={language} />
    </>
  );
}

interface PressedProps {
  readonly chat: OpenChat;
  readonly notice: PageNotice;
  readonly wanted: Wanted;
  readonly seldom: Seldom;
  readonly onClose: () => void;
}

function Pressed({ chat, notice, wanted, seldom, onClose }: PressedProps) {
  const { EndChat, NotifyDialog, SafetyWords, tSeldom } = seldom;
  switch (wanted) {
    case "end":
      return <EndChat end={() => chat.model.end()} onClose={onClose} />;
    case "safetyWords": {
      const partner = <bdi translate={false}>{chat.partner}</bdi>;
      const reason = tSeldom.parts("chat.words.reason", { partner });
      return <SafetyWords reason={reason} words={chat.safetyWords} onClose={onClose} />;
    }
    case "notify":
      return <NotifyDialog notice={notice} onClose={onClose} />;
    default:
      return wanted satisfies never;
  }
}

// The log says what is written; the announcer says when the connection goes and comes.
function useAnnounced(chat: OpenChat, notice: PageNotice): void {
  const last = useRef<Connection>("open");
  useSignalEffect(() => {
    const now = chat.line.state.value;
    const worth = now !== "connecting" && !chat.model.closed.peek();
    if (worth && now !== last.current) notice.announce(t(`connection.${now}`));
    if (worth) last.current = now;
  });
}
