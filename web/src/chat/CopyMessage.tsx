/** Copies a message's words, exactly as they were said. It stands beside the bubble, so that nothing moves for it. */
import { useState } from "preact/hooks";
import { say } from "../say/say.ts";
import { announce } from "../ui/announcer.ts";
import { copyText } from "../ui/copy.ts";

/** A quiet button, which says that it copied only when it did. */
export function CopyMessage({ text }: { readonly text: string }) {
  const [copied, setCopied] = useState(false);
  const copy = async (event: MouseEvent) => {
    const done = await copyText(text, wordsBeside(event));
    setCopied(done);
    if (done) announce(say("message.copied"));
  };
  const label = copied ? undefined : say("message.copy");
  return (
    // The log announces what is said, and not what can be done with it.
    <div class="message-tools" aria-live="off">
      <button type="button" class="button bare icon copy" aria-label={label} title={label} onClick={copy}>
        {copied ? (
          <span class="copied">{say("message.copied")}</span>
        ) : (
          <svg class="sign" viewBox="0 0 24 24" aria-hidden="true">
            <path d="M9 9h10v11H9zM15 9V4H5v11h4" />
          </svg>
        )}
      </button>
    </div>
  );
}

/** The words of the message that a button belongs to. */
export function wordsBeside({ currentTarget }: Event): Element | null {
  if (!(currentTarget instanceof Element)) return null;
  return currentTarget.closest(".message")?.querySelector(".message-text") ?? null;
}
