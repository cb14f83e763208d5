/** A new password and a new recovery code: both want the current password. */
import { useEffect, useState } from "preact/hooks";
import { faultWords, sayDesk } from "../say/desk.ts";
import { Said } from "../ui/Said.tsx";
import { useFirstError } from "./firstError.ts";
import { HiddenEmail } from "./HiddenEmail.tsx";
import { CurrentPassword, NewPassword } from "./PasswordField.tsx";
import { RecoveryCode } from "./RecoveryCode.tsx";
import type { Change, SettingsModel } from "./SettingsModel.ts";

interface SecretsProps {
  readonly model: SettingsModel;
  readonly email: string;
}

export function ChangePassword({ model, email }: SecretsProps) {
  const [current, setCurrent] = useState("");
  const [next, setNext] = useState("");
  const change = model.password.value;
  const form = useFirstError(change);
  useEffect(() => {
    if (change.kind !== "done") return;
    setCurrent("");
    setNext("");
  }, [change.kind]);
  return (
    <section class="card" aria-labelledby="settings-password">
      <div class="lead">
        <h2 id="settings-password">{sayDesk("settings.password")}</h2>
        <p class="quiet-text">{sayDesk("settings.password.hint")}</p>
      </div>
      <form
        ref={form}
        class="narrow"
        onSubmit={(event) => {
          event.preventDefault();
          void model.changePassword(current, next);
        }}
      >
        <HiddenEmail email={email} />
        <CurrentPassword
          label={sayDesk("password.current")}
          error={wrongWords(change)}
          value={current}
          onValue={setCurrent}
        />
        <NewPassword
          fault={change.kind === "refused" ? change.fault.kind : undefined}
          value={next}
          onValue={setNext}
        />
        <Refusal change={change} />
        {change.kind === "done" ? <Said class="notice ok">{sayDesk("settings.password.done")}</Said> : null}
        <button type="submit" class="button" aria-busy={change.kind === "working" ? "true" : undefined}>
          {sayDesk(change.kind === "working" ? "settings.password.working" : "settings.password.submit")}
        </button>
      </form>
    </section>
  );
}

export function NewRecoveryCode({ model, email }: SecretsProps) {
  const [password, setPassword] = useState("");
  const change = model.recovery.value;
  const form = useFirstError(change);
  useEffect(() => {
    if (change.kind === "done") setPassword("");
  }, [change.kind]);
  if (change.kind === "done") {
    return (
      <section class="card">
        <RecoveryCode level={2} code={change.result} email={email} onDone={() => model.dismiss("recovery")} />
      </section>
    );
  }
  return (
    <section class="card" aria-labelledby="settings-recovery">
      <div class="lead">
        <h2 id="settings-recovery">{sayDesk("settings.recovery")}</h2>
        <p class="quiet-text">{sayDesk("settings.recovery.hint")}</p>
      </div>
      <form
        ref={form}
        class="narrow"
        onSubmit={(event) => {
          event.preventDefault();
          void model.makeCode(password);
        }}
      >
        <HiddenEmail email={email} />
        <CurrentPassword error={wrongWords(change)} value={password} onValue={setPassword} />
        <Refusal change={change} />
        <button type="submit" class="button" aria-busy={change.kind === "working" ? "true" : undefined}>
          {sayDesk(change.kind === "working" ? "settings.recovery.working" : "settings.recovery.submit")}
        </button>
      </form>
    </section>
  );
}

function wrongWords(change: Change<unknown>): string | null {
  return change.kind === "refused" && change.fault.kind === "wrong" ? sayDesk("settings.wrong") : null;
}

/** What went wrong beyond the fields. */
export function Refusal({ change }: { readonly change: Change<unknown> }) {
  if (change.kind !== "refused" || ["wrong", "short", "common"].includes(change.fault.kind)) return null;
  return (
    <p class="notice danger" role="alert">
      {change.fault.kind === "other" ? faultWords(change.fault.fault) : sayDesk("fault.crypto")}
    </p>
  );
}
