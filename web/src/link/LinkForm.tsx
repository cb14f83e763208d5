/** The one big button, and the choices that most links do not need. */
import type { ReadonlySignal } from "@preact/signals";
import { useEffect, useId, useRef, useState } from "preact/hooks";
import { tDesk } from "../i18n/tDesk.ts";
import { typedLine } from "../text/typed.ts";
import { Question } from "../ui/Dialog.tsx";
import { Field } from "../ui/Field.tsx";
import { fieldsOf } from "../ui/form.ts";
import { type Expiry, ExpiryChoice, hoursOf } from "./Expiry.tsx";
import type { LinkDraft } from "./LinkMaker.ts";
import type { LinksModel } from "./LinksModel.ts";
import { DEFAULT_LIFETIME } from "./lifetime.ts";

/** The longest label, in UTF-8 bytes. */
const MAX_LABEL = 200;

export function LinkForm({ model }: { readonly model: LinksModel }) {
  const [expiry, setExpiry] = useState<Expiry>({ kind: "choice", hours: DEFAULT_LIFETIME });
  const [wrong, setWrong] = useState(false);
  const [tooLong, setTooLong] = useState(false);
  const form = useRef<HTMLFormElement>(null);
  const sent = useRef<LinkDraft | null>(null);
  const shown = model.shown.value;
  const busy = shown.kind === "making";
  const generate = async () => {
    const { label, chatId, amount } = fieldsOf(form.current, "label", "chatId", "amount");
    const hours = hoursOf(expiry.kind === "own" ? { ...expiry, amount } : expiry);
    const long = isTooLong(label);
    setTooLong(long);
    setWrong(hours === null);
    if (hours === null) form.current?.querySelector<HTMLInputElement>(".own-expiry .input")?.focus();
    if (hours === null || long) return;
    const same =
      shown.kind === "failed" &&
      shown.draft.hours === hours &&
      shown.draft.label === label &&
      shown.draft.chatId === chatId;
    sent.current = same ? shown.draft : { hours, label, chatId };
    await model.generate(sent.current);
  };
  const made = shown.kind === "shown" ? shown.link.ref : null;
  useEffect(() => {
    if (made === null) return;
    // The next press makes a link to a new chat again, but what was typed meanwhile is meant for it.
    const draft = sent.current;
    sent.current = null;
    for (const name of ["label", "chatId"] as const) {
      const field = form.current?.elements.namedItem(name);
      if (field instanceof HTMLInputElement && field.value === draft?.[name]) field.value = "";
    }
  }, [made]);
  return (
    <form
      ref={form}
      class="card link-form"
      onSubmit={(event) => {
        event.preventDefault();
        void generate();
      }}
    >
      <button type="submit" class="button main wide" aria-busy={busy ? "true" : undefined}>
        {tDesk(busy ? "links.generating" : "links.generate")}
      </button>
      <ExpiryChoice
        expiry={expiry}
        wrong={wrong && hoursOf(expiry) === null}
        onExpiry={(chosen) => {
          if (chosen.kind !== expiry.kind) setWrong(false);
          setExpiry(chosen);
        }}
      />
      <details class="link-options">
        <summary>{tDesk("links.options")}</summary>
        <div class="link-options-fields">
          <Field
            label={tDesk("links.label")}
            hint={tDesk("links.label.hint")}
            error={tooLong ? tDesk("links.label.long") : null}
            name="label"
            autocomplete="off"
            onValue={(label) => setTooLong(isTooLong(label))}
          />
          <ChatField chats={model.chats} />
        </div>
      </details>
      <AskToReplace model={model} />
    </form>
  );
}

function isTooLong(label: string): boolean {
  return new TextEncoder().encode(typedLine(label)).length > MAX_LABEL;
}

/** A new chat or one that there is: the names are suggested as one types. */
function ChatField({ chats }: { readonly chats: ReadonlySignal<readonly string[]> }) {
  const id = useId();
  return (
    <>
      <Field
        label={tDesk("links.chat")}
        hint={tDesk("links.chat.hint")}
        name="chatId"
        maxLength={128}
        list={id}
        autocomplete="off"
        exact
      />
      <datalist id={id}>
        {chats.value.map((name) => (
          <option key={name} value={name} />
        ))}
      </datalist>
    </>
  );
}

/** The chat had a customer already: a plain question first. */
function AskToReplace({ model }: { readonly model: LinksModel }) {
  const shown = model.shown.value;
  if (shown.kind !== "asking") return null;
  return (
    <Question
      title={tDesk("links.ask.heading")}
      yes={tDesk("links.ask.yes")}
      no={tDesk("action.cancel")}
      onYes={() => void model.generate(shown.draft, true)}
      onNo={() => model.hide()}
    >
      <p>{tDesk.parts("links.ask.reason", { chat: <bdi translate={false}>{shown.draft.chatId}</bdi> })}</p>
    </Question>
  );
}
