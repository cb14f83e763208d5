/** The code as large as the screen, to be held out across a counter. */
import type { ReadonlySignal } from "@preact/signals";
import { t } from "../i18n/t.ts";
import { tDesk } from "../i18n/tDesk.ts";
import { Dialog } from "../ui/Dialog.tsx";
import { isSpent, LinkStatus } from "./LinkStatus.tsx";
import type { LinksModel, ShownLink } from "./LinksModel.ts";
import { QrCode } from "./QrCode.tsx";

interface QrLargeProps {
  readonly model: LinksModel;
  readonly link: ShownLink;
  readonly now: ReadonlySignal<number>;
  readonly onClose: () => void;
}

export function QrLarge({ model, link, now, onClose }: QrLargeProps) {
  const spent = isSpent(model, link, now.value);
  const title = tDesk.parts("links.card.scan", {
    partner: <bdi translate={false}>{model.partnerName}</bdi>,
  });
  return (
    <Dialog title={title} onClose={onClose}>
      <div class="qr-large">
        <div class={spent ? "qr-frame spent" : "qr-frame"}>
          <QrCode text={link.url} name={tDesk("links.qr")} />
        </div>
        <LinkStatus model={model} link={link} now={now} />
        <button type="button" class="button" onClick={onClose}>
          {t("action.close")}
        </button>
      </div>
    </Dialog>
  );
}
