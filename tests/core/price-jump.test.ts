import { expect, test } from "@jest/globals";
import { type JumpWatch, noPrices, watchJumps } from "#core/price-jump.ts";
import { ticks } from "#core/units.ts";
import { aTick } from "../support/market.ts";

/** Which of these prices (bid; the ask is one tick above), at these seconds, are taken for jumps. */
function jumpsAmong(prices: readonly (readonly [seconds: number, bid: bigint])[]): boolean[] {
  let watch: JumpWatch = noPrices;
  return prices.map(([seconds, bid]) => {
    const seen = watchJumps(watch, aTick({ venueAtMs: seconds * 1000, bid: ticks(bid), ask: ticks(bid + 1n) }));
    watch = seen.watch;
    return seen.isJump;
  });
}

test("the first price is believed, and one that moves within 10 %", () => {
  expect(
    jumpsAmong([
      [0, 10_000n],
      [1, 10_999n],
      [2, 9_900n],
    ]),
  ).toEqual([false, false, false]);
});

test("a spike of 50 % is a jump, and the next ordinary price is none", () => {
  expect(
    jumpsAmong([
      [0, 10_000n],
      [1, 15_000n],
      [2, 10_001n],
    ]),
  ).toEqual([false, true, false]);
});

test("a fall of 11 % is a jump, as a rise is", () => {
  expect(
    jumpsAmong([
      [0, 10_000n],
      [1, 8_899n],
      [1, 11_101n],
    ]),
  ).toEqual([false, true, true]);
});

test("a new level that stands for 2 s over 3 ticks is believed", () => {
  const crash = [
    [0, 10_000n],
    [1, 5_000n],
    [2, 5_010n],
    [3, 4_990n],
    [3.1, 4_980n],
  ] as const;
  expect(jumpsAmong(crash)).toEqual([false, true, true, false, false]);
});

test("3 ticks in less than 2 s are not enough, nor are 2 ticks over 2 s", () => {
  expect(
    jumpsAmong([
      [0, 10_000n],
      [1, 5_000n],
      [1.5, 5_000n],
      [2.9, 5_000n],
    ]),
  ).toEqual([false, true, true, true]);
  expect(
    jumpsAmong([
      [0, 10_000n],
      [1, 5_000n],
      [60, 5_000n],
    ]),
  ).toEqual([false, true, true]);
});

test("jumps to ever other prices do not confirm each other", () => {
  const wild = [
    [0, 10_000n],
    [1, 5_000n],
    [2, 20_000n],
    [3, 5_000n],
    [4, 20_000n],
  ] as const;
  expect(jumpsAmong(wild)).toEqual([false, true, true, true, true]);
});
