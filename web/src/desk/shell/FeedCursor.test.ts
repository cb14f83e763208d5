/** What a browser keeps of how far its agents were told. */
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { memoryStorage } from "../testStorage.ts";
import { FeedCursor } from "./FeedCursor.ts";

const ADA = "ada";
const NAME = `wicketgate.told.${ADA}`;
let storage: Storage;
/** What was written, one after the other. */
let written: string[];

beforeEach(() => {
  vi.useFakeTimers({ now: Date.UTC(2030, 0, 1) });
  [storage, written] = [memoryStorage(), []];
  const write = storage.setItem.bind(storage);
  storage.setItem = (name, value) => {
    written.push(value.split(" ")[1] ?? "");
    write(name, value);
  };
});

afterEach(() => vi.useRealTimers());

const cursorOf = (agentId: string) =>
  new FeedCursor(
    agentId,
    () => storage,
    () => Date.now(),
  );

/** A tab is told now how far it is. */
function told(tab: FeedCursor, cursor: string): void {
  tab.keep(cursor, Date.now());
}

test("what was told stands there for the next visit, of this agent alone", () => {
  expect(cursorOf(ADA).read()).toBeNull();
  told(cursorOf(ADA), "one");
  expect(cursorOf(ADA).read()).toBe("one");
  expect(cursorOf("eve").read()).toBeNull();
});

test("it is written once a second at most, and then the newest", () => {
  const cursor = cursorOf(ADA);
  for (const text of ["one", "two", "three"]) told(cursor, text);
  expect(written).toEqual(["one"]);
  vi.advanceTimersByTime(999);
  expect(written).toEqual(["one"]);
  vi.advanceTimersByTime(1);
  expect(written).toEqual(["one", "three"]);
  vi.advanceTimersByTime(5_000);
  expect(written).toHaveLength(2);
  told(cursor, "four");
  expect(written).toEqual(["one", "three", "four"]);
});

test("a page that is left writes what waits, once", () => {
  const cursor = cursorOf(ADA);
  told(cursor, "one");
  told(cursor, "two");
  cursor.flush();
  cursor.flush();
  vi.advanceTimersByTime(5_000);
  expect(written).toEqual(["one", "two"]);
});

test("of two tabs the one that was told last counts, also when the other one writes later", () => {
  const [fast, slow] = [cursorOf(ADA), cursorOf(ADA)];
  told(slow, "one");
  told(slow, "two");
  vi.advanceTimersByTime(10);
  told(fast, "three");
  slow.flush();
  expect(cursorOf(ADA).read()).toBe("three");
  vi.advanceTimersByTime(10);
  told(slow, "four");
  slow.flush();
  expect(cursorOf(ADA).read()).toBe("four");
});

test("what was written under a clock that ran ahead does not last", () => {
  storage.setItem(NAME, `${Date.now() + 86_400_000} ahead`);
  told(cursorOf(ADA), "one");
  expect(cursorOf(ADA).read()).toBe("one");
});

test("whoever signs out leaves nothing, and nothing is written after", () => {
  const cursor = cursorOf(ADA);
  told(cursor, "one");
  told(cursor, "two");
  cursor.forget();
  told(cursor, "three");
  cursor.flush();
  vi.advanceTimersByTime(5_000);
  expect(storage.getItem(NAME)).toBeNull();
});

test.each(["", "one", "1", "1 ", "x one", "1 one two", " 1 one"])("%j is no place in anything", (text) => {
  storage.setItem(NAME, text);
  expect(cursorOf(ADA).read()).toBeNull();
});

test("a browser that keeps nothing is no fault", () => {
  const cursor = new FeedCursor(
    ADA,
    () => {
      throw new DOMException("no", "SecurityError");
    },
    () => Date.now(),
  );
  told(cursor, "one");
  cursor.forget();
  expect(cursor.read()).toBeNull();
});
