/** The chat as the customer sees it: who it is with, what was said, where to write. */
import { useSignalEffect } from "@preact/signals";
import { useRef, useState } from "preact/hooks";
import type { Connection } from "../api/line.ts";
import { Composer } from "../chat/Composer.tsx";
import { Thread } from "../chat/Thread.tsx";
import { Words } from "../chat/Words.tsx";
import type { PageLanguage } from "../say/PageLanguage.ts";
import { say } from "../say/say.ts";
import { LanguageSelect } from "../ui/LanguageSelect.tsx";
import type { Notice } from "../ui/notice.ts";
import { Wicket } from "../ui/Wicket.tsx";
import type { OpenChat } from "./CustomerModel.ts";
import { EndChat } from "./EndChat.tsx";

interface ChatPageProps {
  readonly chat: OpenChat;
  readonly notice: Notice;
  readonly language: PageLanguage;
}

/** Fills the page. */
export function ChatPage({ chat, notice, language }: ChatPageProps) {
  const { model, partner, fleeting } = chat;
  useAnnounced(chat, notice);
  return (
    <section class="chat">
      <Header chat={chat} />
      {fleeting ? <p class="notice warn">{say("chat.memory")}</p> : null}
      {model.differs.value ? <p class="notice danger">{say("chat.differs")}</p> : null}
      <Thread model={model} name={partner} beginning={<Beginning chat={chat} language={language} />} />
      {model.closed.value ? <Closed chat={chat} /> : <Composer model={model} />}
    </section>
  );
}

function Header({ chat }: { readonly chat: OpenChat }) {
  const { model, partner } = chat;
  const [ending, setEnding] = useState(false);
  return (
    <header class="chat-header">
      <Wicket state={model.closed.value ? "shut" : "ajar"} size="small" />
      <div class="chat-who">
        <h1>
          <bdi>{partner}</bdi>
        </h1>
        <p class="quiet-text">{standing(chat)}</p>
      </div>
      {model.closed.value ? null : (
        <button type="button" class="button" onClick={() => setEnding(true)}>
          {say("chat.end")}
        </button>
      )}
      {ending ? <EndChat model={model} onClose={() => setEnding(false)} /> : null}
    </header>
  );
}

function standing({ model, line }: OpenChat): string {
  if (model.closed.value) return say("chat.ended.short");
  const connection: Connection = line.state.value;
  if (connection !== "open") return say(`connection.${connection}`);
  return say(model.online.value ? "chat.online.plain" : "chat.away.plain");
}

function Beginning({ chat, language }: Omit<ChatPageProps, "notice">) {
  const { partner, later, verified, words } = chat;
  const [comparing, setComparing] = useState(false);
  const names = { partner: <bdi>{partner}</bdi> };
  return (
    <>
      <p>{say.parts("chat.beginning", names)}</p>
      {later ? <p>{say.parts("chat.earlier.stay", names)}</p> : null}
      <p>{verified ? say("chat.verified") : say("chat.encrypted")}</p>
      {verified ? null : (
        <button type="button" class="button bare" onClick={() => setComparing(true)}>
          {say("chat.words")}
        </button>
      )}
      {comparing ? (
        <Words
          reason={say.parts("chat.words.reason", names)}
          words={words}
          onClose={() => setComparing(false)}
        />
      ) : null}
      <LanguageSelect language={language} />
    </>
  );
}

function Closed({ chat }: { readonly chat: OpenChat }) {
  return (
    <div class="chat-closed">
      <p class="notice warn">{closedWords(chat)}</p>
    </div>
  );
}

function closedWords({ model }: OpenChat): string {
  switch (model.closed.value) {
    case "replaced":
      return say("chat.replaced");
    case "lost":
      return say("chat.lost");
    default:
      return say(model.endedBy.value === "customer" ? "chat.ended.you" : "chat.ended");
  }
}

// The log says what is written; the announcer says when the connection goes and comes, and when the chat ends.
function useAnnounced(chat: OpenChat, notice: Notice): void {
  const last = useRef<Connection>("open");
  const closed = useRef(chat.model.closed.peek());
  useSignalEffect(() => {
    const now = chat.line.state.value;
    const worth = now !== "connecting" && !chat.model.closed.peek();
    if (worth && now !== last.current) notice.announce(say(`connection.${now}`));
    if (worth) last.current = now;
  });
  useSignalEffect(() => {
    const now = chat.model.closed.value;
    if (now && now !== closed.current) notice.announce(closedWords(chat));
    closed.current = now;
  });
}
