/** `/signin`: by password, or by recovery code when that is lost. */
import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import { faultWords, sayDesk } from "../say/desk.ts";
import { Field } from "../ui/Field.tsx";
import { Front } from "./Front.tsx";
import { HiddenEmail } from "./HiddenEmail.tsx";
import { PasswordField } from "./PasswordField.tsx";
import { passwordWords } from "./passwordWords.ts";
import { RecoveryCode } from "./RecoveryCode.tsx";
import type { SignInFault, SignInModel, SignInStep } from "./SignInModel.ts";

interface SignInProps {
  readonly model: SignInModel;
}

export function SignIn({ model }: SignInProps) {
  return (
    <Front>
      <Step model={model} />
    </Front>
  );
}

function Step({ model }: SignInProps) {
  const step = model.step.value;
  switch (step.kind) {
    case "password":
      return <PasswordStep model={model} />;
    case "code":
      return <CodeStep model={model} />;
    case "new_password":
      return <NewPasswordStep model={model} />;
    case "new_code":
      return (
        <RecoveryCode level={1} code={step.code} email={step.me.email} onDone={() => void model.confirm()} />
      );
    default:
      return step satisfies never;
  }
}

function PasswordStep({ model }: SignInProps) {
  const [password, setPassword] = useState("");
  return (
    <StepForm
      model={model}
      heading="signin.heading"
      submit="signin.submit"
      working="signin.working"
      onSubmit={() => void model.signIn(password)}
    >
      <EmailField model={model} />
      <PasswordField
        label={sayDesk("password.label")}
        autocomplete="current-password"
        value={password}
        onValue={setPassword}
      />
    </StepForm>
  );
}

function CodeStep({ model }: SignInProps) {
  const [code, setCode] = useState("");
  return (
    <StepForm
      model={model}
      heading="signin.code.heading"
      lead="signin.code.lead"
      submit="signin.code.submit"
      working="signin.code.working"
      onSubmit={() => void model.openCode(code)}
    >
      <EmailField model={model} />
      <Field label={sayDesk("code.label")} autocomplete="off" value={code} onValue={setCode} />
    </StepForm>
  );
}

function NewPasswordStep({ model }: SignInProps) {
  const [password, setPassword] = useState("");
  return (
    <StepForm
      model={model}
      heading="signin.new.heading"
      lead="signin.new.lead"
      submit="signin.new.submit"
      working="signin.new.working"
      onSubmit={() => void model.choosePassword(password)}
    >
      <HiddenEmail email={model.email.value} />
      <PasswordField
        label={sayDesk("password.new")}
        hint={sayDesk("password.hint")}
        error={passwordWords(model.fault.value?.kind)}
        autocomplete="new-password"
        value={password}
        onValue={setPassword}
      />
    </StepForm>
  );
}

function EmailField({ model }: SignInProps) {
  return (
    <Field
      label={sayDesk("field.email")}
      type="email"
      autocomplete="username"
      value={model.email.value}
      onValue={(email) => {
        model.email.value = email;
      }}
    />
  );
}

type StepWords = Parameters<typeof sayDesk>[0];

interface StepFormProps extends SignInProps {
  readonly heading: StepWords;
  readonly lead?: StepWords;
  readonly submit: StepWords;
  readonly working: StepWords;
  readonly onSubmit: () => void;
  readonly children: ComponentChildren;
}

function StepForm({ model, heading, lead, submit, working, onSubmit, children }: StepFormProps) {
  const busy = model.busy.value;
  const fault = faultOfStep(model.fault.value, model.step.value);
  return (
    <form
      class="front-form"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        onSubmit();
      }}
    >
      <div class="lead">
        <h1 tabIndex={-1} data-heading>
          {sayDesk(heading)}
        </h1>
        {lead ? <p class="quiet-text">{sayDesk(lead)}</p> : null}
      </div>
      {children}
      {fault === null ? null : (
        <p class="notice danger" role="alert">
          {fault}
        </p>
      )}
      <button type="submit" class="button main wide" aria-busy={busy ? "true" : undefined}>
        {sayDesk(busy ? working : submit)}
      </button>
      <Switch model={model} />
    </form>
  );
}

function Switch({ model }: SignInProps) {
  const withPassword = model.step.value.kind === "password";
  return (
    <button type="button" class="button bare" onClick={() => model.useCode(withPassword)}>
      {sayDesk(withPassword ? "signin.use_code" : "signin.use_password")}
    </button>
  );
}

function faultOfStep(fault: SignInFault | null, step: SignInStep): string | null {
  switch (fault?.kind) {
    case undefined:
    case "short":
    case "common":
      return null;
    case "wrong":
      return sayDesk(step.kind === "password" ? "signin.wrong" : "signin.wrong_code");
    case "malformed_code":
      return sayDesk("signin.malformed_code");
    case "other":
      return faultWords(fault?.fault);
    default:
      return fault satisfies never;
  }
}
