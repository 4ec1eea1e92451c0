import { expect, test } from "@jest/globals";
import { flagOf, readPrice } from "#core/quote-gate.ts";
import { ticks } from "#core/units.ts";
import { aTick } from "../support/market.ts";

const es = { tickSize: 25n, decimals: 2 };

test.each([
  ["1676.75", 6_707n, false],
  ["1676.7500", 6_707n, false],
  ["1676.8", 6_707n, true],
  ["1676.9", 6_708n, true],
  ["1676.875", 6_708n, true],
  ["-37.63", -151n, true],
])("%s is %s ticks of 0.25; off the grid: %s", (text, price, isOffTick) => {
  expect(readPrice(text, es)).toEqual({ price, isOffTick });
});

test.each(["", "1e3", "NaN", " 1", "1,5", "0x10", "9".repeat(41)])("%j is no price", (text) => {
  expect(readPrice(text, es)).toBeNull();
});

const now = 1_000_000;
test.each([
  ["an ordinary quote", {}, null],
  ["a locked quote, bid and ask equal", { bid: ticks(10n), ask: ticks(10n) }, null],
  ["ask below bid", { bid: ticks(11n), ask: ticks(10n) }, "crossed"],
  ["a bid of zero", { bid: ticks(0n) }, "not-positive"],
  ["an earlier venue time", { venueAtMs: now - 1 }, "out-of-order"],
  ["the same venue time", { venueAtMs: now }, null],
  ["a price between ticks", { isOffTick: true }, "off-tick"],
  [
    "crossed and off the grid: the first of the order",
    { bid: ticks(11n), ask: ticks(10n), isOffTick: true },
    "crossed",
  ],
])("%s is flagged %j as %s", (_fact, given, flag) => {
  expect(flagOf(aTick({ venueAtMs: now, ...given }), now)).toBe(flag);
});
