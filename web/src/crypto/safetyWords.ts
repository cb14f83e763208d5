/** Safety words: six that both people can read to each other, to know that nobody sits between them. */
import type { Bytes } from "./bytes.ts";
import { loading } from "./failure.ts";
import { kdf } from "./kdf.ts";

const WORD_COUNT = 6;
const BITS_A_WORD = 11;

/** The words of a root, from BIP-39's English list (loaded when first asked for). */
export async function safetyWordsOf(root: Bytes | CryptoKey): Promise<readonly string[]> {
  const { wordlist } = await loading(import("@scure/bip39/wordlists/english.js"));
  return safetyWordNumbers(await kdf(root, "words")).flatMap((number) => wordlist[number] ?? []);
}

/** The first 66 bits as six numbers of 11 bits. */
export function safetyWordNumbers(derived: Bytes): readonly number[] {
  let bits = 0n;
  for (const byte of derived) bits = (bits << 8n) | BigInt(byte);
  const total = BigInt(derived.length * 8);
  return Array.from({ length: WORD_COUNT }, (_, index) =>
    Number((bits >> (total - BigInt(BITS_A_WORD * (index + 1)))) & 0x7ffn),
  );
}
