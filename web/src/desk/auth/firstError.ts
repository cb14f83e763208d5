/** After a form was refused, the focus goes to the first field that is wrong. */
import { useEffect, useRef } from "preact/hooks";

/** Gives the form's reference. `mark` changes with each refusal. */
export function useFirstError(mark: unknown) {
  const form = useRef<HTMLFormElement>(null);
  useEffect(() => {
    form.current?.querySelector<HTMLElement>("[aria-invalid]")?.focus();
  }, [mark]);
  return form;
}
