/** Whether there is anything to see. */

// White space, controls, what Unicode gives no glyph of its own, and glyphs in which nothing is drawn: the blank of
// Braille, the object replacement, the null notehead, blanks and joiners of hieroglyphs, the Khitan filler.
const BLANK =
  /^[\p{White_Space}\p{Cc}\p{Default_Ignorable_Code_Point}\ufff9-\ufffc\u2800\u{1d159}\u{13430}-\u{1343f}\u{13441}-\u{13446}\u{16fe4}]*$/u;

/** Whether a text shows nothing. The Rust side has the same rule, in `crates/text`. */
export function isBlank(text: string): boolean {
  return BLANK.test(text);
}
