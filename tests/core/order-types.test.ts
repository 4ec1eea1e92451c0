import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import type { Side } from "#contracts/names.ts";
import type { OrderRefusalCode } from "#contracts/order-names.ts";
import { type AcceptedOrder, decideOrder, type OrderContext, type OrderIntent } from "#core/order.ts";
import { ticks } from "#core/units.ts";
import { aContext, anExposure, anIntent } from "./trading-builders.ts";

/** The market stands at 20,000 / 20,001 ticks. */
function refusalOf(intent: OrderIntent, context: OrderContext = aContext()): OrderRefusalCode | null {
  const decision = decideOrder(intent, context);
  return decision.ok ? null : decision.refusal.code;
}
function accepted(intent: OrderIntent, context: OrderContext = aContext()): AcceptedOrder {
  const decision = decideOrder(intent, context);
  if (!decision.ok) throw new Error(`refused: ${decision.refusal.code}`);
  return decision.value;
}
const checkOf = (code: OrderRefusalCode, intent: OrderIntent) => {
  const decision = decideOrder(intent, aContext());
  return (decision.ok ? decision.value.checks : decision.refusal.checks).find((check) => check.code === code);
};
const limit = (side: Side, price: bigint, more: Partial<OrderIntent> = {}, size = 1n) =>
  anIntent(side, size, { type: "limit", limitPrice: ticks(price), ...more });
const stop = (side: Side, price: bigint, more: Partial<OrderIntent> = {}, size = 1n) =>
  anIntent(side, size, { type: "stop", stopPrice: ticks(price), ...more });

describe("a limit order", () => {
  test.each<[Side, bigint, boolean]>([
    ["buy", 20_000n, true],
    ["buy", 20_001n, false],
    ["buy", 20_010n, false],
    ["sell", 20_001n, true],
    ["sell", 20_000n, false],
    ["sell", 19_990n, false],
  ])("to %s at %d waits: %s", (side, price, waits) => {
    expect(accepted(limit(side, price)).waits).toBe(waits);
  });
  test("that waits holds the margin and the fee of what it may open", () => {
    expect(accepted(limit("buy", 19_990n, {}, 3n))).toMatchObject({ opens: 3n, line: 30_186n, needed: 30_186n });
  });
  test("on the other side of one that waits needs nothing more: only one of them can open at a time", () => {
    const exposure = anExposure(0n, 0n, [], { buy: 3n });
    expect(accepted(limit("sell", 20_010n, {}, 3n), aContext({ exposure })).needed).toBe(0n);
    expect(accepted(limit("sell", 20_010n, {}, 4n), aContext({ exposure })).needed).toBe(10_062n);
  });
  test("against a position up to its size is an exit and needs nothing, whatever the balance", () => {
    const context = aContext({ exposure: anExposure(2n, 20_000n), balance: 0n });
    expect(accepted(limit("sell", 20_010n, {}, 2n), context)).toMatchObject({ closes: 2n, opens: 0n, needed: 0n });
  });
  test("behind another that closes the position would open, and is measured so", () => {
    const context = aContext({ exposure: anExposure(2n, 20_000n, [], { sell: 2n }), balance: 20_000n });
    expect(refusalOf(limit("sell", 20_010n, {}, 2n), { ...context, accountState: "close-only" })).toBe("CLOSE_ONLY");
    expect(accepted(limit("sell", 20_010n, {}, 1n), context)).toMatchObject({ closes: 0n, opens: 1n, needed: 0n });
  });
});

describe("refusals of prices and times", () => {
  const past = new Date("2026-11-23T14:59:59Z");
  test.each<[string, OrderRefusalCode, OrderIntent]>([
    ["a price between two ticks", "PRICE_TICK", limit("buy", 19_990n, { offTick: ["4997.60"] })],
    ["a limit more than 20 % below the market", "PRICE_BAND", limit("buy", 16_000n)],
    ["a stop more than 20 % above the market", "PRICE_BAND", stop("buy", 24_002n)],
    ["a buy stop at the ask", "PRICE_SIDE", stop("buy", 20_001n)],
    ["a sell stop at the bid", "PRICE_SIDE", stop("sell", 20_000n)],
    [
      "a stop-limit whose stop is met",
      "PRICE_SIDE",
      stop("sell", 20_005n, { type: "stop-limit", limitPrice: ticks(19_990n) }),
    ],
    ["a long's profit at the bid", "BRACKET_SIDE", anIntent("buy", 1n, { takeProfit: ticks(20_000n) })],
    ["a long's stop loss at the bid", "BRACKET_SIDE", anIntent("buy", 1n, { stopLoss: ticks(20_000n) })],
    ["a short's stop loss at the ask", "BRACKET_SIDE", anIntent("sell", 1n, { stopLoss: ticks(20_001n) })],
    ["a leg on the wrong side of a waiting entry", "BRACKET_SIDE", limit("buy", 19_900n, { stopLoss: ticks(19_950n) })],
    ["an end that is over", "EXPIRY_PAST", limit("buy", 19_990n, { timeInForce: "gtd", expiresAt: past })],
    ["now or never, and not now", "NOT_MARKETABLE", limit("buy", 20_000n, { timeInForce: "ioc" })],
    ["all or nothing, and nothing", "NOT_MARKETABLE", limit("sell", 20_001n, { timeInForce: "fok" })],
  ])("%s: %s", (_case, code, intent) => {
    expect(refusalOf(intent)).toBe(code);
  });
  test.each<[string, OrderIntent]>([
    ["a limit at the edge of the band", limit("buy", 16_001n)],
    ["a buy stop a tick above the ask", stop("buy", 20_002n)],
    ["a sell stop a tick below the bid", stop("sell", 19_999n)],
    [
      "a long's bracket a tick around the bid",
      anIntent("buy", 1n, { takeProfit: ticks(20_001n), stopLoss: ticks(19_999n) }),
    ],
    [
      "a bracket around a waiting entry",
      limit("sell", 20_100n, { takeProfit: ticks(20_000n), stopLoss: ticks(20_200n) }),
    ],
    ["now or never, at the market", limit("buy", 20_001n, { timeInForce: "ioc" })],
  ])("taken is %s", (_case, intent) => {
    expect(refusalOf(intent)).toBeNull();
  });
  test("name both prices", () => {
    expect(checkOf("PRICE_SIDE", stop("buy", 19_999n))).toMatchObject({ value: "4999.75", limit: "5000.25" });
    expect(checkOf("NOT_MARKETABLE", limit("buy", 19_999n, { timeInForce: "ioc" }))).toMatchObject({
      value: "5000.25",
      limit: "4999.75",
    });
    expect(checkOf("PRICE_BAND", limit("sell", 24_001n))).toMatchObject({ value: "6000.25", limit: "6000.00" });
    expect(checkOf("BRACKET_SIDE", anIntent("buy", 1n, { stopLoss: ticks(20_004n) }))).toMatchObject({
      value: "5001.00",
      limit: "5000.00",
    });
  });
});

