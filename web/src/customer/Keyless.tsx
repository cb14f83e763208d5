/** Where a chat is not to be read in this browser: its key is gone, or it never was here. */
import { Problem } from "../api/problem.ts";
import { faultText } from "../i18n/fault.ts";
import { tSeldom } from "../i18n/tSeldom.ts";
import { Notice } from "../link/Door.tsx";
import { Announced } from "../ui/Announced.tsx";
import type { CustomerModel } from "./CustomerModel.ts";
import type { Keyless } from "./enter.ts";

interface NoKeyProps {
  readonly screen: Keyless;
  readonly model: CustomerModel;
}

/** Asks the partner for a new link, in place of the key that is gone. */
async function ask({ screen, model }: NoKeyProps): Promise<void> {
  const { chatRef, wish } = screen;
  if (wish.kind === "busy") return;
  model.wishes(screen, { kind: "busy" });
  try {
    await model.api.call("POST /api/chats/{chatRef}/ask", { path: { chatRef } });
    model.wishes(screen, { kind: "made" });
  } catch (thrown) {
    const problem = Problem.of(thrown);
    if (problem.code === "seat_closed") await model.enter(chatRef);
    else model.wishes(screen, { kind: "failed", problem });
  }
}

/** The right to the chat is here, its key is not: one press asks for a new link. */
export function NoKey(props: NoKeyProps) {
  return (
    <Notice wicket="shut" heading={tSeldom("chat.keyless.heading")} reason={tSeldom("chat.keyless.reason")}>
      <Asking {...props} />
    </Notice>
  );
}

function Asking(props: NoKeyProps) {
  const { partner, wish } = props.screen;
  const busy = wish.kind === "busy";
  return (
    <>
      {wish.kind === "made" ? null : (
        <button
          type="button"
          class="button main wide"
          aria-busy={busy ? "true" : undefined}
          onClick={() => void ask(props)}
        >
          {tSeldom(busy ? "chat.keyless.asking" : "chat.keyless.ask")}
        </button>
      )}
      {wish.kind === "made" ? (
        <Announced>
          {tSeldom.parts("chat.keyless.asked", { partner: <bdi translate={false}>{partner}</bdi> })}
        </Announced>
      ) : null}
      {wish.kind === "failed" ? (
        <p class="notice danger" role="alert">
          {faultText(wish.problem)}
        </p>
      ) : null}
    </>
  );
}

/** Neither right nor key is in this browser. */
export function Elsewhere() {
  return (
    <Notice
      wicket="shut"
      heading={tSeldom("chat.elsewhere.heading")}
      reason={tSeldom("chat.elsewhere.reason")}
    >
      <p>{tSeldom("chat.elsewhere.next")}</p>
    </Notice>
  );
}
