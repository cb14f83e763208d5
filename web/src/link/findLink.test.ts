/** What programs and people do to addresses: one table for the door and the terminal. */
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { parseFragment } from "../crypto/link.ts";
import { findLink } from "./findLink.ts";
import { readAddress } from "./link.ts";

interface Table {
  readonly publicUrl: string;
  readonly linkId: string;
  readonly sealed: string;
  readonly plain: string;
  readonly cases: readonly {
    readonly name: string;
    readonly text: string;
    readonly gives: "sealed" | "plain" | "fragment" | "address" | "several";
    readonly publicUrl?: string;
    /** Whether a browser can stand at this address. */
    readonly door?: boolean;
    /** With blanks behind it, so that it has so many bytes. */
    readonly bytes?: number;
  }[];
}

const file = new URL("../../../crates/crypto/vectors/addresses.json", import.meta.url);
const table: Table = JSON.parse(readFileSync(file, "utf8"));
const { linkId } = table;

describe("a text", () => {
  test.each(table.cases)("$name", ({ text, bytes = 0, gives, publicUrl = table.publicUrl }) => {
    const found = findLink(text + " ".repeat(Math.max(0, bytes - Buffer.byteLength(text))));
    if (gives === "sealed" || gives === "plain")
      expect(found).toEqual({ kind: "whole", publicUrl, linkId, fragment: table[gives] });
    else expect(found.kind).toBe(gives);
  });
});

describe("a door", () => {
  test.each(table.cases.filter(({ door }) => door !== false))("$name", ({ text, gives }) => {
    const address = new URL(text);
    const clean = readAddress(address);
    const found = clean ?? findLink(address.href);
    if (gives === "sealed" || gives === "plain") {
      expect(found).toMatchObject({ linkId, fragment: table[gives] });
    } else if (clean) {
      expect(gives).toBe(clean.linkId === null ? "address" : "fragment");
      // What is of the right length and no fragment, the keeper of the keys sees.
      expect(parseFragment(clean.fragment ?? "")).toBeNull();
    } else {
      expect("kind" in found && found.kind).toBe(gives);
    }
  });
});
