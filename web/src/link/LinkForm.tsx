/** The one big button, and the choices that most links do not need. */
import { useState } from "preact/hooks";
import { sayDesk } from "../say/desk.ts";
import { say } from "../say/say.ts";
import { Question } from "../ui/Dialog.tsx";
import { Field } from "../ui/Field.tsx";
import type { LinksModel } from "./LinksModel.ts";
import { DEFAULT_LIFETIME, LIFETIMES } from "./lifetime.ts";

/** The longest label, in UTF-8 bytes. */
const MAX_LABEL = 200;

export function LinkForm({ model }: { readonly model: LinksModel }) {
  const [hours, setHours] = useState<number>(DEFAULT_LIFETIME);
  const [label, setLabel] = useState("");
  const [chatId, setChatId] = useState("");
  const shown = model.shown.value;
  const busy = shown.kind === "making";
  const tooLong = new TextEncoder().encode(label.trim()).length > MAX_LABEL;
  const generate = async () => {
    if (tooLong) return;
    const same =
      shown.kind === "failed" &&
      shown.draft.hours === hours &&
      shown.draft.label === label &&
      shown.draft.chatId === chatId;
    await model.generate(same ? shown.draft : { hours, label, chatId });
    if (model.shown.value.kind !== "shown") return;
    // The next press makes a link to a new chat again.
    setLabel("");
    setChatId("");
  };
  return (
    <form
      class="card link-form"
      onSubmit={(event) => {
        event.preventDefault();
        void generate();
      }}
    >
      <button type="submit" class="button main wide" aria-busy={busy ? "true" : undefined}>
        {sayDesk(busy ? "links.generating" : "links.generate")}
      </button>
      <ExpiryChoice hours={hours} onHours={setHours} />
      <details class="link-options">
        <summary>{sayDesk("links.options")}</summary>
        <div class="link-options-fields">
          <Field
            label={sayDesk("links.label")}
            hint={sayDesk("links.label.hint")}
            error={tooLong ? sayDesk("links.label.long") : null}
            value={label}
            onValue={setLabel}
          />
          <Field
            label={sayDesk("links.chat")}
            hint={sayDesk("links.chat.hint")}
            value={chatId}
            maxLength={128}
            onValue={setChatId}
          />
        </div>
      </details>
      <AskToReplace model={model} />
    </form>
  );
}

function ExpiryChoice({
  hours,
  onHours,
}: {
  readonly hours: number;
  readonly onHours: (hours: number) => void;
}) {
  return (
    <fieldset class="choice">
      <legend>{sayDesk("links.expiry")}</legend>
      <div class="choice-row">
        {LIFETIMES.map((choice) => (
          <label key={choice} class="choice-option">
            <input type="radio" name="expiry" checked={choice === hours} onChange={() => onHours(choice)} />
            <span>{lifetimeWords(choice)}</span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}

/** The chat had a customer already: a plain question first. */
function AskToReplace({ model }: { readonly model: LinksModel }) {
  const shown = model.shown.value;
  if (shown.kind !== "asking") return null;
  return (
    <Question
      title={sayDesk("links.ask.heading")}
      yes={sayDesk("links.ask.yes")}
      no={say("action.cancel")}
      onYes={() => void model.generate(shown.draft, true)}
      onNo={() => model.hide()}
    >
      <p>{sayDesk.parts("links.ask.reason", { chat: <bdi>{shown.draft.chatId}</bdi> })}</p>
    </Question>
  );
}

function lifetimeWords(hours: number): string {
  return hours > 24 ? sayDesk("links.days", { count: hours / 24 }) : sayDesk("links.hours", { count: hours });
}
