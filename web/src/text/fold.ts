/** Texts as they are compared where somebody looks for one: by what is on every keyboard. */

import { plainDigits } from "./digits.ts";

/**
 * Letters that Unicode does not take apart into a base and a mark, though people without that key type the base
 * (CLDR's transform Latin-ASCII); forms of one letter that are typed for each other in Greek, Arabic and Persian.
 */
const BASES: ReadonlyMap<string, string> = new Map([
  ...letters("ß:ss æ:ae œ:oe þ:th ð:d đ:d ɖ:d ħ:h ı:i ɨ:i ĸ:k ł:l ƚ:l ŋ:n ø:o ŧ:t ʉ:u ƶ:z ə:e"),
  ...letters("ς:σ ґ:г ӏ:і ٱ:ا ى:ي ی:ي ې:ي ە:ه ہ:ه ھ:ه ة:ه ک:ك ڪ:ك"),
]);

// What stands above and below letters; vowels that are signs of their own, as in Devanagari or Thai, are letters.
const MARKS =
  /(?=\p{M})[\p{scx=Latn}\p{scx=Grek}\p{scx=Cyrl}\p{scx=Arab}\p{scx=Hebr}\p{scx=Kana}\p{sc=Zinh}\u093c]/gu;
const UNSEEN = /[\p{Default_Ignorable_Code_Point}\p{Cc}ـ]/gu;

/** A text as it is compared: "Café" is found by "cafe", "Łódź" by "lodz", "Straße" by "STRASSE". */
export function folded(text: string): string {
  const base = text
    .replace(/\s+/gu, " ")
    .normalize("NFKD")
    .replace(UNSEEN, "")
    .replace(MARKS, "")
    .toLowerCase()
    .replace(MARKS, "")
    .replace(/[\u0180-\uffff]|[ßæþðđħłøıœŋŧĸ]/g, (letter) => BASES.get(letter) ?? letter)
    .replace(/[ァ-ヶ]/g, (letter) => String.fromCharCode(letter.charCodeAt(0) - 0x60))
    .replace(/\p{Pd}/gu, "-")
    .replace(/[‘’ʼ׳]/g, "'");
  return plainDigits(base);
}

/** The words of a search as they are compared. */
export function wordsOf(text: string): readonly string[] {
  return folded(text).split(/\s+/).filter(Boolean);
}

function letters(pairs: string): readonly (readonly [string, string])[] {
  return pairs.split(" ").map((pair) => {
    const [letter = "", base = ""] = pair.split(":");
    return [letter, base];
  });
}
