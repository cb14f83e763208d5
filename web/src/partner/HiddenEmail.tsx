/** The e-mail for the password manager: nobody sees it, and it says which account a password belongs to. */
export function HiddenEmail({ email }: { readonly email: string }) {
  return (
    <input
      class="unseen"
      type="email"
      autocomplete="username"
      value={email}
      readOnly
      tabIndex={-1}
      aria-hidden="true"
    />
  );
}
