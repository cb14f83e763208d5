/** The name that a chat gets when nobody chose one. */

const LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/** A new name of ten random bytes: easy to read aloud, and never the name of another chat (50 bits). */
export function newChatName(random: Uint8Array): string {
  const letters = Array.from(random.subarray(0, 10), (byte) => LETTERS[byte % 32]).join("");
  return `chat-${letters.slice(0, 5)}-${letters.slice(5)}`;
}
