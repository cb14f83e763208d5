/** Catalogues on their way to the browser: `de/desk.json?words` is what German says, in the order of the English keys. */
import { readFileSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import type { Plugin } from "vite";

const MARK = "\0words:";

/** Leaves out the keys, which the page has with the English words: a fifth of what another language weighs. */
export function wordsWithoutKeys(): Plugin {
  return {
    name: "wicketgate-words-without-keys",
    enforce: "pre",
    resolveId(source, importer) {
      if (!source.endsWith(".json?words") || importer === undefined) return undefined;
      const path = resolve(dirname(importer), source.replace(/\.json\?words$/, ""));
      const folder = dirname(path);
      // No longer the name of a JSON file, which Vite would read it as; and one that tells the languages' files apart.
      return `${MARK}${dirname(folder)}/${basename(folder)}.${basename(path)}.words`;
    },
    load(id) {
      if (!id.startsWith(MARK)) return undefined;
      const [language = "", part = ""] = basename(id).split(".");
      const catalogues = dirname(id.slice(MARK.length));
      const path = join(catalogues, language, `${part}.json`);
      const english = join(catalogues, "en", `${part}.json`);
      for (const file of [path, english]) this.addWatchFile(file);
      const words = read(path);
      const ordered = Object.keys(read(english)).map((key) => words[key] ?? null);
      return `export const words = ${JSON.stringify(ordered)};`;
    },
  };
}

function read(path: string): Readonly<Record<string, unknown>> {
  return JSON.parse(readFileSync(path, "utf8"));
}
