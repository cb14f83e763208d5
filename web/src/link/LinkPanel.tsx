/** The link on show: its QR code, its address, what is left of its time, and what can be done with it. */
import type { ReadonlySignal } from "@preact/signals";
import { useEffect, useId, useRef } from "preact/hooks";
import { sayDesk } from "../say/desk.ts";
import { language, say } from "../say/say.ts";
import { LinkState } from "./LinkState.tsx";
import type { LinksModel, ShownLink } from "./LinksModel.ts";
import { countdown, stateAt } from "./lifetime.ts";
import { QrCode } from "./QrCode.tsx";
import { RevokeButton } from "./RevokeButton.tsx";

interface LinkPanelProps {
  readonly model: LinksModel;
  readonly link: ShownLink;
  readonly now: ReadonlySignal<number>;
  readonly announce: (sentence: string) => void;
}

export function LinkPanel({ model, link, now, announce }: LinkPanelProps) {
  const row = model.shownRow.value;
  const spent = row !== null && stateAt(row, now.value) !== "valid";
  const name = link.label || link.chatId;
  const panel = useRef<HTMLElement>(null);
  useEffect(() => {
    panel.current?.scrollIntoView({ block: "nearest" });
    // Asked for from a row further down, whose button is gone now: the focus goes along. In the form above it stays.
    if (!document.activeElement?.closest("form")) panel.current?.focus();
  }, []);
  return (
    <section ref={panel} class="card link-panel" tabIndex={-1} aria-label={sayDesk("links.shown")}>
      <div class={spent ? "qr-frame spent" : "qr-frame"}>
        <QrCode text={link.url} name={sayDesk("links.qr")} />
      </div>
      <div class="link-panel-side">
        <p class="link-panel-name">
          <bdi>{name}</bdi>
        </p>
        {row ? <LinkState row={row} now={now} /> : <TimeLeft link={link} now={now} />}
        {spent ? null : <p class="quiet-text">{sayDesk("links.shown.hint")}</p>}
        <Address model={model} link={link} announce={announce} />
        <div class="actions">
          {row && !spent ? <RevokeButton model={model} row={row} /> : null}
          {row && spent ? (
            <button type="button" class="button" onClick={() => void model.reissue(row)}>
              {sayDesk("links.reissue")}
            </button>
          ) : null}
          <button type="button" class="button bare" onClick={() => model.hide()}>
            {sayDesk("links.hide")}
          </button>
        </div>
      </div>
    </section>
  );
}

function TimeLeft({ link, now }: Pick<LinkPanelProps, "link" | "now">) {
  const time = countdown(link.expiresAt, now.value, language());
  return <p class="link-state valid">{sayDesk("links.shown.valid", { time })}</p>;
}

/** The address with its Copy button: "Copied" only when it was. */
function Address({ model, link, announce }: Omit<LinkPanelProps, "now">) {
  const field = useRef<HTMLInputElement>(null);
  const id = useId();
  useEffect(() => {
    if (link.copied === "yes") announce(sayDesk("links.copied.announce"));
    if (link.copied === "no") field.current?.select();
  }, [link.copied]);
  return (
    <div class="field">
      <label for={id}>{sayDesk("links.address")}</label>
      <div class="link-address">
        <input
          ref={field}
          id={id}
          class="input"
          dir="ltr"
          readOnly
          value={link.url}
          onFocus={(event) => event.currentTarget.select()}
        />
        <button type="button" class="button" onClick={() => void model.copyAgain()}>
          {link.copied === "yes" ? say("action.copied") : say("action.copy")}
        </button>
      </div>
      {link.copied === "no" ? <p class="field-error">{sayDesk("links.copy.failed")}</p> : null}
    </div>
  );
}
