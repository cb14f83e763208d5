/** The customer's landing: a tall door with one button. */
import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { Problem } from "../api/problem.ts";
import { faultText } from "../i18n/fault.ts";
import { t } from "../i18n/t.ts";
import { relativeText } from "../i18n/when.ts";
import { Wicket, type WicketState } from "../ui/Wicket.tsx";
import type { DoorModel, DoorState, Start } from "./DoorModel.ts";

interface DoorProps {
  readonly model: DoorModel;
  /** What stands where the link opens nothing: few people meet it, so it comes from elsewhere. */
  readonly dead: (state: DoorState & { readonly kind: "dead" }) => ComponentChildren;
}

/** Shows a door. */
export function Door({ model, dead }: DoorProps) {
  const state = model.state.value;
  switch (state.kind) {
    case "valid":
      return <Invitation state={state} model={model} />;
    case "dead":
      return <>{dead(state)}</>;
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
  // A clock that is ahead knows nothing of a link that still works.
  const [now, expiry] = [Date.now(), state.expiresAt ?? 0];
  return (
    <section class="door">
      <Wicket state="valid" size="large" turning={busy} />
      <h1>{t.parts("door.valid.heading", { partner })}</h1>
      <p>{t.parts("door.valid.reason", { partner })}</p>
      {expiry > now ? (
        <p class="quiet-text">{t("door.valid.expiry", { time: relativeText(expiry, now) })}</p>
      ) : null}
      <button
        type="button"
        class="button main wide"
        disabled={state.checked === null}
        aria-busy={busy ? "true" : undefined}
        onClick={() => model.tap()}
      >
        {busy ? t("door.starting") : t("door.start")}
      </button>
      {start.kind === "failed" ? <Failure start={start} /> : null}
      <p class="quiet-text">
        {state.checked === "sealed" ? t.parts("door.verified", { partner }) : t("door.encrypted")}
      </p>
      {state.fleeting ? <p class="notice warn">{t("door.memory")}</p> : null}
    </section>
  );
}

function Failure({ start: { fault } }: { readonly start: Start & { readonly kind: "failed" } }) {
  const network = fault instanceof Problem && fault.refusal === null;
  return (
    <p class="notice danger" role="alert">
      {network
        ? t(navigator.onLine ? "door.failed" : "door.offline")
        : t("door.failed.reason", { reason: faultText(fault) })}
    </p>
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

/** A name in its own direction. */
export function named(partner: string | null) {
  return <bdi translate={false}>{partner ?? ""}</bdi>;
}
