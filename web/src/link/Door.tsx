/** The customer's landing: a tall door with one button, or the one reason why there is none. */
import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { faultWords } from "../say/fault.ts";
import { type Key, say } from "../say/say.ts";
import { relativeWords } from "../say/when.ts";
import { Wicket, type WicketState } from "../ui/Wicket.tsx";
import type { DoorModel, DoorState, Start } from "./DoorModel.ts";
import { chatPath } from "./link.ts";
import type { DeadEnd } from "./redeem.ts";

interface DoorProps {
  readonly model: DoorModel;
  /** Goes back into a chat that this browser holds. */
  readonly onReturn: (chatRef: string) => void;
}

/** Shows a door. */
export function Door({ model, onReturn }: DoorProps) {
  const state = model.state.value;
  switch (state.kind) {
    case "valid":
      return <Invitation state={state} model={model} />;
    case "dead":
      return (
        <DeadDoor why={state.why} partner={model.partner} returnTo={state.returnTo} onReturn={onReturn} />
      );
    default:
      return state satisfies never;
  }
}

interface InvitationProps {
  readonly state: DoorState & { readonly kind: "valid" };
  readonly model: DoorModel;
}

function Invitation({ state, model }: InvitationProps) {
  const start = model.start.value;
  const busy = start.kind === "busy";
  const partner = named(model.partner);
  return (
    <section class="door">
      <Wicket state="valid" size="large" turning={busy} />
      <h1>{say.parts("door.valid.heading", { partner })}</h1>
      <p>{say.parts("door.valid.reason", { partner })}</p>
      {state.expiresAt === null ? null : (
        <p class="quiet-text">
          {say("door.valid.expiry", { time: relativeWords(state.expiresAt, Date.now()) })}
        </p>
      )}
      <button
        type="button"
        class="button main wide"
        disabled={state.checked === null}
        aria-busy={busy ? "true" : undefined}
        onClick={() => model.tap()}
      >
        {busy ? say("door.starting") : say("door.start")}
      </button>
      <div role="status">{start.kind === "failed" ? <Failure start={start} /> : null}</div>
      <p class="quiet-text">
        {state.checked === "sealed" ? say.parts("door.verified", { partner }) : say("door.encrypted")}
      </p>
      {state.fleeting ? <p class="notice warn">{say("door.memory")}</p> : null}
    </section>
  );
}

function Failure({ start: { problem } }: { readonly start: Start & { readonly kind: "failed" } }) {
  if (problem.refusal) {
    return <p class="notice danger">{say("door.failed.reason", { reason: faultWords(problem) })}</p>;
  }
  return <p class="notice danger">{navigator.onLine ? say("door.failed") : say("door.offline")}</p>;
}

interface DeadDoorProps {
  readonly why: DeadEnd;
  readonly partner: string | null;
  readonly returnTo: string | null;
  readonly onReturn: (chatRef: string) => void;
}

/** What a dead end says: its wicket, heading, reason and next step; the second of each pair is for a nameless partner. */
const DEAD: Record<DeadEnd, { wicket: WicketState; heading: Key; reason: [Key, Key]; next: [Key, Key] }> = {
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
    ...dead("dashed", "door.incomplete.heading", "door.incomplete.reason"),
    next: ["door.incomplete.next", "door.incomplete.next"],
  },
  mismatch: {
    ...dead("shut", "door.mismatch.heading", "door.mismatch.reason"),
    next: ["door.mismatch.next", "door.mismatch.next.plain"],
  },
  unable: {
    ...dead("dashed", "door.unable.heading", "door.unable.reason"),
    next: ["door.unable.next", "door.unable.next"],
  },
  replaced: dead("shut", "door.closed.replaced.heading", "door.closed.replaced.reason"),
  ended: dead("shut", "door.closed.ended.heading", "door.closed.ended.reason"),
};

function dead(wicket: WicketState, heading: Key, reason: Key) {
  const next: [Key, Key] = ["door.used.next", "door.used.next.plain"];
  return { wicket, heading, reason: [reason, reason] as [Key, Key], next };
}

/** A link that opens nothing any more. */
export function DeadDoor({ why, partner, returnTo, onReturn }: DeadDoorProps) {
  const { wicket, heading, reason, next } = DEAD[why];
  const which = partner === null ? 1 : 0;
  if (returnTo !== null) {
    return (
      <Notice wicket="ajar" heading={say(heading)} reason={say("door.used.held")}>
        <a
          class="button main wide"
          href={chatPath(returnTo)}
          onClick={(event) => {
            event.preventDefault();
            onReturn(returnTo);
          }}
        >
          {say("door.used.return")}
        </a>
      </Notice>
    );
  }
  const names = { partner: named(partner) };
  return (
    <Notice wicket={wicket} heading={say(heading)} reason={say.parts(reason[which], names)}>
      <p>{say.parts(next[which], names)}</p>
    </Notice>
  );
}

interface NoticeProps {
  readonly wicket: WicketState;
  readonly heading: string;
  readonly reason: ComponentChildren;
  /** The one next step. */
  readonly children: ComponentChildren;
}

/** A door that does not open: heading, reason, next step; the heading takes the focus. */
export function Notice({ wicket, heading, reason, children }: NoticeProps) {
  const title = useRef<HTMLHeadingElement>(null);
  useEffect(() => title.current?.focus(), [heading]);
  return (
    <section class="door end">
      <Wicket state={wicket} size="large" />
      <h1 ref={title} tabIndex={-1}>
        {heading}
      </h1>
      <p>{reason}</p>
      {children}
    </section>
  );
}

function named(partner: string | null) {
  return <bdi>{partner ?? ""}</bdi>;
}
