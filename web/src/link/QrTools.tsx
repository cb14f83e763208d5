/** The code as a picture file, or on paper. */
import { useState } from "preact/hooks";
import { tDesk } from "../i18n/tDesk.ts";
import type { ShownLink } from "./LinksModel.ts";
import { fileName, qrPng, qrSvg } from "./qrFile.ts";

interface QrToolsProps {
  readonly link: ShownLink;
  readonly announce: (sentence: string) => void;
}

export function QrTools({ link, announce }: QrToolsProps) {
  const name = link.label || link.chatId;
  const [failed, setFailed] = useState(false);
  const savePng = async () => {
    const picture = await qrPng(link.url, document);
    setFailed(picture === null);
    if (picture) save(picture, fileName(name, "png"));
    else announce(tDesk("links.save.failed"));
  };
  return (
    <div class="actions">
      <button type="button" class="button" onClick={() => save(qrSvg(link.url), fileName(name, "svg"))}>
        {tDesk("links.save.svg")}
      </button>
      <button type="button" class="button" onClick={() => void savePng()}>
        {tDesk("links.save.png")}
      </button>
      <button type="button" class="button" onClick={() => print()}>
        {tDesk("links.print")}
      </button>
      {failed ? <p class="field-error">{tDesk("links.save.failed")}</p> : null}
    </div>
  );
}

function save(file: Blob, name: string): void {
  const address = URL.createObjectURL(file);
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}
