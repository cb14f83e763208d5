/** The link on show: its QR code, its address, what is left of its time, and the ways to hand it over. */
import { type ReadonlySignal, useComputed } from "@preact/signals";
import { useEffect, useId, useRef, useState } from "preact/hooks";
import { tDesk } from "../i18n/tDesk.ts";
import { EXACT } from "../ui/Field.tsx";
import { Wicket } from "../ui/Wicket.tsx";
import { HandOverButtons } from "./HandOverButtons.tsx";
import { isSpent, LinkStatus } from "./LinkStatus.tsx";
import type { LinksModel, ShownLink } from "./LinksModel.ts";
import { QrCode } from "./QrCode.tsx";
import { QrLarge } from "./QrLarge.tsx";
import { QrTools } from "./QrTools.tsx";
import { RevokeButton } from "./RevokeButton.tsx";

interface LinkPanelProps {
  readonly model: LinksModel;
  readonly link: ShownLink;
  readonly now: ReadonlySignal<number>;
  readonly announce: (sentence: string) => void;
}

export function LinkPanel({ model, link, now, announce }: LinkPanelProps) {
  const spent = useComputed(() => isSpent(model, link, now.value)).value;
  const panel = useRef<HTMLElement>(null);
  useEffect(() => {
    panel.current?.scrollIntoView({ block: "nearest" });
    // Asked for from a row further down, whose button is gone now: the focus goes along. In the form above it stays.
    if (!document.activeElement?.closest("form")) panel.current?.focus();
  }, []);
  return (
    <section ref={panel} class="card link-panel" tabIndex={-1} aria-label={tDesk("links.shown")}>
      <Picture model={model} link={link} now={now} spent={spent} />
      <div class="link-panel-side">
        <p class="link-panel-name">
          <bdi translate={false}>{link.label || link.chatId}</bdi>
        </p>
        <LinkStatus model={model} link={link} now={now} />
        {spent ? null : <p class="quiet-text">{tDesk("links.shown.hint")}</p>}
        {spent ? null : <Address model={model} link={link} announce={announce} />}
        {spent ? null : (
          <div class="actions link-ways">
            <HandOverButtons link={link} partner={model.partnerName} announce={announce} />
            <QrTools link={link} announce={announce} />
          </div>
        )}
        <EndActions model={model} spent={spent} />
      </div>
    </section>
  );
}

/** While the keys are made: the place where the link will be. The button says it already. */
export function MakingPanel() {
  return (
    <div class="card link-panel" aria-hidden="true">
      <div class="qr-frame making">
        <Wicket state="valid" size="medium" />
      </div>
      <p class="quiet-text">{tDesk("links.generating")}</p>
    </div>
  );
}

interface PictureProps extends Omit<LinkPanelProps, "announce"> {
  readonly spent: boolean;
}

function Picture({ model, link, now, spent }: PictureProps) {
  const [large, setLarge] = useState(false);
  return (
    <div class="link-panel-picture">
      <div class={spent ? "qr-frame spent" : "qr-frame"}>
        <QrCode text={link.url} name={tDesk("links.qr")} />
      </div>
      {spent ? null : (
        <button type="button" class="button wide" onClick={() => setLarge(true)}>
          {tDesk("links.large")}
        </button>
      )}
      {large ? <QrLarge model={model} link={link} now={now} onClose={() => setLarge(false)} /> : null}
    </div>
  );
}

function EndActions({ model, spent }: { readonly model: LinksModel; readonly spent: boolean }) {
  const row = model.shownRow.value;
  return (
    <div class="actions">
      {row && !spent ? <RevokeButton model={model} row={row} /> : null}
      {row && spent && model.mayReissue(row) ? (
        <button type="button" class="button" onClick={() => void model.reissue(row)}>
          {tDesk("links.reissue")}
        </button>
      ) : null}
      <button type="button" class="button bare" onClick={() => model.hide()}>
        {tDesk("links.hide")}
      </button>
    </div>
  );
}

/** The address with its Copy button: "Copied" only when it was. */
function Address({ model, link, announce }: Omit<LinkPanelProps, "now">) {
  const field = useRef<HTMLInputElement>(null);
  const id = useId();
  useEffect(() => {
    if (link.copied === "yes") announce(tDesk("links.copied.announce"));
    if (link.copied !== "no") return;
    announce(tDesk("links.copy.failed"));
    field.current?.select();
    // Each try, whatever the one before came to.
  }, [link]);
  return (
    <div class="field">
      <label for={id}>{tDesk("links.address")}</label>
      <div class="link-address">
        <input
          ref={field}
          id={id}
          class="input"
          dir="ltr"
          readOnly
          autocomplete="off"
          {...EXACT}
          value={link.url}
          onFocus={(event) => event.currentTarget.select()}
        />
        <button type="button" class="button" onClick={() => void model.copyAgain()}>
          {tDesk(link.copied === "yes" ? "action.copied" : "action.copy")}
        </button>
      </div>
      {link.copied === "no" ? <p class="field-error">{tDesk("links.copy.failed")}</p> : null}
    </div>
  );
}
