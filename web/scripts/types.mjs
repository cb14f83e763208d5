/** Writes `src/api/types.gen.ts` from the committed OpenAPI snapshot, unless it is fresh already. */

import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import openapiTS, { astToString } from "openapi-typescript";

const snapshot = new URL("../../docs/api/openapi.json", import.meta.url);
const target = new URL("../src/api/types.gen.ts", import.meta.url);

if (existsSync(snapshot)) {
  const source = readFileSync(snapshot);
  const mark = `// Made from docs/api/openapi.json ${createHash("sha256").update(source).digest("hex")}\n`;
  const fresh = existsSync(target) && readFileSync(target, "utf8").startsWith(mark);
  if (!fresh) {
    mkdirSync(new URL(".", target), { recursive: true });
    writeFileSync(target, mark + astToString(await openapiTS(snapshot)));
  }
} else {
  console.warn("docs/api/openapi.json is absent: the API's types stay as they are");
}
