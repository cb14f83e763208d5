/** What the catalogues say. */
import { readFileSync } from "node:fs";
import { join } from "node:path";

/** A sentence of a catalogue, such as `de/desk`, filled. */
export function said(catalogue: string, key: string, values: Readonly<Record<string, string>> = {}): string {
  const path = join(import.meta.dirname, `../../src/i18n/catalogues/${catalogue}.json`);
  const words: Readonly<Record<string, string>> = JSON.parse(readFileSync(path, "utf8"));
  return (words[key] ?? key).replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
}
