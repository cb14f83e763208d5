/** The list of chats, the most recently active first, and the way to find one. */
import type { ReadonlySignal } from "@preact/signals";
import { faultText } from "../../i18n/deskFault.ts";
import { tDesk } from "../../i18n/tDesk.ts";
import { Again } from "../../ui/Again.tsx";
import { Wicket } from "../../ui/Wicket.tsx";
import { InboxFinder, Progress } from "./InboxFinder.tsx";
import type { InboxModel } from "./InboxModel.ts";
import { InboxRows } from "./InboxRows.tsx";
import "./inbox.css";

interface InboxProps {
  readonly model: InboxModel;
  /** The chat that is open beside it. */
  readonly open: string | null;
  readonly now: ReadonlySignal<number>;
  readonly announce: (sentence: string) => void;
}

export function Inbox({ model, open, now, announce }: InboxProps) {
  const known = model.inbox.value.kind === "ready" && model.chats.value.length > 0;
  return (
    <section class="inbox" aria-labelledby="inbox-heading">
      <div class="inbox-head">
        <h1 id="inbox-heading" tabIndex={-1} data-heading>
          {tDesk("inbox.heading")}
        </h1>
        {known ? <InboxFinder search={model.search} /> : null}
        {known ? <Progress model={model} announce={announce} /> : null}
      </div>
      <List model={model} open={open} now={now} />
    </section>
  );
}

function List({ model, open, now }: Omit<InboxProps, "announce">) {
  const inbox = model.inbox.value;
  switch (inbox.kind) {
    case "loading":
      return <p class="quiet-text late">{tDesk("desk.loading")}</p>;
    case "failed":
      return (
        <div class="notice danger" role="alert">
          <p>{tDesk("inbox.failed")}</p>
          <p>{faultText(inbox.fault)}</p>
          <Again fault={inbox.fault} onAgain={() => void model.again()} />
        </div>
      );
    case "ready":
      if (model.chats.value.length === 0) return <Empty />;
      return <InboxRows model={model} open={open} now={now} />;
    default:
      return inbox satisfies never;
  }
}

function Empty() {
  return (
    <div class="empty">
      <Wicket state="valid" size="medium" />
      <h2>{tDesk("inbox.empty.heading")}</h2>
      <p class="quiet-text">{tDesk("inbox.empty.reason")}</p>
      <a class="button" href="/partners/qrcodes">
        {tDesk("inbox.empty.next")}
      </a>
    </div>
  );
}
