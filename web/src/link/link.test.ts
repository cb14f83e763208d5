/** Addresses as messengers leave them. */
import { describe, expect, test } from "vitest";
import { chatOfPath, doorPath, readAddress } from "./link.ts";

const ID = "AAECAwQFBgcICQoLDA0ODw";
const SEALED = `1.${"A".repeat(43)}`;
const PLAIN = `2.${"B".repeat(22)}`;
const door = `https://example.com/secure/chat/${ID}`;

describe("an address", () => {
  test.each([
    ["as it was made", `${door}#${SEALED}`, SEALED],
    ["a plain one", `${door}#${PLAIN}`, PLAIN],
    ["# encoded", `${door}%23${SEALED}`, SEALED],
    ["# encoded twice", `${door}%2523${SEALED}`, SEALED],
    ["tracking after the fragment", `${door}#${SEALED}&utm_source=mail`, SEALED],
    ["tracking before the fragment", `${door}?fbclid=x&y=1#${SEALED}`, SEALED],
    ["tracking before an encoded #", `${door}?fbclid=x%23${SEALED}`, SEALED],
    ["a full stop after it", `${door}#${SEALED}.`, SEALED],
    ["no fragment", door, null],
    ["a fragment cut short", `${door}#${SEALED.slice(0, 30)}`, null],
    ["a fragment with something grown onto it", `${door}#${SEALED}A`, null],
    ["another fragment", `${door}#top`, null],
  ])("%s", (_, href, fragment) => {
    expect(readAddress(href)).toEqual({ linkId: ID, fragment });
  });

  test("of something else names no link", () => {
    expect(readAddress(`https://example.com/chat/${ID}`).linkId).toBeNull();
    expect(readAddress(`https://example.com/?/secure/chat/${ID}`).linkId).toBeNull();
    expect(readAddress(`${door}A#${SEALED}`).linkId).toBeNull();
  });

  test("is whole again", () => {
    expect(doorPath(ID, SEALED)).toBe(`/secure/chat/${ID}#${SEALED}`);
    expect(doorPath(ID, null)).toBe(`/secure/chat/${ID}`);
    expect(chatOfPath(`/chat/${ID}`)).toBe(ID);
    expect(chatOfPath("/chat/x")).toBeNull();
  });
});
