import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import type { Side } from "#contracts/names.ts";
import { applyFill, flat, formatAveragePrice, type Position, realizedPnl, unrealizedPnl } from "#core/position.ts";
import { lots, minorUnits, ticks } from "#core/units.ts";
import { aPosition, mesTerms } from "./trading-builders.ts";

const fill = (side: Side, size: bigint, price: bigint) => ({ side, lots: lots(size), price: ticks(price) });
const net = (fills: ReturnType<typeof fill>[], from: Position = flat) =>
  fills.reduce(
    (state, next) => {
      const effect = applyFill(state.position, next);
      return { position: effect.position, realized: state.realized + effect.realizedTicks };
    },
    { position: from, realized: 0n },
  );

describe("netting", () => {
  test("adding averages the price by lots", () => {
    const { position } = net([fill("buy", 1n, 100n), fill("buy", 2n, 103n)]);
    expect(position).toEqual({ lots: 3n, cost: 306n });
  });
  test("reducing realizes (price - average) and keeps the average: long 2 @100, sell 1 @110 realizes +10", () => {
    const { position, realized } = net([fill("buy", 2n, 100n), fill("sell", 1n, 110n)]);
    expect(realized).toBe(10n);
    expect(position).toEqual({ lots: 1n, cost: 100n });
  });
  test("through zero closes everything and opens the rest at the price of the fill", () => {
    const effect = applyFill(aPosition(2n, 100n), fill("sell", 5n, 90n));
    expect(effect).toEqual({ position: { lots: -3n, cost: -270n }, closed: 2n, opened: 3n, realizedTicks: -20n });
  });
  test("a position closed in full leaves nothing behind", () => {
    expect(net([fill("sell", 3n, 100n), fill("buy", 3n, 101n)])).toEqual({
      position: { lots: 0n, cost: 0n },
      realized: -3n,
    });
  });
  test("an average between ticks gives its remainder to the part that is closed last", () => {
    const opened = net([fill("buy", 1n, 100n), fill("buy", 2n, 101n)]).position;
    const parts = [1n, 1n, 1n].map(() => fill("sell", 1n, 100n));
    expect(net(parts, opened)).toEqual({ position: { lots: 0n, cost: 0n }, realized: -2n });
  });
});

test("one long WTI contract from 53.60 to 54.00 earns 40 ticks of $10 (CME's own example)", () => {
  const { realized } = net([fill("buy", 1n, 5360n), fill("sell", 1n, 5400n)]);
  expect(realizedPnl(realized, minorUnits(1000n))).toBe(40_000n);
});

test("a long is marked at the bid, a short at the ask", () => {
  const quote = { bid: ticks(20_004n), ask: ticks(20_006n) };
  expect(unrealizedPnl(aPosition(2n, 20_000n), quote, mesTerms)).toBe(1000n);
  expect(unrealizedPnl(aPosition(-2n, 20_000n), quote, mesTerms)).toBe(-1500n);
});

test.each([
  [aPosition(2n, 21_001n), "5250.25"],
  [{ lots: lots(3n), cost: 63_004n }, "5250.333333"],
  [{ lots: lots(-2n), cost: -42_003n }, "5250.375"],
])("the average of %p is written %p", (position, text) => {
  expect(formatAveragePrice(position, mesTerms.price)).toBe(text);
});

const anyFill = fc.record({
  side: fc.constantFrom<Side>("buy", "sell"),
  size: fc.bigInt(1n, 50n),
  price: fc.bigInt(1n, 100_000n),
});
const anyFills = fc.array(anyFill, { minLength: 1, maxLength: 30 });
const mirror = (side: Side): Side => (side === "buy" ? "sell" : "buy");

test("what the long side gains, the short side loses", () => {
  fc.assert(
    fc.property(anyFills, (fills) => {
      const one = net(fills.map((next) => fill(next.side, next.size, next.price)));
      const other = net(fills.map((next) => fill(mirror(next.side), next.size, next.price)));
      expect(one.realized).toBe(-other.realized);
      expect(one.position.lots).toBe(-other.position.lots);
    }),
  );
});

test("realized and remaining cost together are the cash of all fills, to the last tick", () => {
  fc.assert(
    fc.property(anyFills, (fills) => {
      const { position, realized } = net(fills.map((next) => fill(next.side, next.size, next.price)));
      const bought = fills.reduce((sum, next) => sum + (next.side === "buy" ? next.size : -next.size), 0n);
      const cash = fills.reduce((sum, next) => sum + (next.side === "buy" ? -next.size : next.size) * next.price, 0n);
      expect(position.lots).toBe(bought);
      expect(realized - position.cost).toBe(cash);
      if (bought === 0n) expect(position.cost).toBe(0n);
    }),
  );
});

test("closing in parts earns exactly what closing at once earns", () => {
  fc.assert(
    fc.property(anyFills, fc.bigInt(1n, 100_000n), fc.array(fc.bigInt(1n, 5n)), (fills, price, sizes) => {
      const { position } = net(fills.map((next) => fill(next.side, next.size, next.price)));
      fc.pre(position.lots !== 0n);
      const side: Side = position.lots > 0n ? "sell" : "buy";
      let left: bigint = position.lots < 0n ? -position.lots : position.lots;
      const whole = applyFill(position, fill(side, left, price)).realizedTicks;
      const parts: bigint[] = [];
      for (const size of sizes) {
        if (size >= left) break;
        parts.push(size);
        left -= size;
      }
      const closed = net(
        [...parts, left].map((size) => fill(side, size, price)),
        position,
      );
      expect(closed).toEqual({ position: { lots: 0n, cost: 0n }, realized: whole });
    }),
  );
});
