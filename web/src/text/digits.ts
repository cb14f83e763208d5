/** Digits of every script. */

/** The text with 0 to 9 for the decimal digits of other scripts: "٢٤" and "२४" are 24. */
export function plainDigits(text: string): string {
  return text.replace(/\p{Nd}/gu, digit);
}

// Unicode gives the digits of a script as one run from zero to nine (stability policy of its property Numeric_Type).
function digit(letter: string): string {
  const code = letter.codePointAt(0) ?? 0;
  let zero = code;
  while (/\p{Nd}/u.test(String.fromCodePoint(zero - 1))) zero -= 1;
  return `${(code - zero) % 10}`;
}
