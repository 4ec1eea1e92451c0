import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import type { Side } from "#contracts/names.ts";
import { type OrderRefusalCode, orderRefusalCodes } from "#contracts/order-names.ts";
import { type AcceptedOrder, decideOrder, type OrderContext, type OrderIntent } from "#core/order.ts";
import { lots, ticks } from "#core/units.ts";
import { aContext, anExposure, anIntent, aPending, mes, mesTerms } from "./trading-builders.ts";

function refusalOf(intent: OrderIntent, context: OrderContext): OrderRefusalCode | null {
  const decision = decideOrder(intent, context);
  return decision.ok ? null : decision.refusal.code;
}
function accepted(intent: OrderIntent, context: OrderContext): AcceptedOrder {
  const decision = decideOrder(intent, context);
  if (!decision.ok) throw new Error(`refused: ${decision.refusal.code}`);
  return decision.value;
}
const limit = (value: bigint) => ({ value, source: "partner", limitId: "line", version: 1 });

describe("a market order", () => {
  test("buys at the ask and holds margin and fee", () => {
    expect(accepted(anIntent("buy", 2n), aContext())).toMatchObject({
      price: 20_001n,
      closes: 0n,
      opens: 2n,
      line: 20_124n,
      needed: 20_124n,
    });
  });
  test("sells at the bid", () => {
    expect(accepted(anIntent("sell", 1n), aContext()).price).toBe(20_000n);
  });
  test("that turns a position around holds only what the other side needs more", () => {
    const order = accepted(anIntent("sell", 5n), aContext({ exposure: anExposure(2n, 20_000n) }));
    expect(order).toMatchObject({ closes: 2n, opens: 3n, line: 30_062n, needed: 10_186n });
  });
});

describe("refusals", () => {
  const halted = { ...mes, tradeMode: "halted" as const };
  const closeOnly = { ...mes, tradeMode: "close-only" as const };
  const wide = { ...mes, terms: { ...mesTerms, lotStep: lots(2n), minLots: lots(4n) } };
  test.each<[OrderRefusalCode, OrderIntent, OrderContext]>([
    ["MARKET_CLOSED", anIntent("buy", 1n), aContext({ more: { sessionOpen: false } })],
    ["INSTRUMENT_HALTED", anIntent("buy", 1n), aContext({ more: { instrument: halted } })],
    ["QUOTE_STALE", anIntent("buy", 1n), aContext({ more: { quoteAgeMs: 5001 } })],
    ["QUOTE_STALE", anIntent("buy", 1n), aContext({ more: { quote: null, quoteAgeMs: null } })],
    ["CLOSE_ONLY", anIntent("buy", 1n), aContext({ more: { instrument: closeOnly } })],
    ["CLOSE_ONLY", anIntent("buy", 1n), aContext({ accountState: "close-only" })],
    ["ACCOUNT_DISABLED", anIntent("buy", 1n), aContext({ accountState: "disabled" })],
    ["LOTS_STEP", anIntent("buy", 5n), aContext({ more: { instrument: wide } })],
    ["LOTS_MIN", anIntent("buy", 2n), aContext({ more: { instrument: wide } })],
    ["LOTS_MAX_ORDER", anIntent("buy", 51n), aContext({ balance: 10n ** 9n })],
    ["LOTS_MAX_ORDER", anIntent("buy", 4n), aContext({ more: { settings: { maxLotsPerOrder: limit(3n) } } })],
    ["NO_POSITION", anIntent("sell", 1n, { reduceOnly: true }), aContext()],
    ["EXCEEDS_POSITION", anIntent("sell", 3n, { reduceOnly: true }), aContext({ exposure: anExposure(2n, 20_000n) })],
    ["PRICE_MOVED", anIntent("buy", 1n, { quotedPrice: ticks(19_998n), maxSlippageTicks: 2n }), aContext()],
    [
      "POSITION_LIMIT",
      anIntent("buy", 2n),
      aContext({
        exposure: anExposure(2n, 20_000n),
        more: { settings: { maxPositionLots: limit(3n) } },
      }),
    ],
    ["INSUFFICIENT_FUNDS", anIntent("buy", 1n), aContext({ balance: 10_061n })],
  ])("%s", (code, intent, context) => {
    expect(refusalOf(intent, context)).toBe(code);
  });

  test("the last cent decides", () => {
    expect(refusalOf(anIntent("buy", 1n), aContext({ balance: 10_062n }))).toBeNull();
  });
  test("all checks are evaluated, and the first in the documented order is the answer", () => {
    const context = aContext({ balance: 0n, more: { sessionOpen: false, quoteAgeMs: 9000 } });
    const decision = decideOrder(anIntent("buy", 100n), context);
    if (decision.ok) throw new Error("accepted");
    expect(decision.refusal.code).toBe("MARKET_CLOSED");
    const failed = decision.refusal.checks.filter((check) => !check.passed).map((check) => check.code);
    expect(failed).toEqual(["MARKET_CLOSED", "QUOTE_STALE", "LOTS_MAX_ORDER", "INSUFFICIENT_FUNDS"]);
  });
  test("checks stand in the order of precedence", () => {
    const exposure = anExposure(5n, 20_000n);
    const settings = { maxLotsPerOrder: limit(9n), maxPositionLots: limit(9n) };
    const context = aContext({ exposure, more: { settings } });
    const bounds = { quotedPrice: ticks(20_000n), maxSlippageTicks: 2n };
    for (const reduceOnly of [true, false]) {
      const order = accepted(anIntent("sell", reduceOnly ? 1n : 7n, { ...bounds, reduceOnly }), context);
      const ranks = order.checks.map((check) => orderRefusalCodes.indexOf(check.code));
      expect(ranks).toEqual([...ranks].sort((a, b) => a - b));
    }
  });
  test("PRICE_MOVED names the limit and the price", () => {
    const decision = decideOrder(
      anIntent("sell", 1n, { quotedPrice: ticks(20_004n), maxSlippageTicks: 3n }),
      aContext(),
    );
    expect(decision).toMatchObject({ ok: false });
    const check = decision.ok ? undefined : decision.refusal.checks.find((one) => one.code === "PRICE_MOVED");
    expect(check).toMatchObject({ limit: "5000.25", value: "5000.00", headroom: "-0.25" });
  });
});

