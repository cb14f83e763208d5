/** New passwords, by the table that the Rust clients are held to as well. */
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { passwordProblem } from "./passwords.ts";

const table = new URL("../../../crates/text/cases/new-passwords.json", import.meta.url);
const cases = JSON.parse(readFileSync(table, "utf8")) as { password: string; reason: string | null }[];
const PERSONAL = ["Mara's Bakery", "mara@bäckerei.example"];

test.each(cases.map(({ password, reason }) => [password, reason] as const))(
  "the new password %j: %s",
  async (password, reason) => expect(await passwordProblem(password, PERSONAL)).toBe(reason),
);

test("every text is judged, however long", async () => {
  for (const text of ["", "\0", "é".repeat(99), "👩‍🚀".repeat(50)]) {
    expect(await passwordProblem(text, [text, "", "@"])).not.toBeNull();
  }
  const long = Array.from({ length: 200_000 }, (_, n) => ((n * 7919) % 36).toString(36)).join("");
  expect(await passwordProblem(long, [long])).toBeNull();
});
