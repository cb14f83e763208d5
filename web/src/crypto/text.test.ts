/** Text forms: base64url, UUID, fragments, recovery codes, API keys, message padding. */
import { describe, expect, test } from "vitest";
import { fromBase64Url, fromUtf8, fromUuid, Reader, toBase64Url, toUuid } from "./bytes.ts";
import { freshId, uuidV7 } from "./cid.ts";
import { library, native } from "./ed25519.ts";
import { CryptoFailure } from "./failure.ts";
import { LONGEST_TEXT } from "./lengths.ts";
import { parseFragment } from "./link.ts";
import { parseContent, textContent } from "./message.ts";
import { parseRecoveryCode, recoveryCodeText } from "./recoveryCode.ts";
import { Source } from "./vectors/make.ts";

describe("base64url", () => {
  test("is read back at every length", async () => {
    const source = new Source("text");
    for (let length = 0; length < 70; length += 1) {
      const bytes = await source.bytes(length);
      expect(fromBase64Url(toBase64Url(bytes))).toEqual(bytes);
      expect(toBase64Url(bytes)).toBe(Buffer.from(bytes).toString("base64url"));
    }
  });

  test.each(["A", "AB", "AA=", "AA==", "A+", "A/", "A A", "é", "AAA\n", null, undefined, 5, {}])(
    "refuses %j",
    (value) => expect(() => fromBase64Url(value)).toThrow(CryptoFailure),
  );
});

test("a UUID is read back from its text", () => {
  const id = freshId();
  expect(toUuid(fromUuid(id))).toBe(id);
  expect(toUuid(fromUuid(id.toUpperCase()))).toBe(id);
  for (const wrong of ["", id.slice(1), `${id}0`, id.replaceAll("-", ""), 7]) {
    expect(() => fromUuid(wrong)).toThrow(CryptoFailure);
  }
});

test("a UUIDv7 begins with its time, and says its version and variant", () => {
  const id = uuidV7(0x0123456789ab, new Uint8Array(10).fill(0xff));
  expect(id).toBe("01234567-89ab-7fff-bfff-ffffffffffff");
});

test("a reader never runs past the end and takes no number that would be rounded", () => {
  expect(() => new Reader(new Uint8Array(3)).u32()).toThrow(CryptoFailure);
  expect(() => new Reader(new Uint8Array(8).fill(255)).u64()).toThrow(CryptoFailure);
  expect(() => new Reader(new Uint8Array(1)).end()).toThrow(CryptoFailure);
  expect(() => new Reader(Uint8Array.of(255, 255)).list((reader) => reader.u8())).toThrow(CryptoFailure);
  expect(() => fromUtf8(Uint8Array.of(0xff))).toThrow(CryptoFailure);
  expect(fromUtf8(Uint8Array.of(0xef, 0xbb, 0xbf, 0x41))).toBe("\ufeffA");
});

describe("a fragment", () => {
  const sealed = `1.${"A".repeat(42)}E`;
  const plain = `2.${"A".repeat(21)}Q`;

  test.each([
    [sealed, "sealed"],
    [`#${sealed}`, "sealed"],
    [`%23${sealed}`, "sealed"],
    [`#${sealed}&utm_source=mail`, "sealed"],
    [`#${sealed}?fbclid=1`, "sealed"],
    [`#${sealed}#again`, "sealed"],
    [` #${plain} `, "plain"],
  ])("%s is %s", (text, kind) => expect(parseFragment(text)?.kind).toBe(kind));

  test.each([
    "",
    "#",
    "#1.",
    `#${sealed}A`,
    `#${sealed.slice(0, -1)}`,
    `#3.${"A".repeat(43)}`,
    `#1.${"A".repeat(42)}F`,
    `#x${sealed}`,
  ])("%s is none", (text) => expect(parseFragment(text)).toBeNull());
});

describe("a recovery code", () => {
  const code = Uint8Array.from({ length: 20 }, (_, index) => index * 13);
  const text = recoveryCodeText(code);

  test("is eight groups of four", () =>
    expect(text).toMatch(/^([0-9A-HJKMNP-TV-Z]{4}-){7}[0-9A-HJKMNP-TV-Z]{4}$/));

  test("is read however it is typed", () => {
    const typed = text.toLowerCase().replaceAll("-", " ").replaceAll("1", "l").replaceAll("0", "o");
    const printed = `\ufeff${text.replaceAll("-", "\u2013")}\r\n`;
    const arabic = text.replace(/\d/g, (digit) => String.fromCharCode(0x660 + Number(digit)));
    const wide = text.replace(/[!-~]/g, (letter) => String.fromCharCode(letter.charCodeAt(0) + 0xfee0));
    const wrapped = text.replace("-", "-\u00ad\u200b\u00a0");
    for (const form of [text, text.replaceAll("-", ""), typed, ` ${text} `, printed, arabic, wide, wrapped]) {
      expect(parseRecoveryCode(form)).toEqual(code);
    }
  });

  test.each(["", "U".repeat(32), text.slice(1), `${text}0`, `${text.slice(0, -1)}!`])("%s is none", (wrong) =>
    expect(() => parseRecoveryCode(wrong)).toThrow(CryptoFailure),
  );
});

describe("content", () => {
  test("keeps text as it is", () => {
    for (const text of ["", "a", '"\\\u2028<b>', "🗝", "x".repeat(LONGEST_TEXT)]) {
      expect(parseContent(textContent(text))).toEqual({ type: "text", text });
    }
  });

  test("replaces half of a surrogate pair, for not every reader of JSON takes it", () => {
    expect(parseContent(textContent("a\ud83db"))).toEqual({ type: "text", text: "a\ufffdb" });
  });

  test("is named, and not refused, where its kind is newer", () => {
    expect(parseContent('{"type":"file","name":"x"}')).toEqual({ type: "unknown", name: "file" });
  });

  test.each(["", "null", "[]", "{}", '{"type":1}', '{"type":"text"}', '{"type":"text","text":1}'])(
    "%s is refused",
    (source) => expect(() => parseContent(source)).toThrow(CryptoFailure),
  );
});

describe("Ed25519 from the library", () => {
  test("agrees with the platform's", async () => {
    const loaded = await library();
    const source = new Source("ed25519");
    for (let round = 0; round < 8; round += 1) {
      const [seed, message] = [await source.bytes(32), await source.bytes(round * 11)];
      const publicKey = await native.publicKeyOf(seed);
      expect(await loaded.publicKeyOf(seed)).toEqual(publicKey);
      const signature = await native.sign(seed, message);
      expect(await loaded.sign(seed, message)).toEqual(signature);
      for (const engine of [native, loaded]) {
        expect(await engine.verify(publicKey, message, signature)).toBe(true);
        const wrong = signature.map((byte, index) => (index === 3 ? byte ^ 1 : byte));
        expect(await engine.verify(publicKey, message, Uint8Array.from(wrong))).toBe(false);
      }
    }
  });
});
