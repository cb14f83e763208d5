/** Something that is shown only once, with the ways to keep it: a recovery code, an API key. */
import type { ComponentChildren } from "preact";
import { useRef, useState } from "preact/hooks";
import { tDesk } from "../../i18n/tDesk.ts";
import { announce } from "../../ui/announcer.ts";
import { type Copied, copyText } from "../../ui/copy.ts";
import { EXACT } from "../../ui/Field.tsx";

interface ShownOnceProps {
  readonly label: string;
  readonly text: string;
  readonly copyLabel: string;
  /** Further ways to keep it, beside Copy. */
  readonly children?: ComponentChildren;
}

/** The text in a field, and Copy: it says "Copied" only when it was. */
export function ShownOnce({ label, text, copyLabel, children }: ShownOnceProps) {
  const field = useRef<HTMLTextAreaElement>(null);
  const [copied, setCopied] = useState<Copied>("not_asked");
  const copy = async () => {
    const done = await copyText(text);
    setCopied(done ? "yes" : "no");
    announce(tDesk(done ? "action.copied" : "links.copy.failed"));
    if (!done) field.current?.select();
  };
  return (
    <div class="field shown-once">
      <label>
        <span>{label}</span>
        <textarea
          ref={field}
          class="input"
          dir="ltr"
          rows={2}
          readOnly
          autocomplete="off"
          {...EXACT}
          value={text}
        />
      </label>
      <div class="actions">
        <button type="button" class="button" onClick={() => void copy()}>
          {copied === "yes" ? tDesk("action.copied") : copyLabel}
        </button>
        {children}
      </div>
      {copied === "no" ? <p class="field-error">{tDesk("links.copy.failed")}</p> : null}
    </div>
  );
}
