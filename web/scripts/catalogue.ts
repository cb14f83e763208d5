/**
 * Catalogues on their way to the browser. `en/desk.json?translations` gives what loads the desk's texts in each other
 * language that has a folder beside `en`: in the order of the English keys, and without them.
 */
import { readdirSync, readFileSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import type { Plugin } from "vite";

const TABLE = "\0translations:";
const TEXTS = "\0texts:";

/** Leaves out the keys, which the page has with the English texts: a fifth of what another language weighs. */
export function translations(): Plugin {
  return {
    name: "wicketgate-translations",
    enforce: "pre",
    resolveId(source, importer) {
      const [, file, query] = /^(.+)\.json\?(translations|texts)$/.exec(source) ?? [];
      if (file === undefined || importer === undefined) return undefined;
      const path = resolve(dirname(importer), file);
      // No longer the name of a JSON file, which Vite would read it as.
      if (query === "translations") return TABLE + path;
      const folder = dirname(path);
      // A name that tells the languages' files apart.
      return `${TEXTS}${dirname(folder)}/${basename(folder)}.${basename(path)}.texts`;
    },
    load(id) {
      if (id.startsWith(TABLE)) return tableOf(id.slice(TABLE.length));
      if (!id.startsWith(TEXTS)) return undefined;
      const [language = "", part = ""] = basename(id).split(".");
      const [path, english] = [language, "en"].map((each) =>
        join(dirname(id.slice(TEXTS.length)), each, `${part}.json`),
      ) as [string, string];
      for (const file of [path, english]) this.addWatchFile(file);
      const texts = read(path);
      const ordered = Object.keys(read(english)).map((key) => texts[key] ?? null);
      return `export const texts = ${JSON.stringify(ordered)};`;
    },
  };
}

/** The module that loads the texts of each language. `english` is the path of the English ones, without its end. */
function tableOf(english: string): string {
  const catalogues = dirname(dirname(english));
  const lines = readdirSync(catalogues)
    .filter((language) => language !== "en")
    .sort()
    .map((language) => {
      const path = join(catalogues, language, `${basename(english)}.json?texts`);
      return `${JSON.stringify(language)}: () => import(${JSON.stringify(path)}),`;
    });
  return `export const translations = {\n${lines.join("\n")}\n};`;
}

function read(path: string): Readonly<Record<string, unknown>> {
  return JSON.parse(readFileSync(path, "utf8"));
}
