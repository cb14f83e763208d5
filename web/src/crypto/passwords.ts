/** Whether a new password is good enough. The server never sees it, so only this side can tell. */

/** The fewest characters of a new password. */
export const MIN_PASSWORD = 12;

/** What is wrong with a new password: too short, too easy to guess, or nothing. */
export async function passwordProblem(password: string): Promise<"short" | "common" | null> {
  const normal = password.normalize("NFKC");
  const characters = Array.from(normal.toLowerCase());
  if (Array.from(normal).length < MIN_PASSWORD) return "short";
  if (isRepeated(characters)) return "common";
  // The very list that the Rust clients use, loaded when somebody chooses a password.
  const { default: list } = await import("../../../crates/crypto/src/common-passwords.txt?raw");
  return list.split("\n").includes(characters.join("")) ? "common" : null;
}

/** Whether the text is a run of up to four characters over and over. */
function isRepeated(characters: readonly string[]): boolean {
  return [1, 2, 3, 4].some((length) =>
    characters.every((character, index) => index < length || character === characters[index - length]),
  );
}