describe("an order that only reduces", () => {
  test("may wait, holds nothing, and is not measured by money or limits", () => {
    const exposure = anExposure(2n, 20_000n, [], { sell: 2n });
    const context = aContext({ exposure, balance: 0n, accountState: "close-only" });
    const order = accepted(stop("sell", 19_900n, { reduceOnly: true }, 2n), context);
    expect(order).toMatchObject({ waits: true, opens: 0n, needed: 0n, line: exposure.marginHeld });
  });
  test("needs a position on the other side, and no more lots than that", () => {
    expect(refusalOf(stop("sell", 19_900n, { reduceOnly: true }))).toBe("NO_POSITION");
    const exposure = anExposure(2n, 20_000n);
    expect(refusalOf(limit("buy", 19_900n, { reduceOnly: true }), aContext({ exposure }))).toBe("NO_POSITION");
    expect(refusalOf(limit("sell", 20_900n, { reduceOnly: true }, 3n), aContext({ exposure }))).toBe(
      "EXCEEDS_POSITION",
    );
  });
});

describe("the margin ladder", () => {
  test.each(["reduce-only", "stop-out"] as const)("at %s opens nothing and still lets go", (marginStage) => {
    const exposure = anExposure(2n, 20_000n);
    const context = aContext({ exposure, more: { marginStage } });
    expect(refusalOf(anIntent("buy", 1n), context)).toBe("REDUCE_ONLY");
    expect(refusalOf(limit("buy", 19_900n), context)).toBe("REDUCE_ONLY");
    expect(refusalOf(anIntent("sell", 3n), context)).toBe("REDUCE_ONLY");
    expect(refusalOf(anIntent("sell", 2n), context)).toBeNull();
  });
  test("a margin call alone stops nothing", () => {
    expect(refusalOf(anIntent("buy", 1n), aContext({ more: { marginStage: "margin-call" } }))).toBeNull();
  });
});

test("500 open orders are the most, and a market exit is taken beyond them", () => {
  const context = aContext({ exposure: anExposure(2n, 20_000n), more: { workingOrders: 500 } });
  expect(refusalOf(limit("buy", 19_900n), context)).toBe("TOO_MANY_WORKING");
  expect(refusalOf(limit("sell", 20_900n, { reduceOnly: true }), context)).toBe("TOO_MANY_WORKING");
  expect(refusalOf(anIntent("sell", 2n), context)).toBeNull();
});

test("whatever waits on either side, an accepted order is within the limits and its line within the money", () => {
  fc.assert(
    fc.property(
      fc.bigInt(-10n, 10n),
      fc.bigInt(0n, 10n),
      fc.bigInt(0n, 10n),
      fc.constantFrom<Side>("buy", "sell"),
      fc.bigInt(1n, 15n),
      fc.bigInt(19_500n, 20_500n),
      fc.bigInt(0n, 400_000n),
      fc.bigInt(1n, 20n),
      (size, buy, sell, side, wanted, price, balance, most) => {
        const exposure = anExposure(size, 20_000n, [], { buy, sell });
        const settings = { maxPositionLots: { value: most, source: "trader", limitId: "line", version: 1 } };
        const context = aContext({ exposure, balance, bid: 20_000n, ask: 20_000n, more: { settings } });
        const decision = decideOrder(limit(side, price, {}, wanted), context);
        if (!decision.ok || decision.value.opens === 0n) return;
        const reached = side === "buy" ? size + buy + wanted : sell + wanted - size;
        expect(reached).toBeLessThanOrEqual(most);
        expect(decision.value.needed + exposure.marginHeld).toBeLessThanOrEqual(balance);
        expect(decision.value.line).toBeLessThanOrEqual(decision.value.needed + exposure.marginHeld);
      },
    ),
    { numRuns: 500 },
  );
});
