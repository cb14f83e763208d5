/** Records in memory, with a snapshot that the page may keep in this tab's session storage. */
import { type Bytes, fromBase64Url, toBase64Url } from "./bytes.ts";
import { json, record } from "./parse.ts";
import { type Medium, Store, TABLES, type Table } from "./store.ts";

/** Where nothing outlives the worker by itself. */
export class MemoryMedium implements Medium {
  readonly #records = new Map<string, Bytes>();
  readonly #changed: (snapshot: string) => void;

  /** Starts from a snapshot (an unreadable one counts as empty), and reports a new one after each change. */
  constructor(snapshot: string | null = null, changed: (snapshot: string) => void = () => {}) {
    this.#changed = changed;
    if (snapshot === null) return;
    try {
      for (const [name, value] of Object.entries(record(json(snapshot)))) {
        this.#records.set(name, fromBase64Url(value));
      }
    } catch {
      this.#records.clear();
    }
  }

  async add(table: Table, key: string, bytes: Bytes): Promise<Bytes> {
    const name = nameOf(table, key);
    const present = this.#records.get(name);
    if (present) return present;
    this.#records.set(name, bytes);
    this.#report();
    return bytes;
  }

  async put(table: Table, key: string, bytes: Bytes): Promise<void> {
    this.#records.set(nameOf(table, key), bytes);
    this.#report();
  }

  async get(table: Table, key: string): Promise<Bytes | null> {
    return this.#records.get(nameOf(table, key)) ?? null;
  }

  async remove(table: Table, key: string): Promise<void> {
    if (this.#records.delete(nameOf(table, key))) this.#report();
  }

  async keys(table: Table): Promise<readonly string[]> {
    const prefix = nameOf(table, "");
    return [...this.#records.keys()]
      .filter((name) => name.startsWith(prefix))
      .map((name) => name.slice(prefix.length));
  }

  #report(): void {
    const values = [...this.#records].map(([name, bytes]) => [name, toBase64Url(bytes)]);
    this.#changed(JSON.stringify(Object.fromEntries(values)));
  }
}

/** A store in memory alone. */
export function memoryStore(): Store {
  return new Store(new MemoryMedium(), "memory", null);
}

function nameOf(table: Table, key: string): string {
  return `${TABLES.indexOf(table)}/${key}`;
}
