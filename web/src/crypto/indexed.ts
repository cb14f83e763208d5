/** IndexedDB: the migrations, one transaction helper, and the device key that seals the records. */
import type { Bytes } from "./bytes.ts";
import { CryptoFailure } from "./failure.ts";
import { type Medium, Store, type Table } from "./store.ts";

const NAME = "wicketgate";
const KEYS = "keys";
const DEVICE_KEY = "device";
/** How long an unresponsive database may take before the key worker gives up, in milliseconds. */
const PATIENCE = 15_000;
const SLOW = new CryptoFailure("unavailable", "database");

/** Appended to, never edited: the database's version is how many of these have run. */
const MIGRATIONS: readonly ((database: IDBDatabase) => void)[] = [
  (database) => {
    for (const name of [KEYS, "redemptions", "seats", "outbox", "drafts", "desk", "seen"]) {
      database.createObjectStore(name);
    }
  },
];

/** Probes this browser: sealed records, bare records, or null where it has no usable IndexedDB. Throws when it is slow. */
export async function indexedStore(): Promise<Store | null> {
  try {
    const database = await inTime(openDatabase());
    const medium = new IndexedMedium(database);
    const key = await inTime(deviceKey(database).catch(() => null));
    if (!key) await inTime(probe(medium));
    return new Store(medium, key ? "wrapped" : "raw", key);
  } catch (error) {
    // What rests there may be a seat's only key: a slow disk is no reason to go on as if there were none.
    if (error === SLOW) throw error;
    return null;
  }
}

class IndexedMedium implements Medium {
  #database: Promise<IDBDatabase>;

  constructor(database: IDBDatabase) {
    this.#database = Promise.resolve(database);
  }

  async add(table: Table, key: string, bytes: Bytes): Promise<Bytes> {
    // One transaction: another tab either finds this record or had its own stored before.
    return stored(await this.#run((database) => addOrGet(database, table, key, bytes)));
  }

  async put(table: Table, key: string, bytes: Bytes): Promise<void> {
    await this.#transact(table, "readwrite", (records) => records.put(bytes, key));
  }

  async get(table: Table, key: string): Promise<Bytes | null> {
    const value = await this.#transact(table, "readonly", (records) => records.get(key));
    return value === undefined ? null : stored(value);
  }

  async remove(table: Table, key: string): Promise<void> {
    await this.#transact(table, "readwrite", (records) => records.delete(key));
  }

  async keys(table: Table): Promise<readonly string[]> {
    const keys = await this.#transact(table, "readonly", (records) => records.getAllKeys());
    return keys.filter((key) => typeof key === "string");
  }

  #transact<Result>(
    table: Table,
    mode: IDBTransactionMode,
    work: (records: IDBObjectStore) => IDBRequest<Result>,
  ): Promise<Result> {
    return this.#run((database) => transact(database, table, mode, work));
  }

  // Browsers drop the connections of pages in the background. Every task may run twice, so it runs on a new one.
  async #run<Result>(task: (database: IDBDatabase) => Promise<Result>): Promise<Result> {
    const tried = this.#database;
    try {
      return await task(await tried);
    } catch {
      if (this.#database === tried) {
        this.#database = inTime(openDatabase());
        void tried.then(
          (database) => database.close(),
          () => {},
        );
      }
      return task(await this.#database);
    }
  }
}

/** Runs one request in a transaction of its own; resolves once the transaction is on the disk. */
function transact<Result>(
  database: IDBDatabase,
  table: string,
  mode: IDBTransactionMode,
  work: (records: IDBObjectStore) => IDBRequest<Result>,
): Promise<Result> {
  return new Promise((resolve, reject) => {
    const transaction = database.transaction(table, mode, { durability: "strict" });
    const request = work(transaction.objectStore(table));
    transaction.oncomplete = () => resolve(request.result);
    transaction.onabort = () => reject(transaction.error ?? request.error ?? new Error("aborted"));
  });
}

/** Adds a value unless the key is taken, and returns what is there afterwards, in one transaction. */
function addOrGet(database: IDBDatabase, table: string, key: string, value: unknown): Promise<unknown> {
  return transact<unknown>(database, table, "readwrite", (records) => {
    const adding = records.add(value, key);
    adding.onerror = (event) => {
      // Taken: that is an answer, not a reason to abort.
      if (adding.error?.name === "ConstraintError") {
        event.preventDefault();
        event.stopPropagation();
      }
    };
    // Requests of a transaction run in order, so this one sees whichever value won.
    return records.get(key);
  });
}

function openDatabase(): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(NAME, MIGRATIONS.length);
    request.onupgradeneeded = ({ oldVersion }) => {
      for (const migrate of MIGRATIONS.slice(oldVersion)) migrate(request.result);
    };
    request.onerror = () => reject(request.error);
    request.onsuccess = () => {
      const database = request.result;
      // A newer page in another tab must be able to migrate.
      database.onversionchange = () => database.close();
      resolve(database);
    };
  });
}

/** The key that seals every record: made once, kept where scripts cannot read it, and tried before it is relied on. */
async function deviceKey(database: IDBDatabase): Promise<CryptoKey> {
  const usages: KeyUsage[] = ["encrypt", "decrypt"];
  const made = await crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, false, usages);
  await addOrGet(database, KEYS, DEVICE_KEY, made);
  // A transaction of its own, because some browsers accept a key and give back something else.
  const key: unknown = await transact(database, KEYS, "readonly", (records) => records.get(DEVICE_KEY));
  if (!(key instanceof CryptoKey)) throw new CryptoFailure("unavailable", "no key");
  const algorithm = { name: "AES-GCM", iv: new Uint8Array(12) };
  await crypto.subtle.decrypt(algorithm, key, await crypto.subtle.encrypt(algorithm, key, new Uint8Array(1)));
  return key;
}

async function probe(medium: Medium): Promise<void> {
  const key = `probe ${crypto.randomUUID()}`;
  await medium.put("seen", key, Uint8Array.of(1));
  if ((await medium.get("seen", key))?.[0] !== 1) throw new CryptoFailure("unavailable");
  await medium.remove("seen", key);
}

function stored(value: unknown): Bytes {
  if (!(value instanceof Uint8Array)) throw new CryptoFailure("malformed", "record");
  return new Uint8Array(value);
}

function inTime<Value>(promise: Promise<Value>): Promise<Value> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(SLOW), PATIENCE);
    promise.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
