/** `/signin`: by password, or by recovery code when that is lost. */
import type { ComponentChildren } from "preact";
import { faultText } from "../../i18n/deskFault.ts";
import type { PageLanguage } from "../../i18n/PageLanguage.ts";
import { type DeskTextKey, tDesk } from "../../i18n/tDesk.ts";
import { Field } from "../../ui/Field.tsx";
import { fieldsOf } from "../../ui/form.ts";
import { EmailField } from "./EmailField.tsx";
import { Front } from "./Front.tsx";
import { useFirstError } from "./firstError.ts";
import { HiddenEmail } from "./HiddenEmail.tsx";
import { CurrentPassword, NewPassword } from "./PasswordField.tsx";
import { RecoveryCode } from "./RecoveryCode.tsx";
import type { SignInFault, SignInModel, SignInStep } from "./SignInModel.ts";

interface SignInProps {
  readonly model: SignInModel;
}

export function SignIn({ model, language }: SignInProps & { readonly language: PageLanguage }) {
  return (
    <Front language={language}>
      <Step model={model} />
    </Front>
  );
}

function Step({ model }: SignInProps) {
  const step = model.step.value;
  switch (step.kind) {
    case "password":
      return <PasswordStep key={step.kind} model={model} fresh={false} />;
    case "code":
      return <CodeStep model={model} />;
    case "new_password":
      return <PasswordStep key={step.kind} model={model} fresh />;
    case "new_code":
      return (
        <RecoveryCode level={1} code={step.code} email={step.me.email} onDone={() => void model.confirm()} />
      );
    default:
      return step satisfies never;
  }
}

/** The password that one signs in with, or the new one after a recovery code. */
function PasswordStep({ model, fresh }: SignInProps & { readonly fresh: boolean }) {
  if (fresh) {
    const choose = (form: HTMLFormElement) =>
      void model.choosePassword(fieldsOf(form, "new-password")["new-password"]);
    return (
      <StepForm model={model} texts={NEW_PASSWORD} onSubmit={choose}>
        <HiddenEmail email={model.email.value} />
        <NewPassword fault={model.fault.value?.kind} />
      </StepForm>
    );
  }
  const signIn = (form: HTMLFormElement) => {
    const { email, password } = fieldsOf(form, "email", "password");
    void model.signIn(email, password);
  };
  const { email, password } = model.empty.value;
  return (
    <StepForm model={model} texts={PASSWORD} onSubmit={signIn}>
      <EmailField initial={model.email.value} error={emptyFieldText(email)} />
      <CurrentPassword error={emptyFieldText(password)} />
    </StepForm>
  );
}

function emptyFieldText(empty: boolean | undefined): string | null {
  return empty ? tDesk("field.empty") : null;
}

function CodeStep({ model }: SignInProps) {
  const open = (form: HTMLFormElement) => {
    const { email, code } = fieldsOf(form, "email", "code");
    void model.openCode(email, code);
  };
  const { email, code } = model.empty.value;
  return (
    <StepForm model={model} texts={CODE} onSubmit={open}>
      <EmailField initial={model.email.value} error={emptyFieldText(email)} />
      <Field label={tDesk("code.label")} name="code" error={emptyFieldText(code)} autocomplete="off" exact />
    </StepForm>
  );
}

interface StepTexts {
  readonly heading: DeskTextKey;
  readonly lead: DeskTextKey | null;
  readonly submit: DeskTextKey;
  readonly working: DeskTextKey;
}

const PASSWORD: StepTexts = {
  heading: "signin.heading",
  lead: null,
  submit: "signin.submit",
  working: "signin.working",
};

const CODE: StepTexts = {
  heading: "signin.code.heading",
  lead: "signin.code.lead",
  submit: "signin.code.submit",
  working: "signin.code.working",
};

const NEW_PASSWORD: StepTexts = {
  heading: "signin.new.heading",
  lead: "signin.new.lead",
  submit: "signin.new.submit",
  working: "signin.new.working",
};

interface StepFormProps extends SignInProps {
  readonly texts: StepTexts;
  readonly onSubmit: (form: HTMLFormElement) => void;
  readonly children: ComponentChildren;
}

function StepForm({ model, texts, onSubmit, children }: StepFormProps) {
  const { heading, lead, submit, working } = texts;
  const busy = model.busy.value;
  const fault = faultOfStep(model.fault.value, model.step.value);
  const form = useFirstError(model.fault.value ?? model.empty.value);
  return (
    <form
      ref={form}
      class="front-form"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        onSubmit(event.currentTarget);
      }}
    >
      <div class="lead">
        <h1 tabIndex={-1} data-heading>
          {tDesk(heading)}
        </h1>
        {lead ? <p class="quiet-text">{tDesk(lead)}</p> : null}
      </div>
      {children}
      {fault === null ? null : (
        <p class="notice danger" role="alert">
          {fault}
        </p>
      )}
      <button type="submit" class="button main wide" aria-busy={busy ? "true" : undefined}>
        {tDesk(busy ? working : submit)}
      </button>
      <Switch model={model} />
    </form>
  );
}

function Switch({ model }: SignInProps) {
  const withPassword = model.step.value.kind === "password";
  return (
    <button
      type="button"
      class="button bare"
      onClick={({ currentTarget }) =>
        model.useCode(withPassword, fieldsOf(currentTarget.form, "email").email)
      }
    >
      {tDesk(withPassword ? "signin.use_code" : "signin.use_password")}
    </button>
  );
}

function faultOfStep(fault: SignInFault | null, step: SignInStep): string | null {
  switch (fault?.kind) {
    case "wrong":
      return tDesk(step.kind === "password" ? "signin.wrong" : "signin.wrong_code");
    case "malformed_code":
      return tDesk("signin.malformed_code");
    case "other":
      return faultText(fault?.fault);
    default:
      // What is wrong with a new password stands beside its field.
      return null;
  }
}
