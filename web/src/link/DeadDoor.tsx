/** Where a link opens nothing any more: the one reason, and the one next step. */
import { t } from "../i18n/t.ts";
import { type SeldomTextKey, tSeldom } from "../i18n/tSeldom.ts";
import type { WicketState } from "../ui/Wicket.tsx";
import { Notice, named } from "./Door.tsx";
import { chatPath } from "./link.ts";
import type { DeadEnd } from "./redeem.ts";

interface DeadDoorProps {
  readonly why: DeadEnd;
  readonly partner: string | null;
  readonly returnTo: string | null;
  /** Goes back into a chat that this browser holds. */
  readonly onReturn: (chatRef: string) => void;
}

/** What a dead end says: its wicket, heading, reason and next step; the second of each pair is for a nameless partner. */
const DEAD: Record<
  DeadEnd,
  {
    wicket: WicketState;
    heading: SeldomTextKey;
    reason: [SeldomTextKey, SeldomTextKey];
    next: [SeldomTextKey, SeldomTextKey];
  }
> = {
  used: dead("shut", "door.used.heading", "door.used.reason"),
  expired: dead("dashed", "door.expired.heading", "door.expired.reason"),
  revoked: {
    ...dead("shut", "door.revoked.heading", "door.revoked.reason"),
    reason: ["door.revoked.reason", "door.revoked.reason.plain"],
  },
  not_found: {
    ...dead("dashed", "door.not_found.heading", "door.not_found.reason"),
    next: ["door.not_found.next", "door.not_found.next"],
  },
  incomplete: {
    ...dead("valid", "door.incomplete.heading", "door.incomplete.reason"),
    next: ["door.incomplete.next", "door.incomplete.next"],
  },
  mismatch: {
    ...dead("shut", "door.mismatch.heading", "door.mismatch.reason"),
    next: ["door.mismatch.next", "door.mismatch.next.plain"],
  },
  unable: {
    ...dead("valid", "door.unable.heading", "door.unable.reason"),
    next: ["door.unable.next", "door.unable.next"],
  },
  // Here the next step is a button.
  not_loaded: dead("valid", "door.not_loaded.heading", "door.not_loaded.reason"),
  cookies: {
    ...dead("valid", "door.cookies.heading", "door.cookies.reason"),
    next: ["door.cookies.next", "door.cookies.next"],
  },
  superseded: dead("shut", "door.closed.replaced.heading", "door.closed.replaced.reason"),
  chat_ended: dead("shut", "door.closed.ended.heading", "door.closed.ended.reason"),
};

function dead(wicket: WicketState, heading: SeldomTextKey, reason: SeldomTextKey) {
  const next: [SeldomTextKey, SeldomTextKey] = ["door.used.next", "door.used.next.plain"];
  return { wicket, heading, reason: [reason, reason] as [SeldomTextKey, SeldomTextKey], next };
}

/** A link that opens nothing any more. */
export function DeadDoor({ why, partner, returnTo, onReturn }: DeadDoorProps) {
  const { wicket, heading, reason, next } = DEAD[why];
  const which = partner === null ? 1 : 0;
  if (returnTo !== null) {
    return (
      <Notice wicket="ajar" heading={tSeldom(heading)} reason={tSeldom("door.used.held")}>
        <a
          class="button main wide"
          href={chatPath(returnTo)}
          onClick={(event) => {
            event.preventDefault();
            onReturn(returnTo);
          }}
        >
          {tSeldom("door.used.return")}
        </a>
      </Notice>
    );
  }
  const names = { partner: named(partner) };
  return (
    <Notice wicket={wicket} heading={tSeldom(heading)} reason={tSeldom.parts(reason[which], names)}>
      {why === "not_loaded" ? (
        <button type="button" class="button main wide" onClick={() => location.reload()}>
          {t("action.reload")}
        </button>
      ) : (
        <p>{tSeldom.parts(next[which], names)}</p>
      )}
    </Notice>
  );
}
