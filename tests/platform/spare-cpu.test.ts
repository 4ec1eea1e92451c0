import { expect, test } from "@jest/globals";
import { spareCpu } from "../../server/platform/spare-cpu.ts";

/** A machine whose processors are idle as a test says, and a clock that each piece of work moves by 50 ms. */
function machine() {
  const rests: number[] = [];
  const is = { idle: 1, nowMs: 0 };
  const told = { idle: 0, all: 0 };
  const spare = spareCpu({
    times: () => ({ ...told }),
    nowMs: () => is.nowMs,
    rest: async (ms) => void rests.push(ms),
  });
  const pieces = async (count: number): Promise<readonly number[]> => {
    rests.splice(0);
    for (let piece = 0; piece < count; piece++) {
      is.nowMs += 50;
      told.all += 100;
      told.idle += 100 * is.idle;
      await spare.yield();
    }
    return [...rests];
  };
  return { is, pieces };
}

test("while there are processors to spare, work goes on without a rest", async () => {
  const { pieces } = machine();
  expect(await pieces(40)).toEqual([]);
});

test("while there are none it rests longer and longer, to a bound, and less again when there are", async () => {
  const { is, pieces } = machine();
  is.idle = 0.05;
  const busy = await pieces(40);
  expect([...new Set(busy)]).toEqual([2, 4, 8, 16, 32]);
  expect(await pieces(8)).toEqual(Array(8).fill(32));
  is.idle = 0.5;
  expect([...new Set(await pieces(40))].slice(-5)).toEqual([16, 8, 4, 2, 1]);
  expect(await pieces(8)).toEqual([]);
});

test("it is quiet while nearly all of it is idle", async () => {
  const quiet = (idle: number): Promise<boolean> => {
    let looks = 0;
    return spareCpu({
      times: () => ({ idle: 100 * idle * looks, all: 100 * looks++ }),
      nowMs: () => 0,
      rest: async () => {},
    }).isQuiet();
  };
  expect(await Promise.all([1, 0.9, 0.7, 0].map(quiet))).toEqual([true, true, false, false]);
});
