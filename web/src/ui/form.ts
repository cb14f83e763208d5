/** What stands in the fields of a form, whoever put it there. */

/**
 * Reads fields by their names when the form is sent: password managers, and whatever else fills forms, tell nobody.
 * For the same reason no field may be written while somebody fills the form; see `Field`.
 */
export function fieldsOf<Name extends string>(
  form: HTMLFormElement | null,
  ...names: readonly Name[]
): Readonly<Record<Name, string>> {
  const values = form ? new FormData(form) : null;
  const read = names.map((name) => {
    const value = values?.get(name);
    return [name, typeof value === "string" ? value : ""] as const;
  });
  return Object.fromEntries(read) as Record<Name, string>;
}
