/** Where a chat is not to be read in this browser: its key is gone, or it never was here. */
import { Notice } from "../link/Door.tsx";
import { faultWords } from "../say/fault.ts";
import { saySeldom } from "../say/seldom.ts";
import { Said } from "../ui/Said.tsx";
import type { Keyless } from "./enter.ts";

interface NoKeyProps {
  readonly screen: Keyless;
  readonly onAsk: () => void;
}

/** The right to the chat is here, its key is not: one press asks for a new link. */
export function NoKey(props: NoKeyProps) {
  return (
    <Notice
      wicket="shut"
      heading={saySeldom("chat.keyless.heading")}
      reason={saySeldom("chat.keyless.reason")}
    >
      <Asking {...props} />
    </Notice>
  );
}

function Asking({ screen, onAsk }: NoKeyProps) {
  const { partner, wish } = screen;
  const busy = wish.kind === "busy";
  return (
    <>
      {wish.kind === "made" ? null : (
        <button type="button" class="button main wide" aria-busy={busy ? "true" : undefined} onClick={onAsk}>
          {saySeldom(busy ? "chat.keyless.asking" : "chat.keyless.ask")}
        </button>
      )}
      {wish.kind === "made" ? (
        <Said>
          {saySeldom.parts("chat.keyless.asked", { partner: <bdi translate={false}>{partner}</bdi> })}
        </Said>
      ) : null}
      {wish.kind === "failed" ? (
        <p class="notice danger" role="alert">
          {faultWords(wish.problem)}
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
      heading={saySeldom("chat.elsewhere.heading")}
      reason={saySeldom("chat.elsewhere.reason")}
    >
      <p>{saySeldom("chat.elsewhere.next")}</p>
    </Notice>
  );
}
