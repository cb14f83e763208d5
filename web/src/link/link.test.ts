/** Addresses as they were made. */
import { describe, expect, test } from "vitest";
import { chatOfPath, doorPath, readAddress } from "./link.ts";

const ID = "AAECAwQFBgcICQoLDA0ODw";
const SEALED = `1.${"A".repeat(43)}`;
const PLAIN = `2.${"B".repeat(22)}`;
const door = `https://example.com/secure/chat/${ID}`;

describe("an address", () => {
  const read = (text: string) => readAddress(new URL(text));

  test("says what it is where nothing was done to it", () => {
    expect(read(`${door}#${SEALED}`)).toEqual({ linkId: ID, fragment: SEALED });
    expect(read(`${door}?fbclid=x#${PLAIN}`)).toEqual({ linkId: ID, fragment: PLAIN });
    expect(read(door)).toEqual({ linkId: ID, fragment: null });
    expect(read(`https://example.com/chat/${ID}`)).toEqual({ linkId: null, fragment: null });
  });

  test.each([
    `${door}#${SEALED}_`,
    `${door}%23${SEALED}`,
    `${door}?u=%23${SEALED}#${SEALED}`,
    `${door}A#${SEALED}`,
  ])("%s takes a closer look", (text) => expect(read(text)).toBeNull());

  test("of a door and of a chat is made of its parts and read back", () => {
    expect(doorPath(ID, SEALED)).toBe(`/secure/chat/${ID}#${SEALED}`);
    expect(doorPath(ID, null)).toBe(`/secure/chat/${ID}`);
    expect(chatOfPath(`/chat/${ID}`)).toBe(ID);
    expect(chatOfPath("/chat/x")).toBeNull();
  });
});
