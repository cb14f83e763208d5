/** Hands the link to another program: the system's share sheet, mail, text messages. */
import { useMemo, useState } from "preact/hooks";
import { sayDesk } from "../i18n/tDesk.ts";
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
    subject: sayDesk("links.send.subject", { partner }),
    text: sayDesk("links.send.text", { partner, time }),
    url: link.url,
  };
  const open = async (how: NonNullable<typeof sharer>) => {
    const done = await share(how, handed);
    setFailed(!done);
    if (!done) announce(sayDesk("links.send.failed"));
  };
  return (
    <div class="field">
      <div class="actions">
        {sharer ? (
          <button type="button" class="button" onClick={() => void open(sharer)}>
            {sayDesk("links.send.share")}
          </button>
        ) : null}
        <a class="button" href={mailAddress(handed)}>
          {sayDesk("links.send.mail")}
        </a>
        <a class="button only-touch" href={smsAddress(handed)}>
          {sayDesk("links.send.sms")}
        </a>
      </div>
      {failed ? <p class="field-error">{sayDesk("links.send.failed")}</p> : null}
    </div>
  );
}
