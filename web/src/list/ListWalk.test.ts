/** The walk of a search, step by step, without a list. */
import { expect, test, vi } from "vitest";
import { Problem } from "../api/problem.ts";
import { TRIES } from "../api/retry.ts";
import { holdsAll, ListWalk, searchText } from "./ListWalk.ts";

/** A walk whose steps come out like this, one after the other, and what was told of its ends. */
function walking(...outcomes: ("full" | "done" | null | Error)[]) {
  const ends: string[] = [];
  const step = vi.fn(async () => {
    const outcome = outcomes.length > 0 ? outcomes.shift() : "done";
    if (outcome instanceof Error) throw outcome;
    return outcome ?? null;
  });
  const walk = new ListWalk({ step, ended: (state) => ends.push(state), wait: async () => {} });
  return { walk, step, ends };
}

test("a walk goes on until a step ends it", async () => {
  const { walk, step, ends } = walking(null, null, "full");
  await walk.go(walk.begin());
  expect([step.mock.calls.length, ends]).toEqual([3, ["full"]]);
});

test("a step that fails ends the walk, and another walk goes on from there", async () => {
  const { walk, ends } = walking(null, new Problem(null, 0), null, "done");
  await walk.go(walk.begin());
  await walk.go(walk.begin());
  expect(ends).toEqual(["failed", "done"]);
});

test("a walk that was stopped, or that another one took the place of, tells nothing", async () => {
  const { walk, step, ends } = walking(null, null, "done");
  const stopped = walk.go(walk.begin());
  walk.stop();
  await stopped;
  expect([walk.isStopped, ends]).toEqual([true, []]);
  const first = walk.go(walk.begin());
  await Promise.all([first, walk.go(walk.begin())]);
  expect([walk.isStopped, ends.length]).toEqual([false, 1]);
  expect(step).toHaveBeenCalled();
});

test("a page is asked for again while its fault may pass, and not once the walk is over", async () => {
  const { walk } = walking();
  const page = vi.fn(async () => {
    throw new Problem(null, 0);
  });
  await expect(walk.read(walk.begin(), page)).rejects.toBeInstanceOf(Problem);
  expect(page).toHaveBeenCalledTimes(TRIES);
  const run = walk.begin();
  walk.stop();
  await expect(walk.read(run, page)).rejects.toBeInstanceOf(Problem);
  expect(page).toHaveBeenCalledTimes(TRIES + 1);
});

test("a row is found by every word of a query in any of its texts, whatever their accents and case", () => {
  const text = searchText(["Crème BRÛLÉE", "order-7"]);
  expect([holdsAll(text, ["brulee", "order"]), holdsAll(text, ["brulee", "order-8"])]).toEqual([true, false]);
});
