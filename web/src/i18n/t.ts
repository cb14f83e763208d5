/** Every visible text comes from a catalogue: plain text with `{names}`, and plural forms where there is a `{count}`. */
import { signal } from "@preact/signals";
import english from "./catalogues/en/customer.json";
import { perLocale } from "./perLocale.ts";

/** One sentence, or one for each plural form of `count`. */
export type Entry =
  | string
  | { readonly one?: string; readonly other: string; readonly [form: string]: string | undefined };

/** The keys of the texts that both pages share. */
export type TextKey = keyof typeof english;

/** Another language's texts, in the order of the English keys. What is missing is said in English. */
export type Texts = readonly (Entry | null)[];

/** What goes into the braces. */
export type Values = Readonly<Record<string, string | number>>;

const RIGHT_TO_LEFT = /^(ar|he)\b/;

// A signal, so that whatever shows a text shows it anew in another language, with what was typed beside it left alone.
const current = signal("en");

/** The language tag that texts, numbers and dates are written by. */
export function locale(): string {
  return current.value;
}

/** Chooses the language tag of numbers, dates and plural forms. */
export function setLocale(tag: string): void {
  current.value = tag;
}

/** Which way a language is written. */
export function directionOf(tag: string): "ltr" | "rtl" {
  return RIGHT_TO_LEFT.test(tag) ? "rtl" : "ltr";
}

/** Gives the texts of one catalogue by their keys. */
export interface Translator<K extends string> {
  /** The sentence as text. */
  (key: K, values?: Values): string;
  /** The sentence in pieces, so that a name can sit in its own element. */
  parts<T>(key: K, values: Readonly<Record<string, T | string | number>>): (T | string)[];
  /** Puts another language's texts over the English ones. */
  use(texts: Texts): void;
}

/** Makes a catalogue's translator. `english` has every key. */
export function translator<K extends string>(english: Readonly<Record<K, Entry>>): Translator<K> {
  let entries: Record<K, Entry> = english;
  const translate = (key: K, values: Values = {}) =>
    fill(formOf(entries[key], values.count), values, String).join("");
  return Object.assign(translate, {
    parts<T>(key: K, values: Readonly<Record<string, T | string | number>>): (T | string)[] {
      return fill<T | string, T | string | number>(formOf(entries[key], values.count), values, (value) =>
        typeof value === "number" ? numberText(value) : value,
      );
    },
    use(texts: Texts) {
      const keys = Object.keys(english) as K[];
      entries = { ...english };
      keys.forEach((key, place) => {
        entries[key] = texts[place] ?? english[key];
      });
    },
  });
}

/** What both pages share, in the language of the page. */
export const t: Translator<TextKey> = translator(english);

const plurals = perLocale((tag) => new Intl.PluralRules(tag));

const numbers = perLocale((tag) => new Intl.NumberFormat(tag));

function formOf(entry: Entry, count: unknown): string {
  const tag = current.value;
  if (typeof entry === "string") return entry;
  if (typeof count !== "number") return entry.other;
  return entry[plurals(tag).select(count)] ?? entry.other;
}

function fill<Out, In>(
  sentence: string,
  values: Readonly<Record<string, In>>,
  shown: (value: In) => Out | string,
): (Out | string)[] {
  return sentence.split(/\{(\w+)\}/).flatMap((piece, index) => {
    if (index % 2 === 0) return piece === "" ? [] : [piece];
    const value = values[piece];
    if (value === undefined) return [`{${piece}}`];
    return [typeof value === "number" ? numberText(value) : shown(value)];
  });
}

/** A number as the language writes it. */
export function numberText(value: number): string {
  return numbers(current.value).format(value);
}
