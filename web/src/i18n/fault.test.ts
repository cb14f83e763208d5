/** What the pages say of refusals: their own texts, and never the server's, which are for programs. */
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { Problem } from "../api/problem.ts";
import type { Code } from "../api/wire.ts";
import { faultText } from "./deskFault.ts";
import { faultText as customerFaultText } from "./fault.ts";

const openapi = new URL("../../../docs/api/openapi.json", import.meta.url);
const { components } = JSON.parse(readFileSync(openapi, "utf8"));

function codes(): readonly Code[] {
  const { oneOf, enum: names } = components.schemas.Code;
  return names ?? oneOf.flatMap((one: { enum?: Code[]; const?: Code }) => one.enum ?? [one.const]);
}

test.each([
  ["desk", faultText],
  ["customer's page", customerFaultText],
])("each refusal of the server has a text of its own on the %s", (_, textOf) => {
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
    const text = textOf(new Problem(refusal as never, 422));
    expect(text, code).not.toContain("must not");
    expect(text, code).toMatch(/^[A-Z].*\.$/s);
  }
});
