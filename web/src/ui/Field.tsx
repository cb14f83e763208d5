/** A labelled input, with its hint and what is wrong with it. */
import type { ComponentChildren } from "preact";
import { useId, useState } from "preact/hooks";

interface FieldProps {
  readonly label: string;
  /** What its form reads it by when it is sent. */
  readonly name: string;
  /** What it begins with. */
  readonly initial?: string;
  /** Hears of typing, and not of those that fill forms without a word. */
  readonly onValue?: (value: string) => void;
  readonly hint?: ComponentChildren;
  /** One sentence, or null while nothing is wrong. */
  readonly error?: string | null;
  readonly type?: "text" | "email" | "password";
  readonly autocomplete?: AutoFill;
  readonly required?: boolean;
  readonly readonly?: boolean;
  readonly maxLength?: number;
  /** The id of a `datalist` of suggestions. */
  readonly list?: string;
  readonly spellcheck?: boolean;
  /** What it holds is taken letter by letter, as an address or a code is: nothing may correct or translate it. */
  readonly exact?: boolean;
  /** What stands beside the input. */
  readonly beside?: ComponentChildren;
  readonly inputMode?: "text" | "numeric" | "decimal" | "email";
}

/** For what is taken letter by letter. */
export const EXACT = {
  translate: false,
  autocapitalize: "off",
  // As a property, for browsers take any word for true; its type is that of the attribute.
  autocorrect: false as unknown as "off",
  spellcheck: false,
} as const;

/**
 * The label is always in sight; the error is tied to the input for screen readers. The input keeps its own text: drawing
 * it anew from what was typed would empty what a password manager filled in.
 */
export function Field({
  label,
  initial = "",
  onValue,
  hint,
  error,
  readonly,
  spellcheck,
  exact,
  beside,
  ...input
}: FieldProps) {
  const id = useId();
  const [first] = useState(initial);
  const described = [hint ? `${id}-hint` : "", error ? `${id}-error` : ""].filter(Boolean).join(" ");
  const box = (
    <input
      {...(input as { type?: "text" })}
      {...(exact ? EXACT : {})}
      id={id}
      class="input"
      dir="auto"
      defaultValue={first}
      readOnly={readonly ?? false}
      spellcheck={exact ? false : (spellcheck ?? false)}
      aria-invalid={error ? "true" : undefined}
      aria-describedby={described || undefined}
      onInput={onValue && ((event) => onValue(event.currentTarget.value))}
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
