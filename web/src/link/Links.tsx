/** `/partners/qrcodes`: makes links, shows the one that was made, and lists them all. */
import { type ReadonlySignal, useComputed } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { faultText } from "../i18n/deskFault.ts";
import { tDesk } from "../i18n/tDesk.ts";
import { LinkForm } from "./LinkForm.tsx";
import { LinkList } from "./LinkList.tsx";
import { LinkPanel, MakingPanel } from "./LinkPanel.tsx";
import { isSpent } from "./LinkStatus.tsx";
import type { LinksModel } from "./LinksModel.ts";
import { isLoopback } from "./loopback.ts";
import { PrintCard } from "./PrintCard.tsx";
import "./links.css";
import "./print.css";

interface LinksProps {
  readonly model: LinksModel;
  readonly now: ReadonlySignal<number>;
  /** The host of the public address. */
  readonly host: string;
  readonly announce: (sentence: string) => void;
}

export function Links({ model, now, host, announce }: LinksProps) {
  const shown = model.shown.value;
  // Each second asks, and only the end of the link draws the page anew.
  const spent = useComputed(() => {
    const { value } = model.shown;
    return value.kind === "shown" && isSpent(model, value.link, now.value);
  }).value;
  const onPaper = shown.kind === "shown" && !spent ? shown.link : null;
  return (
    <div class={onPaper ? "page links with-card" : "page links"}>
      <header class="page-head">
        <h1 tabIndex={-1} data-heading>
          {tDesk("links.heading")}
        </h1>
        <p class="quiet-text">{tDesk("links.lead")}</p>
      </header>
      <div class="links-make">
        <LinkForm model={model} />
        {shown.kind === "failed" ? <NotMade fault={shown.fault} /> : null}
        {shown.kind === "making" ? <MakingPanel /> : null}
        {shown.kind === "shown" ? (
          <LinkPanel key={shown.link.ref} model={model} link={shown.link} now={now} announce={announce} />
        ) : null}
        {isLoopback(host) ? (
          <p class="notice warn">
            {tDesk.parts("links.loopback", {
              host,
              option: (
                <code translate={false} class="option">
                  --public-url
                </code>
              ),
            })}
          </p>
        ) : null}
      </div>
      <LinkList model={model} now={now} announce={announce} />
      {onPaper ? <PrintCard link={onPaper} partner={model.partnerName} /> : null}
    </div>
  );
}

function NotMade({ fault }: { readonly fault: unknown }) {
  const place = useRef<HTMLParagraphElement>(null);
  // It may have been asked for from a row far below.
  useEffect(() => place.current?.scrollIntoView({ block: "nearest" }), []);
  return (
    <p ref={place} class="notice danger" role="alert">
      {tDesk("links.failed", { reason: faultText(fault) })}
    </p>
  );
}
