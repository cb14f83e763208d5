/** When a line and a call are tried again: the same rule as the terminal's, without a clock. */
import { describe, expect, test, vi } from "vitest";
import { Problem } from "./problem.ts";
import { Backoff, type Failure, pauseAfter, retry, TRIES } from "./retry.ts";

/** The waits after failures in a row, each try failing at once. */
function waits(failure: Failure, random: number): number[] {
  const backoff = new Backoff();
  let now = 1_000;
  return Array.from({ length: 60 }, () => {
    const wait = backoff.after(failure, now, random);
    now += wait;
    return wait;
  });
}

test("a lost line is tried every three seconds for two minutes, and then ever less often", () => {
  const all = waits("lost", 1);
  expect(all.slice(0, 4)).toEqual([500, 1_000, 2_000, 3_000]);
  const slower = all.findIndex((wait) => wait > 3_000);
  const before = all.slice(0, slower).reduce((sum, wait) => sum + wait, 0);
  expect(before).toBeGreaterThanOrEqual(120_000);
  expect(before).toBeLessThanOrEqual(123_000);
  expect(all.slice(slower, slower + 4)).toEqual([6_000, 12_000, 24_000, 30_000]);
  expect(all.at(-1)).toBe(30_000);
  expect(waits("lost", 0)).toEqual(Array(60).fill(0));
});

test("a page that nobody sees dials slowly from the first failure on", () => {
  expect(waits("hidden", 1).slice(0, 5)).toEqual([6_000, 12_000, 24_000, 30_000, 30_000]);
});

test("a line that is refused backs off at once, and is never dialled at once", () => {
  expect(waits("refused", 1).slice(0, 5)).toEqual([6_000, 12_000, 24_000, 30_000, 30_000]);
  expect(waits("refused", 0).slice(0, 5)).toEqual([3_000, 6_000, 12_000, 15_000, 15_000]);
});

test("a connection that stands for a moment does not reset the pauses, one that stands for long or works does", () => {
  const backoff = new Backoff();
  expect(backoff.after("refused", 0, 1)).toBe(6_000);
  backoff.up(6_000);
  expect(backoff.after("refused", 7_000, 1)).toBe(12_000);
  backoff.up(20_000);
  expect(backoff.after("refused", 30_000, 1)).toBe(6_000);
  backoff.worked();
  expect(backoff.after("lost", 31_000, 1)).toBe(500);
});

const lost = new Problem(null, 0);

/** The server does not want to just now, and says for how many seconds. */
function busy(retryAfter?: number): Problem {
  const refusal = {
    code: "unavailable",
    error: "Not now.",
    status: 503,
    success: false,
    title: "",
    type: "",
  };
  return new Problem({ ...refusal, ...(retryAfter && { retryAfter }) } as never, 503);
}

test("the pause after a failed call doubles up to half a minute, and is as long as the server asks for", () => {
  const pauses = Array.from({ length: 9 }, (_, failures) => pauseAfter(lost, failures + 1));
  expect(pauses).toEqual([500, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000, 30_000]);
  expect([pauseAfter(busy(7), 1), pauseAfter(busy(7), 5), pauseAfter(lost, 2_000)]).toEqual([
    7_000, 8_000, 30_000,
  ]);
});

describe("a repeated call", () => {
  /** A call that fails of these faults in their order, and works then. */
  function failing(...faults: unknown[]) {
    return vi.fn(async () => {
      if (faults.length > 0) throw faults.shift();
      return "answer";
    });
  }

  /** Notes the pauses in place of waiting. */
  function clock() {
    const pauses: number[] = [];
    return { pauses, wait: async (milliseconds: number) => void pauses.push(milliseconds) };
  }

  test("is made until it works", async () => {
    const { pauses, wait } = clock();
    expect(await retry(failing(lost, busy(3), lost), { wait })).toBe("answer");
    expect(pauses).toEqual([500, 3_000, 2_000]);
  });

  test("is given up after as many tries as it has", async () => {
    const { pauses, wait } = clock();
    const call = failing(...Array(TRIES).fill(lost));
    await expect(retry(call, { wait, tries: TRIES })).rejects.toBe(lost);
    expect([call.mock.calls.length, pauses.length]).toEqual([TRIES, TRIES - 1]);
  });

  test("is not made again after a fault that stays", async () => {
    const { pauses, wait } = clock();
    for (const fault of [new Problem(null, 413), new TypeError("a fault of the page")]) {
      await expect(retry(failing(fault), { wait })).rejects.toBe(fault);
    }
    expect(pauses).toEqual([]);
  });

  test("is not made again once nobody wants its answer, before a pause or after it", async () => {
    const { pauses, wait } = clock();
    for (const wanted of [0, 1]) {
      let asked = 0;
      const call = failing(lost, lost);
      await expect(retry(call, { wait, isOver: () => asked++ >= wanted })).rejects.toBe(lost);
      expect([call.mock.calls.length, pauses.splice(0).length]).toEqual([1, wanted]);
    }
  });
});
