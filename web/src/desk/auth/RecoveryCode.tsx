/** The recovery code, shown once: to be copied, printed or saved, and confirmed. */
import { useState } from "preact/hooks";
import { tDesk } from "../../i18n/tDesk.ts";
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
        {tDesk("code.heading")}
      </Heading>
      <p>{tDesk("code.reason")}</p>
      <ShownOnce label={tDesk("code.label")} text={code} copyLabel={tDesk("code.copy")}>
        <button type="button" class="button" onClick={() => print()}>
          {tDesk("code.print")}
        </button>
        <button type="button" class="button" onClick={() => save(tDesk("code.file.text", { email, code }))}>
          {tDesk("code.save")}
        </button>
      </ShownOnce>
      <p class="notice warn">{tDesk("code.warning")}</p>
      <label class="check">
        <input type="checkbox" checked={noted} onChange={(event) => setNoted(event.currentTarget.checked)} />
        <span>{tDesk("code.confirm")}</span>
      </label>
      <button type="submit" class="button main wide" disabled={!noted}>
        {tDesk("code.continue")}
      </button>
    </form>
  );
}

function save(text: string): void {
  const address = URL.createObjectURL(new Blob([text], { type: "text/plain" }));
  const link = document.createElement("a");
  link.href = address;
  link.download = tDesk("code.file");
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}
