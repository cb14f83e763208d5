/** What is wrong with a new password, as a text. */
import { tDesk } from "../../i18n/tDesk.ts";

export function passwordFaultText(problem: string | undefined): string | null {
  switch (problem) {
    case "short":
    case "common":
    case "repeats":
    case "sequence":
    case "personal":
      return tDesk(`password.${problem}`);
    default:
      return null;
  }
}
