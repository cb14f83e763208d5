/** How a desk goes on from where it was told, against a line that the test holds. */
import { beforeEach, expect, test } from "vitest";
import type { ClientFrame, ServerFrame } from "../../api/wire.ts";
import { memoryStorage } from "../testStorage.ts";
import { Feed } from "./Feed.ts";
import { FeedCursor } from "./FeedCursor.ts";

let said: ClientFrame[];
let resets: number;
let caughtUp: number;
/** What waits for another try. */
let retry: { readonly after: number; readonly go: () => void }[];
let storage: Storage;

beforeEach(() => {
  [said, resets, caughtUp, retry, storage] = [[], 0, 0, [], memoryStorage()];
});

const now = () => Date.now();

function openFeed(): Feed {
  return new Feed({
    line: {
      say: (frame) => said.push(frame) > 0,
      retryTime: (after) => new Promise((go) => retry.push({ after, go })),
    },
    cursor: cursor(),
    reset: () => {
      resets += 1;
    },
    caughtUp: () => {
      caughtUp += 1;
    },
    now,
  });
}

const cursor = () => new FeedCursor("ada", () => storage, now);
const since = (cursor: string | null): ClientFrame => ({ type: "since", cursor });
const upto = (cursor: string): ServerFrame => ({ type: "upto", cursor });
/** What stands in the browser by now. */
const kept = async () => {
  await new Promise((resolve) => setTimeout(resolve));
  return cursor().read();
};

test("a desk that was never told anything is told from now on, and reads the lists once it knows from where", async () => {
  const feed = openFeed();
  feed.up();
  expect([said, resets]).toEqual([[since(null)], 0]);
  feed.hear(upto("one"));
  expect([resets, caughtUp, await kept()]).toEqual([1, 1, "one"]);
  feed.hear(upto("two"));
  expect([resets, caughtUp]).toEqual([1, 1]);
});

test("a desk that comes back says how far it was told, and reads nothing anew", async () => {
  cursor().keep("one", now());
  const feed = openFeed();
  feed.up();
  feed.hear(upto("two"));
  expect([said, resets, caughtUp, await kept()]).toEqual([[since("one")], 0, 1, "two"]);
});

test("a line that comes again goes on from what this tab was told, and not from what another one was", () => {
  const feed = openFeed();
  feed.up();
  feed.hear(upto("mine"));
  cursor().keep("another tab's", now() + 10);
  feed.up();
  expect(said.at(-1)).toEqual(since("mine"));
});

test("what another tab is told while the lists are read is told to this one as well", () => {
  cursor().keep("before", now() - 10);
  const feed = openFeed();
  cursor().keep("another tab's", now());
  feed.up();
  expect(said).toEqual([since("before")]);
});

test("what can't be told one by one is read anew, also later on", () => {
  cursor().keep("outdated", now());
  const feed = openFeed();
  feed.up();
  feed.hear({ type: "reset" });
  feed.hear(upto("one"));
  expect(resets).toBe(1);
  feed.hear({ type: "reset" });
  expect([resets, caughtUp]).toEqual([2, 1]);
});

test("what is not said yet does not count as told in this browser", async () => {
  const feed = openFeed();
  feed.up();
  feed.hear(upto("one"));
  expect(await kept()).toBe("one");
  let say = () => {};
  feed.saying(
    new Promise((resolve) => {
      say = resolve;
    }),
  );
  feed.saying(Promise.reject(new Error("no label")));
  feed.hear(upto("two"));
  feed.hear(upto("three"));
  feed.stop();
  expect(await kept()).toBe("one");
  // The line itself goes on from there all the same.
  feed.up();
  expect(said.at(-1)).toEqual(since("three"));
  say();
  await kept();
  feed.stop();
  expect(await kept()).toBe("three");
});

test("a server that can't tell just now is asked again on the same line, and no other", async () => {
  const refusal = { title: "", status: 503, success: false, error: "Not now.", retryAfter: 4 } as const;
  const problem = { ...refusal, type: "/problems/unavailable", code: "unavailable" } as const;
  cursor().keep("one", now());
  const feed = openFeed();
  feed.up();
  feed.hear({ type: "problem", problem, chat: "a chat's" });
  expect(retry).toEqual([]);
  feed.hear({ type: "problem", problem });
  expect([retry.map(({ after }) => after), caughtUp]).toEqual([[4_000], 1]);
  retry[0]?.go();
  await kept();
  expect(said).toEqual([since("one"), since("one")]);
  feed.hear({ type: "problem", problem });
  feed.up();
  retry[1]?.go();
  await kept();
  expect(said).toHaveLength(3);
  feed.hear(upto("two"));
  feed.hear({ type: "problem", problem });
  expect(retry).toHaveLength(2);
});
