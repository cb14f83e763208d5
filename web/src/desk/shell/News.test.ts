import { beforeEach, expect, test } from "vitest";
import { ALL_CHATS, News } from "./News.ts";

let told: (readonly [string, number])[];
let news: News;

beforeEach(() => {
  told = [];
  news = new News((chatRef, count) => told.push([chatRef, count]));
});

test("what comes is told of at once", () => {
  news.came(new Map([["a", 2]]));
  expect(told).toEqual([["a", 2]]);
});

test("what was missed is told of when it is all there, a few chats by their names", () => {
  news.gather();
  news.came(new Map([["a", 1]]));
  news.came(new Map([["b", 1]]));
  news.gather();
  news.came(new Map([["a", 2]]));
  expect(told).toEqual([]);
  news.caughtUp();
  expect(told).toEqual([
    ["a", 3],
    ["b", 1],
  ]);
  news.caughtUp();
  news.came(new Map([["c", 1]]));
  expect(told).toHaveLength(3);
});

test("many chats are told of as one, whether they were missed or read", () => {
  const many = new Map(["a", "b", "c", "d"].map((chatRef, index) => [chatRef, index + 1]));
  news.came(many);
  news.gather();
  for (const [chatRef, count] of many) news.came(new Map([[chatRef, count]]));
  news.caughtUp();
  expect(told).toEqual([
    [ALL_CHATS, 10],
    [ALL_CHATS, 10],
  ]);
});

test("where nothing was missed nothing is told", () => {
  news.gather();
  news.caughtUp();
  expect(told).toEqual([]);
});
