/** A password with a button that shows it: the one that is there, or a new one. */
import { useState } from "preact/hooks";
import { tDesk } from "../../i18n/tDesk.ts";
import { Field } from "../../ui/Field.tsx";
import { passwordFaultText } from "./passwordFault.ts";

interface PasswordProps {
  readonly label?: string;
}

/** The password that somebody has: `password` in its form. */
export function CurrentPassword(props: PasswordProps & { readonly error?: string | null }) {
  return (
    <PasswordField
      label={tDesk("password.label")}
      name="password"
      {...props}
      autocomplete="current-password"
    />
  );
}

interface NewPasswordProps extends PasswordProps {
  /** Why it won't do. */
  readonly fault: Parameters<typeof passwordFaultText>[0];
}

/** A password that somebody chooses, with what makes a good one: `new-password` in its form. */
export function NewPassword({ fault, ...props }: NewPasswordProps) {
  return (
    <PasswordField
      label={tDesk("password.new")}
      name="new-password"
      {...props}
      hint={tDesk("password.hint")}
      error={passwordFaultText(fault)}
      autocomplete="new-password"
    />
  );
}

type FieldProps = Parameters<typeof Field>[0];

function PasswordField(props: Omit<FieldProps, "type" | "beside" | "exact">) {
  const [shown, setShown] = useState(false);
  return (
    <Field
      {...props}
      type={shown ? "text" : "password"}
      exact
      beside={
        <button
          type="button"
          class="button icon"
          aria-label={tDesk(shown ? "password.hide" : "password.show")}
          onClick={() => setShown(!shown)}
        >
          <Eye crossed={shown} />
        </button>
      }
    />
  );
}

function Eye({ crossed }: { readonly crossed: boolean }) {
  return (
    <svg class="sign" viewBox="0 0 24 24" aria-hidden="true">
      <path d="M2 12c3-5 6.500-7 10-7s7 2 10 7c-3 5-6.500 7-10 7s-7-2-10-7z" />
      <circle cx="12" cy="12" r="3" />
      {crossed ? <path d="M4 20 20 4" /> : null}
    </svg>
  );
}
