/** Lengths of X-Wing's parts in bytes, apart from HPKE itself: the page may know them without loading it. */

/** A public key. */
export const PUBLIC_KEY_LENGTH = 1216;
/** An encapsulated key. */
export const ENC_LENGTH = 1120;
/** The randomness that a sender draws. */
export const SENDER_RANDOMNESS_LENGTH = 64;
