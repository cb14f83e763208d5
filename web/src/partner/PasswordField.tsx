/** A password with a button that shows it. */
import { useId, useState } from "preact/hooks";
import { sayDesk } from "../say/desk.ts";

interface PasswordFieldProps {
  readonly label: string;
  readonly value: string;
  readonly onValue: (value: string) => void;
  readonly autocomplete: "current-password" | "new-password";
  readonly hint?: string;
  readonly error?: string | null;
}

export function PasswordField({ label, value, onValue, autocomplete, hint, error }: PasswordFieldProps) {
  const id = useId();
  const [shown, setShown] = useState(false);
  const described = [hint ? `${id}-hint` : "", error ? `${id}-error` : ""].filter(Boolean).join(" ");
  return (
    <div class="field">
      <label for={id}>{label}</label>
      {hint ? (
        <p class="field-hint" id={`${id}-hint`}>
          {hint}
        </p>
      ) : null}
      <div class="password">
        <input
          id={id}
          class="input"
          type={(shown ? "text" : "password") as "password"}
          autocomplete={autocomplete}
          autocapitalize="off"
          spellcheck={false}
          value={value}
          aria-invalid={error ? "true" : undefined}
          aria-describedby={described || undefined}
          onInput={(event) => onValue(event.currentTarget.value)}
        />
        <button
          type="button"
          class="button icon"
          aria-label={sayDesk(shown ? "password.hide" : "password.show")}
          onClick={() => setShown(!shown)}
        >
          <Eye crossed={shown} />
        </button>
      </div>
      {error ? (
        <p class="field-error" id={`${id}-error`}>
          {error}
        </p>
      ) : null}
    </div>
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
