/** Signed in, but without keys: the password opens them again. */
import { useState } from "preact/hooks";
import { faultText } from "../../i18n/deskFault.ts";
import type { PageLanguage } from "../../i18n/PageLanguage.ts";
import { tDesk } from "../../i18n/tDesk.ts";
import { isBlank } from "../../text/blank.ts";
import { fieldsOf } from "../../ui/form.ts";
import { type AuthModel, isUnopened } from "./AuthModel.ts";
import { Front } from "./Front.tsx";
import { useFirstError } from "./firstError.ts";
import { HiddenEmail } from "./HiddenEmail.tsx";
import { CurrentPassword } from "./PasswordField.tsx";

interface UnlockProps {
  readonly model: AuthModel;
  readonly email: string;
  readonly language: PageLanguage;
  readonly onSignOut: () => void;
}

export function Unlock({ model, email, language, onSignOut }: UnlockProps) {
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<string | null>(null);
  const form = useFirstError(error);
  const unlock = async (password: string) => {
    if (busy) return;
    if (isBlank(password)) {
      setError(tDesk("field.empty"));
      return;
    }
    setBusy(true);
    setError(null);
    try {
      await model.unlock(password);
    } catch (fault) {
      setError(isUnopened(fault) ? tDesk("unlock.wrong") : faultText(fault));
    }
    setBusy(false);
  };
  return (
    <Front language={language}>
      <form
        ref={form}
        class="front-form"
        onSubmit={(event) => {
          event.preventDefault();
          void unlock(fieldsOf(event.currentTarget, "password").password);
        }}
      >
        <div class="lead">
          <h1 tabIndex={-1} data-heading>
            {tDesk("unlock.heading")}
          </h1>
          <p class="quiet-text">
            {tDesk.parts("unlock.reason", { email: <bdi translate={false}>{email}</bdi> })}
          </p>
        </div>
        <HiddenEmail email={email} />
        <CurrentPassword error={error} />
        <button type="submit" class="button main wide" aria-busy={busy ? "true" : undefined}>
          {tDesk(busy ? "unlock.working" : "unlock.submit")}
        </button>
        <button type="button" class="button bare" onClick={onSignOut}>
          {tDesk("desk.sign_out")}
        </button>
      </form>
    </Front>
  );
}
