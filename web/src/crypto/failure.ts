/** The one way in which a function of this folder refuses. */

/**
 * Why something was refused.
 *
 * - `malformed`: the bytes or text are not what the format says.
 * - `unopened`: the key does not fit, or somebody altered the bytes.
 * - `mismatch`: each part is well formed, but they do not belong together (a link, a chat, a partner).
 * - `identity`: signed by, or naming, an identity that is not the expected one.
 * - `certificate`: an inbox certificate whose signature or time does not hold.
 * - `rollback`: a keyring older than one already seen.
 * - `epoch`: an inbox epoch that the keyring does not hold.
 * - `weak`: fewer password rounds than a client accepts.
 * - `too_long`: text or a label over its limit.
 * - `locked`: the desk's keys are not open.
 * - `no_key`: this browser holds no key for the chat or the link.
 * - `made_by_key`: a link that an API key made: it is issued again rather than shown.
 * - `not_loaded`: a part of the page did not come, or stopped: it is loaded again with the page.
 * - `unavailable`: the browser lacks what the worker needs.
 */
export type FailureCode =
  | "malformed"
  | "unopened"
  | "mismatch"
  | "identity"
  | "certificate"
  | "rollback"
  | "epoch"
  | "weak"
  | "too_long"
  | "locked"
  | "no_key"
  | "made_by_key"
  | "not_loaded"
  | "unavailable";

/** An error that carries its reason; its message never holds a secret. */
export class CryptoFailure extends Error {
  readonly code: FailureCode;

  constructor(code: FailureCode, message: string = code) {
    super(message);
    this.name = "CryptoFailure";
    this.code = code;
  }
}

/** What is loaded when it is needed. After an upgrade, an old page asks for what is no longer there. */
export async function loading<Part>(part: Promise<Part>): Promise<Part> {
  try {
    return await part;
  } catch {
    throw new CryptoFailure("not_loaded");
  }
}
