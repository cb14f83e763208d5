/** What is wrong with a new password, in words. */
import { sayDesk } from "../../i18n/tDesk.ts";

export function passwordWords(problem: string | undefined): string | null {
  switch (problem) {
    case "short":
    case "common":
    case "repeats":
    case "sequence":
    case "personal":
      return sayDesk(`password.${problem}`);
    default:
      return null;
  }
}
