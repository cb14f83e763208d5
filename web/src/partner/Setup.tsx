/** `/setup`: the first page that anyone sees of a new server. */
import { useState } from "preact/hooks";
import { CookiesBlocked } from "../api/cookies.ts";
import { faultWords, sayDesk } from "../say/desk.ts";
import type { PageLanguage } from "../say/PageLanguage.ts";
import { say } from "../say/say.ts";
import { Field } from "../ui/Field.tsx";
import { Said } from "../ui/Said.tsx";
import { Front } from "./Front.tsx";
import { useFirstError } from "./firstError.ts";
import { NewPassword } from "./PasswordField.tsx";
import { passwordWords } from "./passwordWords.ts";
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
          <button type="button" class="button" onClick={() => void model.start()}>
            {say("action.again")}
          </button>
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
        <code dir="ltr">{`${location.origin}/setup#…`}</code>
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
  const [name, setName] = useState("");
  const [email, setEmail] = useState("");
  const [password, setPassword] = useState("");
  const refusal = fault === null ? null : refusalWords(fault);
  const form = useFirstError(errors);
  return (
    <form
      ref={form}
      class="front-form"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        void model.submit({ name, email, password });
      }}
    >
      <div class="lead">
        <h1>{sayDesk("setup.heading")}</h1>
        <p class="quiet-text">{sayDesk("setup.lead")}</p>
      </div>
      <Field
        label={sayDesk("field.name")}
        hint={sayDesk("field.name.hint")}
        error={fieldWords(errors.name, fault)}
        autocomplete="organization"
        maxLength={80}
        value={name}
        onValue={setName}
      />
      <Field
        label={sayDesk("field.email")}
        hint={sayDesk("field.email.hint")}
        error={fieldWords(errors.email, fault)}
        type="email"
        autocomplete="username"
        value={email}
        onValue={setEmail}
      />
      <NewPassword
        label={sayDesk("password.label")}
        fault={errors.password}
        value={password}
        onValue={setPassword}
      />
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
      return faultWords(fault);
    case "short":
    case "common":
      return passwordWords(error);
    default:
      return error satisfies never;
  }
}
