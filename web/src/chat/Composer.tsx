/** Where one writes: it grows with the words, keeps the focus, and knows an Enter that belongs to an input method. */

import type { TargetedKeyboardEvent } from "preact";
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { MAX_TEXT } from "../crypto/lengths.ts";
import { say } from "../say/say.ts";
import { isBlank } from "../text/blank.ts";
import { composing } from "../ui/composing.ts";
import type { ChatModel } from "./ChatModel.ts";

interface ComposerProps {
  readonly model: ChatModel;
}

/** Writes to the chat. */
export function Composer({ model }: ComposerProps) {
  const box = useRef<HTMLTextAreaElement>(null);
  const text = model.draft.text.value;
  const empty = isBlank(text);
  // What nobody could send stays where one writes: it can be sent in parts.
  const [refused, setRefused] = useState("");
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
      {refused && refused === text ? (
        <p class="field-error" role="alert">
          {say("composer.too_long")}
        </p>
      ) : null}
      <textarea
        ref={box}
        class="input composer-box"
        rows={1}
        dir="auto"
        aria-label={say("composer.label")}
        placeholder={say("composer.label")}
        enterkeyhint={finePointer() ? "send" : "enter"}
        autocomplete="off"
        value={text}
        onInput={(event) => model.write(event.currentTarget.value)}
        onKeyDown={key}
      />
      <button
        type="submit"
        class="button main"
        disabled={empty || model.seats.live.value === null}
        // A press must not take the focus from the box: the keyboard of a phone would close.
        onMouseDown={(event) => event.preventDefault()}
      >
        {say("composer.send")}
      </button>
    </form>
  );
}

function isTooLong(text: string): boolean {
  return new TextEncoder().encode(text).length > MAX_TEXT;
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
