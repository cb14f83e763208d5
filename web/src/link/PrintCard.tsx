/** What a printer gets of the page while a link is on show: one card. No screen shows it. */
import { sayDesk } from "../i18n/tDesk.ts";
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
      <QrCode text={link.url} name={sayDesk("links.qr")} />
      <p class="print-card-scan">{sayDesk.parts("links.card.scan", { partner: name })}</p>
      <p>{sayDesk("links.card.until", { time: wholeInstant(Date.parse(link.expiresAt)) })}</p>
      <p class="print-card-address" dir="ltr" translate={false}>
        {link.url}
      </p>
    </article>
  );
}