describe("money", () => {
  test("an open loss counts at once, an open profit funds nothing", () => {
    const exposure = anExposure(1n, 20_000n);
    const lossOf80Dollars = aContext({ exposure, balance: 25_000n, bid: 19_936n, ask: 19_937n });
    const profit = aContext({ exposure, balance: 20_061n, bid: 30_000n, ask: 30_001n });
    expect(refusalOf(anIntent("buy", 1n), lossOf80Dollars)).toBe("INSUFFICIENT_FUNDS");
    expect(refusalOf(anIntent("buy", 1n), profit)).toBe("INSUFFICIENT_FUNDS");
    expect(refusalOf(anIntent("buy", 1n), aContext({ exposure, balance: 25_000n }))).toBeNull();
  });
  test("the loss of an accepted exit counts before it is settled", () => {
    const exit = aPending("sell", 1n, { price: ticks(19_936n) });
    const exposure = anExposure(1n, 20_000n, [exit]);
    expect(refusalOf(anIntent("buy", 1n), aContext({ exposure, balance: 25_000n }))).toBe("INSUFFICIENT_FUNDS");
  });
});

describe("exits", () => {
  test("of the whole position are taken, whatever lot step and minimum came into force since", () => {
    const terms = { ...mesTerms, lotStep: lots(2n), minLots: lots(4n) };
    const exposure = { ...anExposure(3n, 20_000n), terms };
    const context = aContext({ exposure, more: { instrument: { ...mes, terms } } });
    expect(refusalOf(anIntent("sell", 3n, { reduceOnly: true }), context)).toBeNull();
    expect(refusalOf(anIntent("sell", 1n, { reduceOnly: true }), context)).toBe("LOTS_STEP");
    expect(refusalOf(anIntent("sell", 2n, { reduceOnly: true }), context)).toBe("LOTS_MIN");
  });
  test("are not refused for margin, limits or close-only", () => {
    const exposure = anExposure(60n, 20_000n);
    const settings = { maxLotsPerOrder: limit(1n), maxPositionLots: limit(1n) };
    const context = aContext({ exposure, balance: 0n, accountState: "close-only", more: { settings } });
    expect(accepted(anIntent("sell", 60n, { reduceOnly: true }), context)).toMatchObject({
      closes: 60n,
      needed: 0n,
    });
    expect(refusalOf(anIntent("sell", 60n), context)).toBeNull();
  });
  test("see the position as it will be when earlier orders are settled", () => {
    const exposure = anExposure(2n, 20_000n, [aPending("sell", 2n)]);
    expect(refusalOf(anIntent("sell", 1n, { reduceOnly: true }), aContext({ exposure }))).toBe("NO_POSITION");
  });
});

test("no accepted order exceeds a limit or the money", () => {
  const anyPending = fc.record({ side: fc.constantFrom<Side>("buy", "sell"), size: fc.bigInt(1n, 20n) });
  fc.assert(
    fc.property(
      fc.bigInt(-30n, 30n),
      fc.array(anyPending, { maxLength: 5 }),
      anyPending,
      fc.bigInt(0n, 1_000_000n),
      fc.bigInt(1n, 40n),
      fc.bigInt(1n, 40n),
      (size, waiting, wanted, balance, perOrder, perPosition) => {
        const exposure = anExposure(
          size,
          20_000n,
          waiting.map((order) => aPending(order.side, order.size)),
        );
        const settings = { maxLotsPerOrder: limit(perOrder), maxPositionLots: limit(perPosition) };
        const context = aContext({ exposure, balance, more: { settings } });
        const decision = decideOrder(anIntent(wanted.side, wanted.size), context);
        if (!decision.ok || decision.value.opens === 0n) return;
        const sameSide = waiting.filter((order) => order.side === wanted.side);
        const sum = sameSide.reduce((total, order) => total + order.size, wanted.size);
        const reached = wanted.side === "buy" ? size + sum : sum - size;
        expect(decision.value.opens).toBeLessThanOrEqual(perOrder);
        expect(reached).toBeLessThanOrEqual(perPosition);
        expect(decision.value.needed + context.funds.held).toBeLessThanOrEqual(balance);
        expect(decision.value.line).toBeLessThanOrEqual(balance);
      },
    ),
    { numRuns: 500 },
  );
});
