/** What a printer gets of the page while a link is on show: one card. No screen shows it. */
import { tDesk } from "../i18n/tDesk.ts";
import type { ShownLink } from "./LinksModel.ts";
import { QrCode } from "./QrCode.tsx";
import { wholeInstant } from "./wholeInstant.ts";

interface PrintCardProps {
  readonly link: ShownLink;
  readonly partner: string;
}

export function PrintCard({ link, partner }: PrintCardProps) {
  const name = <bdi translate={false}>{partner}</bdi>;
  return (
    <article class="print-card">
      <h1>{name}</h1>
      <QrCode text={link.url} name={tDesk("links.qr")} />
      <p class="print-card-scan">{tDesk.parts("links.card.scan", { partner: name })}</p>
      <p>{tDesk("links.card.until", { time: wholeInstant(Date.parse(link.expiresAt)) })}</p>
      <p class="print-card-address" dir="ltr" translate={false}>
        {link.url}
      </p>
    </article>
  );
}
