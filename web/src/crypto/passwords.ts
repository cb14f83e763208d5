/** Whether a new password is good enough. The server never sees it, so only this side can tell. */
import { typedPassword } from "../text/typed.ts";

import { loading } from "./failure.ts";

/** The fewest characters of a new password. */
export const MIN_PASSWORD = 12;
/** How many are judged. What comes after them can only make it harder to guess. */
const JUDGED = 100;
/** The example that every guide prints: four words of a comic strip (https://xkcd.com/936), in no dictionary as one. */
const EXAMPLE = "correcthorsebatterystaple";
/** Of five grades, the one from which on a password withstands guessing. */
const GOOD = 3;

/** Why a new password won't do. */
export type Weakness = "short" | "common" | "repeats" | "sequence" | "personal";

/**
 * What is wrong with a new password, or null. `personal` is what others know of whom it is for: name, e-mail. The Rust
 * clients judge alike; one table of cases holds both to it.
 */
export async function passwordProblem(
  password: string,
  personal: readonly string[],
): Promise<Weakness | null> {
  const meant = Array.from(typedPassword(password));
  if (meant.length < MIN_PASSWORD) return "short";
  if (
    meant
      .join("")
      .toLowerCase()
      .replace(/[^\p{Alphabetic}\p{N}]/gu, "") === EXAMPLE
  )
    return "common";
  // Dictionaries are heavy: they come when somebody chooses a password.
  const { judge } = await loading(import("./passwordStrength.ts"));
  const { score, parts } = judge(meant.slice(0, JUDGED).join(""), personal.flatMap(words));
  if (score >= GOOD) return null;
  const own = parts.find(({ weakness }) => weakness === "personal");
  const most = own ?? parts.toSorted((left, right) => right.length - left.length)[0];
  return most?.weakness ?? "common";
}

/** The text and its words, for each of them may stand in a password by itself; no name or e-mail is longer. */
function words(text: string): readonly string[] {
  const known = text.slice(0, 320);
  return [known, ...known.split(/[^\p{Alphabetic}\p{N}]/u).filter((word) => Array.from(word).length >= 3)];
}
