/** Copies a message's words, exactly as they were said. It stands beside the bubble, so that nothing moves for it. */
import { useState } from "preact/hooks";
import { t } from "../i18n/t.ts";
import { announce } from "../ui/announcer.ts";
import { type Copied, copyText } from "../ui/copy.ts";

/** A quiet button, which says that it copied only when it did. */
export function CopyMessage({ text }: { readonly text: string }) {
  const [copied, copy] = useCopy(text);
  const label = copied === "yes" ? undefined : t("message.copy");
  return (
    // The log announces what is said, and not what can be done with it.
    <div class="message-tools" aria-live="off">
      <div class="copy-place">
        <button type="button" class="button bare icon copy" aria-label={label} title={label} onClick={copy}>
          {copied === "yes" ? (
            <span class="copied">{t("message.copied")}</span>
          ) : (
            <svg class="sign" viewBox="0 0 24 24" aria-hidden="true">
              <path d="M9 9h10v11H9zM15 9V4H5v11h4" />
            </svg>
          )}
        </button>
        {copied === "no" ? <p class="copied by-hand">{t("message.selected")}</p> : null}
      </div>
    </div>
  );
}

/** Copies the words of the message around the pressed button, or selects them where the browser refuses. */
export function useCopy(text: string): [Copied, (event: Event) => Promise<void>] {
  const [copied, setCopied] = useState<Copied>("not_asked");
  const copy = async ({ currentTarget }: Event) => {
    const message = currentTarget instanceof Element ? currentTarget.closest(".message") : null;
    const done = await copyText(text, message?.querySelector(".message-text"));
    setCopied(done ? "yes" : "no");
    announce(t(done ? "message.copied" : "message.selected"));
  };
  return [copied, copy];
}
