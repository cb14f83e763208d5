/** What is typed, pasted or copied by hand, as it is meant: editors, keyboards and messengers add to it. */
import { plainDigits } from "./digits.ts";

/** Marks of direction, byte order and line breaking: they come along with what is copied, and nobody types them. */
const STRAY = /[\u00ad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]/gu;
const UNSEEN = /[\p{Default_Ignorable_Code_Point}\p{Cc}\ufff9-\ufffb]/gu;
const SPACE = /\p{White_Space}/gu;

/** A name, a label or an address in one line. The joiners of some scripts and of emoji stay. */
export function typedLine(text: string): string {
  return text
    .replace(STRAY, "")
    .replace(/[\p{White_Space}\p{Cc}]+/gu, " ")
    .trim()
    .normalize("NFC");
}

/** A code: no spaces, nothing invisible, plain dashes, letters and digits. The Rust side has the same rule. */
export function typedCode(text: string): string {
  const seen = text.replace(UNSEEN, "").replace(SPACE, "").normalize("NFKC").replace(SPACE, "");
  return plainDigits(seen.replace(/[\p{Pd}\u2212]/gu, "-").normalize("NFC"));
}

/** A password in normal form KC, without what nobody sees or what stands around it. The Rust side has the same rule. */
export function typedPassword(text: string): string {
  return text
    .replace(UNSEEN, "")
    .normalize("NFKC")
    .replace(/^\p{White_Space}+|\p{White_Space}+$/gu, "");
}
