/** `/setup`: the first page that anyone sees of a new server. */
import { CookiesBlocked } from "../../api/cookies.ts";
import { Problem } from "../../api/problem.ts";
import { faultText } from "../../i18n/deskFault.ts";
import type { PageLanguage } from "../../i18n/PageLanguage.ts";
import { tDesk } from "../../i18n/tDesk.ts";
import { Again } from "../../ui/Again.tsx";
import { Announced } from "../../ui/Announced.tsx";
import { Field } from "../../ui/Field.tsx";
import { fieldsOf } from "../../ui/form.ts";
import { EmailField } from "./EmailField.tsx";
import { Front } from "./Front.tsx";
import { useFirstError } from "./firstError.ts";
import { NewPassword } from "./PasswordField.tsx";
import { passwordFaultText } from "./passwordFault.ts";
import { RecoveryCode } from "./RecoveryCode.tsx";
import type { SetupErrors, SetupModel } from "./SetupModel.ts";

interface SetupProps {
  readonly model: SetupModel;
  readonly language: PageLanguage;
  /** The code is noted: on to the desk. */
  readonly onEnter: () => void;
}

export function Setup(props: SetupProps) {
  return (
    <Front language={props.language}>
      <Step {...props} />
    </Front>
  );
}

function Step({ model, onEnter }: Omit<SetupProps, "language">) {
  const step = model.step.value;
  switch (step.kind) {
    case "loading":
      return <p class="quiet-text">{tDesk("desk.loading")}</p>;
    case "failed":
      return (
        <>
          <h1>{tDesk("desk.failed.heading")}</h1>
          <p>{faultText(step.fault)}</p>
          <Again fault={step.fault} onAgain={() => void model.start()} />
        </>
      );
    case "done":
      return (
        <>
          <h1>{tDesk("setup.done.heading")}</h1>
          <p>{tDesk("setup.done.reason")}</p>
          <a class="button main wide" href="/signin">
            {tDesk("setup.done.next")}
          </a>
        </>
      );
    case "no_token":
      return <NoToken />;
    case "form":
      return <SetupForm model={model} errors={step.errors} fault={step.fault} busy={false} />;
    case "working":
      return <SetupForm model={model} errors={{}} fault={null} busy />;
    case "code":
      return <RecoveryCode level={1} code={step.code} email={step.me.email} onDone={onEnter} />;
    default:
      return step satisfies never;
  }
}

/** Where to find the address that has the secret. */
function NoToken() {
  return (
    <>
      <h1>{tDesk("setup.no_token.heading")}</h1>
      <p>{tDesk("setup.no_token.reason")}</p>
      <p>{tDesk("setup.no_token.example")}</p>
      <p class="example">
        <code translate={false} dir="ltr">{`${location.origin}/setup#…`}</code>
      </p>
      <p>{tDesk("setup.no_token.next")}</p>
    </>
  );
}

interface SetupFormProps {
  readonly model: SetupModel;
  readonly errors: SetupErrors;
  readonly fault: unknown;
  readonly busy: boolean;
}

function SetupForm({ model, errors, fault, busy }: SetupFormProps) {
  const refusal = fault === null ? null : refusalText(fault);
  const form = useFirstError(errors);
  return (
    <form
      ref={form}
      class="front-form"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        const read = fieldsOf(event.currentTarget, "name", "email", "new-password");
        void model.submit({ name: read.name, email: read.email, password: read["new-password"] });
      }}
    >
      <div class="lead">
        <h1>{tDesk("setup.heading")}</h1>
        <p class="quiet-text">{tDesk("setup.lead")}</p>
      </div>
      <Field
        label={tDesk("field.name")}
        hint={tDesk("field.name.hint")}
        name="name"
        error={errors.name === "refused" ? tDesk("field.name.refused") : fieldFaultText(errors.name, fault)}
        autocomplete="organization"
        maxLength={80}
      />
      <EmailField hint={tDesk("field.email.hint")} error={fieldFaultText(errors.email, fault)} />
      <NewPassword label={tDesk("password.label")} fault={errors.password} />
      {refusal === null ? null : (
        <p class="notice danger" role="alert">
          {refusal}
        </p>
      )}
      <button type="submit" class="button main wide" aria-busy={busy ? "true" : undefined}>
        {tDesk(busy ? "setup.working" : "setup.submit")}
      </button>
      {busy ? <Announced class="quiet-text">{tDesk("setup.working.reason")}</Announced> : null}
    </form>
  );
}

// The server does not come into it where this browser would forget the answer.
function refusalText(fault: unknown): string {
  const reason = faultText(fault);
  return fault instanceof CookiesBlocked ? reason : tDesk("setup.refused", { reason });
}

function fieldFaultText(error: SetupErrors["name"], fault: unknown): string | null {
  switch (error) {
    case undefined:
      return null;
    case "empty":
      return tDesk("field.empty");
    case "not_email":
      return tDesk("field.not_email");
    case "refused":
      // What the server takes for no address is none; anything else, as that it is taken, is said as it is.
      return Problem.of(fault).code === "invalid_field" ? tDesk("field.not_email") : faultText(fault);
    default:
      return passwordFaultText(error);
  }
}
