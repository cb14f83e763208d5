/** Emoji that stand alone are shown big. */

const EMOJI =
  /^(?:\p{RI}\p{RI}|[\d#*]\ufe0f?\u20e3|\p{Extended_Pictographic}(?:\ufe0f|\p{EMod})?(?:\u200d\p{Extended_Pictographic}(?:\ufe0f|\p{EMod})?)*){1,3}$/u;

/** Whether a text is one to three emoji and nothing else. */
export function loneEmoji(text: string): boolean {
  return text.length <= 64 && EMOJI.test(text.trim());
}
