/** A new password and a new recovery code: both want the current password. */
import { useEffect } from "preact/hooks";
import { faultText } from "../../i18n/deskFault.ts";
import { tDesk } from "../../i18n/tDesk.ts";
import { Announced } from "../../ui/Announced.tsx";
import { fieldsOf } from "../../ui/form.ts";
import { useFirstError } from "../auth/firstError.ts";
import { HiddenEmail } from "../auth/HiddenEmail.tsx";
import { CurrentPassword, NewPassword } from "../auth/PasswordField.tsx";
import { RecoveryCode } from "../auth/RecoveryCode.tsx";
import type { Change, SettingsModel } from "./SettingsModel.ts";

interface SecretsProps {
  readonly model: SettingsModel;
  readonly email: string;
}

export function ChangePassword({ model, email }: SecretsProps) {
  const change = model.password.value;
  const form = useFirstError(change);
  useEffect(() => {
    if (change.kind === "done") form.current?.reset();
  }, [change.kind]);
  return (
    <section class="card" aria-labelledby="settings-password">
      <div class="lead">
        <h2 id="settings-password">{tDesk("settings.password")}</h2>
        <p class="quiet-text">{tDesk("settings.password.hint")}</p>
      </div>
      <form
        ref={form}
        class="narrow"
        onSubmit={(event) => {
          event.preventDefault();
          const read = fieldsOf(event.currentTarget, "password", "new-password");
          void model.changePassword(read.password, read["new-password"]);
        }}
      >
        <HiddenEmail email={email} />
        <CurrentPassword label={tDesk("password.current")} error={wrongPasswordText(change)} />
        <NewPassword fault={change.kind === "refused" ? change.fault.kind : undefined} />
        <Refusal change={change} />
        {change.kind === "done" ? (
          <Announced class="notice ok">{tDesk("settings.password.done")}</Announced>
        ) : null}
        <button type="submit" class="button" aria-busy={change.kind === "working" ? "true" : undefined}>
          {tDesk(change.kind === "working" ? "settings.password.working" : "settings.password.submit")}
        </button>
      </form>
    </section>
  );
}

export function NewRecoveryCode({ model, email }: SecretsProps) {
  const change = model.recovery.value;
  const form = useFirstError(change);
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
        <h2 id="settings-recovery">{tDesk("settings.recovery")}</h2>
        <p class="quiet-text">{tDesk("settings.recovery.hint")}</p>
      </div>
      <form
        ref={form}
        class="narrow"
        onSubmit={(event) => {
          event.preventDefault();
          void model.makeCode(fieldsOf(event.currentTarget, "password").password);
        }}
      >
        <HiddenEmail email={email} />
        <CurrentPassword error={wrongPasswordText(change)} />
        <Refusal change={change} />
        <button type="submit" class="button" aria-busy={change.kind === "working" ? "true" : undefined}>
          {tDesk(change.kind === "working" ? "settings.recovery.working" : "settings.recovery.submit")}
        </button>
      </form>
    </section>
  );
}

function wrongPasswordText(change: Change<unknown>): string | null {
  if (change.kind !== "refused") return null;
  if (change.fault.kind === "empty") return tDesk("field.empty");
  return change.fault.kind === "wrong" ? tDesk("settings.wrong") : null;
}

/** What went wrong beyond the fields. */
export function Refusal({ change }: { readonly change: Change<unknown> }) {
  if (change.kind !== "refused") return null;
  const { fault } = change;
  // The rest stands beside its field.
  if (fault.kind !== "other" && fault.kind !== "malformed_code") return null;
  return (
    <p class="notice danger" role="alert">
      {fault.kind === "other" ? faultText(fault.fault) : tDesk("fault.crypto")}
    </p>
  );
}
