/** Texts of the catalogues, for tests in other languages. */
import { readFileSync } from "node:fs";
import { join } from "node:path";

/** The text of a key in a catalogue, such as `de/desk`, filled. */
export function translated(
  catalogue: string,
  key: string,
  values: Readonly<Record<string, string>> = {},
): string {
  const path = join(import.meta.dirname, `../../src/i18n/catalogues/${catalogue}.json`);
  const texts: Readonly<Record<string, string>> = JSON.parse(readFileSync(path, "utf8"));
  return (texts[key] ?? key).replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
}
