/** Records that outlive the page: IndexedDB under a key that no script can read, or the best fall-back there is. */
import { type Bytes, concat, fromUtf8, utf8 } from "./bytes.ts";
import { CryptoFailure } from "./failure.ts";
import type { Keeping } from "./keyWorkerApi.ts";
import { json } from "./parse.ts";
import { NONCE_LENGTH } from "./seal.ts";

/** The tables. `seen` outlives a sign-out: it holds the newest keyring generation of each partner. */
export const TABLES = ["redemptions", "seats", "outbox", "drafts", "desk", "seen"] as const;

/** The name of a table. */
export type Table = (typeof TABLES)[number];

/** Bytes by table and key. Each call is one atomic step, durable when its promise resolves. */
export interface Medium {
  /** Stores the bytes unless there are some already, and returns what is there afterwards. */
  add(table: Table, key: string, bytes: Bytes): Promise<Bytes>;
  put(table: Table, key: string, bytes: Bytes): Promise<void>;
  get(table: Table, key: string): Promise<Bytes | null>;
  remove(table: Table, key: string): Promise<void>;
  keys(table: Table): Promise<readonly string[]>;
}

const RAW = 0;
const SEALED = 1;

/** JSON values by table and key, sealed where the browser allows it. */
export class Store {
  readonly keeping: Keeping;
  readonly #medium: Medium;
  readonly #key: CryptoKey | null;

  /** With `key`, every record is sealed under it. */
  constructor(medium: Medium, keeping: Keeping, key: CryptoKey | null) {
    this.#medium = medium;
    this.keeping = keeping;
    this.#key = key;
  }

  /** Stores a value unless there is one already, and returns what is there afterwards, as read back. */
  async add(table: Table, key: string, value: unknown): Promise<unknown> {
    const stored = await this.#medium.add(table, key, await this.#seal(table, key, value));
    const kept = await this.#open(table, key, stored);
    if (kept !== undefined) return kept;
    // Whoever wrote it, nobody can read it any more: the device key is gone.
    await this.put(table, key, value);
    return value;
  }

  /** Stores a value, and makes sure that it can be read back. */
  async put(table: Table, key: string, value: unknown): Promise<void> {
    await this.#medium.put(table, key, await this.#seal(table, key, value));
    if ((await this.get(table, key)) === undefined) throw new CryptoFailure("unavailable", "not stored");
  }

  /** The value, or undefined when there is none that can be read. */
  async get(table: Table, key: string): Promise<unknown> {
    const bytes = await this.#medium.get(table, key);
    return bytes ? this.#open(table, key, bytes) : undefined;
  }

  async remove(table: Table, key: string): Promise<void> {
    await this.#medium.remove(table, key);
  }

  /** Every value of a table that can be read. */
  async all(table: Table): Promise<readonly { readonly key: string; readonly value: unknown }[]> {
    const keys = await this.#medium.keys(table);
    const values = await Promise.all(keys.map(async (key) => ({ key, value: await this.get(table, key) })));
    return values.filter(({ value }) => value !== undefined);
  }

  /** Removes every record whose key begins so. */
  async removeAll(table: Table, prefix: string): Promise<void> {
    const keys = await this.#medium.keys(table);
    await Promise.all(keys.filter((key) => key.startsWith(prefix)).map((key) => this.remove(table, key)));
  }

  async #seal(table: Table, key: string, value: unknown): Promise<Bytes> {
    const plain = utf8(JSON.stringify(value));
    if (!this.#key) return concat(Uint8Array.of(RAW), plain);
    const iv = crypto.getRandomValues(new Uint8Array(NONCE_LENGTH));
    const algorithm = { name: "AES-GCM", iv, additionalData: utf8(`${table} ${key}`) };
    const sealed = await crypto.subtle.encrypt(algorithm, this.#key, plain);
    return concat(Uint8Array.of(SEALED), iv, new Uint8Array(sealed));
  }

  async #open(table: Table, key: string, bytes: Bytes): Promise<unknown> {
    // The key that could not be had this time may be there again next time: that is not nothing.
    if (!this.#key && bytes[0] === SEALED) throw new CryptoFailure("unavailable", "no device key");
    try {
      return json(fromUtf8(bytes[0] === RAW ? bytes.slice(1) : await this.#decrypt(table, key, bytes)));
    } catch {
      return undefined;
    }
  }

  async #decrypt(table: Table, key: string, bytes: Bytes): Promise<Bytes> {
    if (!this.#key || bytes[0] !== SEALED) throw new CryptoFailure("unopened");
    const iv = bytes.slice(1, 1 + NONCE_LENGTH);
    const algorithm = { name: "AES-GCM", iv, additionalData: utf8(`${table} ${key}`) };
    const sealed = bytes.slice(1 + NONCE_LENGTH);
    return new Uint8Array(await crypto.subtle.decrypt(algorithm, this.#key, sealed));
  }
}
