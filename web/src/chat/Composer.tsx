/** Where one writes: it grows with the words, keeps the focus, and knows an Enter that belongs to an input method. */
import type { TargetedEvent, TargetedInputEvent, TargetedKeyboardEvent } from "preact";
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { LONGEST_JSON, LONGEST_TEXT } from "../crypto/lengths.ts";
import { t } from "../i18n/t.ts";
import { isBlank } from "../text/blank.ts";
import { composing } from "../ui/composing.ts";
import type { ChatModel } from "./ChatModel.ts";

/** The longest text that stays where one writes, to be sent in parts: more would make the page slow, and is not taken. */
const LONGEST_DRAFT = 4 * LONGEST_TEXT;

interface ComposerProps {
  readonly model: ChatModel;
}

/** Writes to the chat. */
export function Composer({ model }: ComposerProps) {
  const box = useRef<HTMLTextAreaElement>(null);
  const text = model.draft.text.value;
  const empty = isBlank(text);
  // What nobody could send stays where one writes: it can be sent in parts.
  const [refused, setRefused] = useState<string | null>(null);
  useLayoutEffect(() => grow(box.current), [text]);
  // A phone that is turned breaks the lines anew.
  useEffect(() => {
    const turned = () => grow(box.current);
    addEventListener("resize", turned);
    return () => removeEventListener("resize", turned);
  }, []);
  const send = () => {
    if (isTooLong(text)) setRefused(text);
    else if (!empty) model.send(text);
    box.current?.focus();
  };
  // What is far too long is not even taken: it is told before it is there, or taken away before it is drawn.
  const before = (event: TargetedInputEvent<HTMLTextAreaElement>) => {
    if (!event.data || text.length + event.data.length <= LONGEST_DRAFT) return;
    event.preventDefault();
    setRefused(text);
  };
  const input = (event: TargetedEvent<HTMLTextAreaElement>) => {
    const { currentTarget } = event;
    const { value } = currentTarget;
    if (value.length <= LONGEST_DRAFT || value.length <= text.length) return model.write(value);
    currentTarget.value = text;
    setRefused(text);
  };
  const key = (event: TargetedKeyboardEvent<HTMLTextAreaElement>) => {
    if (event.key !== "Enter" || event.shiftKey || composing(event) || !finePointer()) return;
    event.preventDefault();
    send();
  };
  return (
    <form
      class="composer"
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      {refused === text ? (
        <p class="field-error" role="alert">
          {t("composer.too_long")}
        </p>
      ) : null}
      <textarea
        ref={box}
        class="input composer-box"
        rows={1}
        dir="auto"
        aria-label={t("composer.label")}
        placeholder={t("composer.label")}
        enterkeyhint={finePointer() ? "send" : "enter"}
        autocomplete="off"
        value={text}
        onBeforeInput={before}
        onInput={input}
        onKeyDown={key}
      />
      <button
        type="submit"
        class="button main"
        disabled={empty || model.seats.live.value === null}
        // A press must not take the focus from the box: the keyboard of a phone would close.
        onMouseDown={(event) => event.preventDefault()}
      >
        {t("composer.send")}
      </button>
    </form>
  );
}

function isTooLong(text: string): boolean {
  const bytes = (of: string) => new TextEncoder().encode(of).length;
  // No text has fewer bytes than characters.
  return (
    text.length > LONGEST_TEXT ||
    bytes(text) > LONGEST_TEXT ||
    bytes(JSON.stringify({ type: "text", text })) > LONGEST_JSON
  );
}

// With a finger, Enter breaks the line, as everywhere on a phone.
function finePointer(): boolean {
  return matchMedia("(pointer: fine)").matches;
}

function grow(box: HTMLTextAreaElement | null): void {
  if (!box) return;
  box.style.blockSize = "auto";
  const border = box.offsetHeight - box.clientHeight;
  box.style.blockSize = `${box.scrollHeight + border}px`;
}
