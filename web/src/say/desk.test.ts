/** What the desk says of refusals: its own words, and never the server's, which are for programs. */
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { Problem } from "../api/problem.ts";
import type { Code } from "../api/wire.ts";
import { faultWords } from "./desk.ts";

const openapi = new URL("../../../docs/api/openapi.json", import.meta.url);
const { components } = JSON.parse(readFileSync(openapi, "utf8"));

function codes(): readonly Code[] {
  const { oneOf, enum: names } = components.schemas.Code;
  return names ?? oneOf.flatMap((one: { enum?: Code[]; const?: Code }) => one.enum ?? [one.const]);
}

test("each refusal that there is has words", () => {
  expect(codes().length).toBeGreaterThan(30);
  for (const code of codes()) {
    const refusal = {
      code,
      error: "email must not be empty",
      status: 422,
      success: false,
      title: "",
      type: "",
    };
    const words = faultWords(new Problem(refusal as never, 422));
    expect(words, code).not.toContain("must not");
    expect(words, code).toMatch(/^[A-Z].*\.$/s);
  }
});
