/** Lengths in bytes: the page may know them without loading what they belong to. */

/** A public key of X-Wing. */
export const PUBLIC_KEY_LENGTH = 1216;
/** An encapsulated key. */
export const ENC_LENGTH = 1120;
/** The randomness that a sender draws. */
export const SENDER_RANDOMNESS_LENGTH = 64;
/** The longest text of a message, in UTF-8. */
export const LONGEST_TEXT = 16 * 1024;
/** The longest JSON that is sealed, in UTF-8: there, a quotation mark takes two bytes and a control character six. */
export const LONGEST_JSON = 32 * 1024;
/** The longest sealed message: that JSON and one more block of padding around it, between a nonce and a tag. */
export const LONGEST_SEALED = 12 + LONGEST_JSON + 128 + 16;
