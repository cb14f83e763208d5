/** `/setup`: the first page that anyone sees of a new server. */
import { CookiesBlocked } from "../../api/cookies.ts";
import { Problem } from "../../api/problem.ts";
import type { PageLanguage } from "../../i18n/PageLanguage.ts";
import { faultWords, sayDesk } from "../../i18n/tDesk.ts";
import { Again } from "../../ui/Again.tsx";
import { Field } from "../../ui/Field.tsx";
import { fieldsOf } from "../../ui/form.ts";
import { Said } from "../../ui/Said.tsx";
import { EmailField } from "./EmailField.tsx";
import { Front } from "./Front.tsx";
import { useFirstError } from "./firstError.ts";
import { NewPassword } from "./PasswordField.tsx";
import { passwordWords } from "./passwordFault.ts";
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
      return <p class="quiet-text">{sayDesk("desk.loading")}</p>;
    case "failed":
      return (
        <>
          <h1>{sayDesk("desk.failed.heading")}</h1>
          <p>{faultWords(step.fault)}</p>
          <Again fault={step.fault} onAgain={() => void model.start()} />
        </>
      );
    case "done":
      return (
        <>
          <h1>{sayDesk("setup.done.heading")}</h1>
          <p>{sayDesk("setup.done.reason")}</p>
          <a class="button main wide" href="/signin">
            {sayDesk("setup.done.next")}
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
      <h1>{sayDesk("setup.no_token.heading")}</h1>
      <p>{sayDesk("setup.no_token.reason")}</p>
      <p>{sayDesk("setup.no_token.example")}</p>
      <p class="example">
        <code translate={false} dir="ltr">{`${location.origin}/setup#…`}</code>
      </p>
      <p>{sayDesk("setup.no_token.next")}</p>
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
  const refusal = fault === null ? null : refusalWords(fault);
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
        <h1>{sayDesk("setup.heading")}</h1>
        <p class="quiet-text">{sayDesk("setup.lead")}</p>
      </div>
      <Field
        label={sayDesk("field.name")}
        hint={sayDesk("field.name.hint")}
        name="name"
        error={errors.name === "refused" ? sayDesk("field.name.refused") : fieldWords(errors.name, fault)}
        autocomplete="organization"
        maxLength={80}
      />
      <EmailField hint={sayDesk("field.email.hint")} error={fieldWords(errors.email, fault)} />
      <NewPassword label={sayDesk("password.label")} fault={errors.password} />
      {refusal === null ? null : (
        <p class="notice danger" role="alert">
          {refusal}
        </p>
      )}
      <button type="submit" class="button main wide" aria-busy={busy ? "true" : undefined}>
        {sayDesk(busy ? "setup.working" : "setup.submit")}
      </button>
      {busy ? <Said class="quiet-text">{sayDesk("setup.working.reason")}</Said> : null}
    </form>
  );
}

// The server does not come into it where this browser would forget the answer.
function refusalWords(fault: unknown): string {
  const reason = faultWords(fault);
  return fault instanceof CookiesBlocked ? reason : sayDesk("setup.refused", { reason });
}

function fieldWords(error: SetupErrors["name"], fault: unknown): string | null {
  switch (error) {
    case undefined:
      return null;
    case "empty":
      return sayDesk("field.empty");
    case "not_email":
      return sayDesk("field.not_email");
    case "refused":
      // What the server takes for no address is none; anything else, as that it is taken, is said as it is.
      return Problem.of(fault).code === "invalid_field" ? sayDesk("field.not_email") : faultWords(fault);
    default:
      return passwordWords(error);
  }
}
