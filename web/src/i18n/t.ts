/** Every visible word comes from a catalogue: plain text with `{names}`, and plural forms where there is a `{count}`. */
import { signal } from "@preact/signals";
import english from "./catalogues/en/customer.json";
import { once } from "./once.ts";

/** One sentence, or one for each plural form of `count`. */
export type Entry =
  | string
  | { readonly one?: string; readonly other: string; readonly [form: string]: string | undefined };

/** The keys of the words that both pages share. */
export type Key = keyof typeof english;

/** Another language's words, in the order of the English keys. What is missing is said in English. */
export type Words = readonly (Entry | null)[];

/** What goes into the braces. */
export type Values = Readonly<Record<string, string | number>>;

const RIGHT_TO_LEFT = /^(ar|he)\b/;

// A signal, so that whatever says something says it anew in another language, with what was typed beside it left alone.
const current = signal("en");

/** The language that words, numbers and dates are in. */
export function language(): string {
  return current.value;
}

/** Chooses the language of numbers, dates and plural forms. */
export function speak(tag: string): void {
  current.value = tag;
}

/** Which way a language is written. */
export function directionOf(tag: string): "ltr" | "rtl" {
  return RIGHT_TO_LEFT.test(tag) ? "rtl" : "ltr";
}

/** The sentences of one catalogue. */
export interface Sayings<K extends string> {
  /** The sentence as text. */
  (key: K, values?: Values): string;
  /** The sentence in pieces, so that a name can sit in its own element. */
  parts<T>(key: K, values: Readonly<Record<string, T | string | number>>): (T | string)[];
  /** Puts another language's words over the English ones. */
  translate(words: Words): void;
}

/** Makes a catalogue speak. `words` is the English one, which has every key. */
export function sayings<K extends string>(words: Readonly<Record<K, Entry>>): Sayings<K> {
  let spoken: Record<K, Entry> = words;
  const speaking = (key: K, values: Values = {}) =>
    fill(formOf(spoken[key], values.count), values, String).join("");
  return Object.assign(speaking, {
    parts<T>(key: K, values: Readonly<Record<string, T | string | number>>): (T | string)[] {
      return fill<T | string, T | string | number>(formOf(spoken[key], values.count), values, (value) =>
        typeof value === "number" ? numberWords(value) : value,
      );
    },
    translate(translated: Words) {
      const keys = Object.keys(words) as K[];
      spoken = { ...words };
      keys.forEach((key, place) => {
        spoken[key] = translated[place] ?? words[key];
      });
    },
  });
}

/** Says what both pages share. */
export const say: Sayings<Key> = sayings(english);

const plurals = once((tag) => new Intl.PluralRules(tag));

const numbers = once((tag) => new Intl.NumberFormat(tag));

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
    return [typeof value === "number" ? numberWords(value) : shown(value)];
  });
}

/** A number as the language writes it. */
export function numberWords(value: number): string {
  return numbers(current.value).format(value);
}
