/** Hands the link to another program: the system's share sheet, mail, text messages. */
import { useMemo, useState } from "preact/hooks";
import { tDesk } from "../i18n/tDesk.ts";
import { type HandOver, mailAddress, share, sharerOf, smsAddress } from "./handOver.ts";
import type { ShownLink } from "./LinksModel.ts";
import { wholeInstant } from "./wholeInstant.ts";

interface HandOverProps {
  readonly link: ShownLink;
  readonly partner: string;
  readonly announce: (sentence: string) => void;
}

export function HandOverButtons({ link, partner, announce }: HandOverProps) {
  const sharer = useMemo(() => sharerOf(navigator), []);
  const [failed, setFailed] = useState(false);
  const time = wholeInstant(Date.parse(link.expiresAt));
  const handed: HandOver = {
    subject: tDesk("links.send.subject", { partner }),
    text: tDesk("links.send.text", { partner, time }),
    url: link.url,
  };
  const open = async (how: NonNullable<typeof sharer>) => {
    const done = await share(how, handed);
    setFailed(!done);
    if (!done) announce(tDesk("links.send.failed"));
  };
  return (
    <div class="field">
      <div class="actions">
        {sharer ? (
          <button type="button" class="button" onClick={() => void open(sharer)}>
            {tDesk("links.send.share")}
          </button>
        ) : null}
        <a class="button" href={mailAddress(handed)}>
          {tDesk("links.send.mail")}
        </a>
        <a class="button only-touch" href={smsAddress(handed)}>
          {tDesk("links.send.sms")}
        </a>
      </div>
      {failed ? <p class="field-error">{tDesk("links.send.failed")}</p> : null}
    </div>
  );
}
