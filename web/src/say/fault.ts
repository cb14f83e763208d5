/** What went wrong, in words for a person. */
import { Problem } from "../api/problem.ts";
import { say } from "./say.ts";

/** One sentence about anything that was thrown. */
export function faultWords(thrown: unknown): string {
  if (!(thrown instanceof Problem)) return say("fault.unexpected");
  return thrown.refusal ? thrown.refusal.error : say("fault.network");
}
