/** The e-mail that one signs in with: `email` in its form. */
import { tDesk } from "../../i18n/tDesk.ts";
import { Field } from "../../ui/Field.tsx";

interface EmailFieldProps {
  readonly initial?: string;
  readonly hint?: string;
  readonly error?: string | null;
}

/**
 * Not an input of the type "email": some browsers turn the letters of a domain into its ASCII form there and others do
 * not, and the same person would have two addresses. The server has the one form of it.
 */
export function EmailField(props: EmailFieldProps) {
  return (
    <Field
      {...props}
      label={tDesk("field.email")}
      name="email"
      inputMode="email"
      autocomplete="username"
      exact
    />
  );
}
