/** What the pages say of refusals: their own words, and never the server's, which are for programs. */
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { Problem } from "../api/problem.ts";
import type { Code } from "../api/wire.ts";
import { faultWords as customersFaultWords } from "./fault.ts";
import { faultWords } from "./tDesk.ts";

const openapi = new URL("../../../docs/api/openapi.json", import.meta.url);
const { components } = JSON.parse(readFileSync(openapi, "utf8"));

function codes(): readonly Code[] {
  const { oneOf, enum: names } = components.schemas.Code;
  return names ?? oneOf.flatMap((one: { enum?: Code[]; const?: Code }) => one.enum ?? [one.const]);
}

test.each([
  ["desk", faultWords],
  ["customer's page", customersFaultWords],
])("each refusal that there is has words on the %s", (_, wordsOf) => {
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
    const words = wordsOf(new Problem(refusal as never, 422));
    expect(words, code).not.toContain("must not");
    expect(words, code).toMatch(/^[A-Z].*\.$/s);
  }
});
