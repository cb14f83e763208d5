import { EXACT } from "../../ui/Field.tsx";

/** The e-mail for the password manager: nobody sees it, and it says which account a password belongs to. */
export function HiddenEmail({ email }: { readonly email: string }) {
  return (
    <input
      class="unseen"
      name="email"
      autocomplete="username"
      value={email}
      readOnly
      {...EXACT}
      tabIndex={-1}
      aria-hidden="true"
    />
  );
}
