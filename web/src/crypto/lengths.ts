/** Lengths in bytes: the page may know them without loading what they belong to. */

/** A public key of X-Wing. */
export const PUBLIC_KEY_LENGTH = 1216;
/** An encapsulated key. */
export const ENC_LENGTH = 1120;
/** The randomness that a sender draws. */
export const SENDER_RANDOMNESS_LENGTH = 64;
/** The longest text of a message, in UTF-8. */
export const MAX_TEXT = 16 * 1024;
