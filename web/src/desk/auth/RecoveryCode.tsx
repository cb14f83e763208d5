/** The recovery code, shown once: to be copied, printed or saved, and confirmed. */
import { useState } from "preact/hooks";
import { sayDesk } from "../../i18n/tDesk.ts";
import { ShownOnce } from "./ShownOnce.tsx";

interface RecoveryCodeProps {
  readonly code: string;
  readonly email: string;
  readonly onDone: () => void;
  /** 1 where it is the page's own heading. */
  readonly level: 1 | 2;
}

export function RecoveryCode({ code, email, onDone, level }: RecoveryCodeProps) {
  const [noted, setNoted] = useState(false);
  const Heading = level === 1 ? "h1" : "h2";
  return (
    <form
      class="recovery"
      onSubmit={(event) => {
        event.preventDefault();
        if (noted) onDone();
      }}
    >
      <Heading tabIndex={-1} data-heading>
        {sayDesk("code.heading")}
      </Heading>
      <p>{sayDesk("code.reason")}</p>
      <ShownOnce label={sayDesk("code.label")} text={code} copyLabel={sayDesk("code.copy")}>
        <button type="button" class="button" onClick={() => print()}>
          {sayDesk("code.print")}
        </button>
        <button type="button" class="button" onClick={() => save(sayDesk("code.file.text", { email, code }))}>
          {sayDesk("code.save")}
        </button>
      </ShownOnce>
      <p class="notice warn">{sayDesk("code.warning")}</p>
      <label class="check">
        <input type="checkbox" checked={noted} onChange={(event) => setNoted(event.currentTarget.checked)} />
        <span>{sayDesk("code.confirm")}</span>
      </label>
      <button type="submit" class="button main wide" disabled={!noted}>
        {sayDesk("code.continue")}
      </button>
    </form>
  );
}

function save(text: string): void {
  const address = URL.createObjectURL(new Blob([text], { type: "text/plain" }));
  const link = document.createElement("a");
  link.href = address;
  link.download = sayDesk("code.file");
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}
