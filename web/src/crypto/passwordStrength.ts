/** The estimator of password strength, with its dictionaries. */
import { ZxcvbnFactory } from "@zxcvbn-ts/core";
import { adjacencyGraphs, dictionary as common } from "@zxcvbn-ts/language-common";
import { dictionary as english } from "@zxcvbn-ts/language-en";
import type { Weakness } from "./passwords.ts";

// The dictionaries that the estimator of the Rust clients has as well.
const dictionary = {
  "passwords-common": common["passwords-common"],
  "wikipedia-en": english["wikipedia-en"],
  "firstnames-en": english["firstnames-en"],
};

const estimator = new ZxcvbnFactory({ dictionary, graphs: adjacencyGraphs });

/** A part of a password that is easy to guess, and why. */
export interface WeakPart {
  readonly weakness: Weakness;
  readonly length: number;
}

/** Gives the grade from 0 to 4, and what it is made of. `personal` are words that others would try first. */
export function judge(password: string, personal: readonly string[]) {
  const { score, sequence } = estimator.check(password, [...personal]);
  const parts = sequence.flatMap(({ pattern, token, dictionaryName }): WeakPart[] => {
    const weakness = weaknessOf(pattern, dictionaryName);
    return weakness ? [{ weakness, length: Array.from(token).length }] : [];
  });
  return { score, parts };
}

function weaknessOf(pattern: string, dictionaryName: unknown): Weakness | null {
  switch (pattern) {
    case "dictionary":
      return dictionaryName === "userInputs" ? "personal" : "common";
    case "repeat":
      return "repeats";
    case "spatial":
    case "sequence":
    case "regex":
    case "date":
      return "sequence";
    default:
      return null;
  }
}
