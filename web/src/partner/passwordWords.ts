/** What is wrong with a new password, in words. */
import { sayDesk } from "../say/desk.ts";

export function passwordWords(problem: string | undefined): string | null {
  if (problem === "short") return sayDesk("password.short");
  return problem === "common" ? sayDesk("password.common") : null;
}
