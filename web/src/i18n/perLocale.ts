/** Formats that are made once for each language: to make one takes a hundred times as long as to use it. */

/** Gives the format of a locale, with whatever else tells it from the others. */
export function perLocale<Rest extends readonly (string | undefined)[], Format>(
  make: (tag: string, ...rest: Rest) => Format,
): (tag: string, ...rest: Rest) => Format {
  const made = new Map<string, Format>();
  return (tag, ...rest) => {
    const name = [tag, ...rest].join(" ");
    const format = made.get(name) ?? make(tag, ...rest);
    made.set(name, format);
    return format;
  };
}
