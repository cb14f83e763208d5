/** A labelled input, with its hint and what is wrong with it. */
import type { ComponentChildren } from "preact";
import { useId } from "preact/hooks";

interface FieldProps {
  readonly label: string;
  readonly value: string;
  readonly onValue: (value: string) => void;
  readonly hint?: ComponentChildren;
  /** One sentence, or null while nothing is wrong. */
  readonly error?: string | null;
  readonly type?: "text" | "email" | "password";
  readonly name?: string;
  readonly autocomplete?: AutoFill;
  readonly required?: boolean;
  readonly readonly?: boolean;
  readonly maxLength?: number;
  /** The id of a `datalist` of suggestions. */
  readonly list?: string;
  readonly spellcheck?: boolean;
  readonly autocapitalize?: "off";
  /** What stands beside the input. */
  readonly beside?: ComponentChildren;
  readonly inputMode?: "text" | "numeric" | "decimal" | "email";
}

/** The label is always in sight; the error is tied to the input for screen readers. */
export function Field({
  label,
  value,
  onValue,
  hint,
  error,
  readonly,
  spellcheck,
  beside,
  ...input
}: FieldProps) {
  const id = useId();
  const described = [hint ? `${id}-hint` : "", error ? `${id}-error` : ""].filter(Boolean).join(" ");
  const box = (
    <input
      {...(input as { type?: "text" })}
      id={id}
      class="input"
      dir="auto"
      value={value}
      readOnly={readonly ?? false}
      spellcheck={spellcheck ?? false}
      aria-invalid={error ? "true" : undefined}
      aria-describedby={described || undefined}
      onInput={(event) => onValue(event.currentTarget.value)}
    />
  );
  return (
    <div class="field">
      <label for={id}>{label}</label>
      {hint ? (
        <p class="field-hint" id={`${id}-hint`}>
          {hint}
        </p>
      ) : null}
      {beside ? (
        <div class="beside">
          {box}
          {beside}
        </div>
      ) : (
        box
      )}
      {error ? (
        <p class="field-error" id={`${id}-error`}>
          {error}
        </p>
      ) : null}
    </div>
  );
}
