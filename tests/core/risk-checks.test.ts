import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import type { OrderRefusalCode } from "#contracts/order-names.ts";
import { decideOrder, firstFailed, type OrderContext, type OrderIntent } from "#core/order.ts";
import { type Held, noRiskFacts, type RiskFacts } from "#core/risk-checks.ts";
import { readSettings, type WrittenSettings } from "#core/risk-settings.ts";
import { type EffectiveSettings, effectiveSettings, type RiskLine } from "#core/risk-table.ts";
import { minorUnits, ticks } from "#core/units.ts";
import { aContext, anExposure, anIntent, aPending } from "./trading-builders.ts";

/** Settings in force as if all came from the trader's own line. */
function inForce(written: WrittenSettings): EffectiveSettings {
  const read = readSettings(written);
  if (!read.ok) throw new Error(`${read.refusal.field}: ${read.refusal.problem}`);
  const line: RiskLine = {
    ...{ limitId: "line", version: 7, scope: "trader", tenantId: 1, traderId: "t", settings: read.value },
    ...{ agentId: null, name: null, groupId: null, instrumentId: null, assetClass: null },
  };
  const subject = { tenantId: 1, traderId: "t", groupId: null, agentLine: [] };
  return effectiveSettings([line], subject, { id: "MES", assetClass: "equity-index" });
}

const contextOf = (
  written: WrittenSettings,
  more: Parameters<typeof aContext>[0] = {},
  risk: Partial<RiskFacts> = {},
): OrderContext =>
  aContext({
    balance: 10n ** 9n,
    ...more,
    more: { settings: inForce(written), risk: { ...noRiskFacts, ...risk }, ...more?.more },
  });
const failedOf = (intent: OrderIntent, context: OrderContext) => {
  const decision = decideOrder(intent, context);
  return decision.ok ? undefined : firstFailed(decision.refusal.checks);
};

const elsewhere = (more: Partial<Held>): Held => ({
  ...{ instrumentId: "MNQ", assetClass: "equity-index", long: 0n, short: 0n, lotValue: 0n, margin: minorUnits(0n) },
  ...more,
});
const same = { instrumentId: "MES", side: "buy" as const, lots: 2n, type: "market" as const };

describe("what opens is refused by", () => {
  const two = anIntent("buy", 2n);
  test.each<
    [
      code: OrderRefusalCode,
      settings: WrittenSettings,
      value: string | null,
      limit: string | null,
      risk?: Partial<RiskFacts>,
    ]
  >([
    ["LOTS_MAX_ORDER", { maxLotsPerOrder: "1" }, "2", "1"],
    ["POSITION_LIMIT", { maxPositionLots: "1" }, "2", "1"],
    ["POSITION_LIMIT", { maxLongLots: "1" }, "2", "1"],
    ["POSITION_LIMIT", { maxGrossLots: "4" }, "5", "4", { others: [elsewhere({ instrumentId: "MES", short: 3n })] }],
    ["CLASS_LIMIT", { maxClassLots: "4" }, "5", "4", { others: [elsewhere({ short: 3n })] }],
    ["OVERALL_LIMIT", { maxTotalLots: "4" }, "5", "4", { others: [elsewhere({ assetClass: "metal", long: 3n })] }],
    ["OVERALL_LIMIT", { maxInstruments: 1 }, "2", "1", { others: [elsewhere({ long: 1n })] }],
    // A lot is worth 20,001 ticks of 1.25: 25,001.25.
    ["EXPOSURE_LIMIT", { maxOrderExposure: "50002.49" }, "50002.50", "50002.49"],
    [
      "EXPOSURE_LIMIT",
      { maxTotalExposure: "50003.49" },
      "50003.50",
      "50003.49",
      { others: [elsewhere({ long: 1n, lotValue: 100n })] },
    ],
    // Margin 100 and a fee of 0.62 for each lot.
    ["MARGIN_LIMIT", { maxMarginUsed: "201.23" }, "201.24", "201.23"],
    ["STOP_LOSS_MISSING", { isStopLossMandatory: true }, null, null],
    ["INSTRUMENT_NOT_ALLOWED", { allowed: ["metal", "MNQ"] }, "MES", "metal, MNQ"],
    ["TIME_WINDOW", { tradingWindows: ["tue 09:00-10:00 UTC"] }, "15:00 UTC", "tue 09:00-10:00 UTC"],
    ["TOO_MANY_WORKING", { maxWorkingOrders: 0 }, "1", "0"],
    [
      "TOO_MANY_ORDERS",
      { maxOrdersPerMinute: 3 },
      "4",
      "3",
      { flow: { lastMinute: 3, recent: [{ ...same, lots: 9n, ageMs: 10 }], lastHeld: null } },
    ],
    [
      "REPEATED_ORDER",
      { repeatOrderSeconds: 5 },
      "4",
      "5",
      { flow: { lastMinute: 1, recent: [{ ...same, ageMs: 4_999 }], lastHeld: null } },
    ],
    [
      "HELD_TOO_SHORT",
      { minHoldingSeconds: 60 },
      "12",
      "60",
      { flow: { lastMinute: 0, recent: [], lastHeld: { heldMs: 12_500, openedMsAgo: 59_999 } } },
    ],
    ["PARTNER_LIMIT", { partnerMaxLots: "10" }, "11", "10", { partner: { long: 12n, short: 3n } }],
    ["HOUSE_LIMIT", { houseMaxExposure: "50002.49" }, "50002.50", "50002.49", { house: { long: 3n, short: 3n } }],
  ])("%s: %j", (code, settings, value, limit, risk = {}) => {
    const context = contextOf(settings, {}, risk);
    expect(failedOf(two, context)).toMatchObject({ code, value, limit, source: "trader", version: 7 });
    // The same does not touch an exit.
    const exposure = anExposure(-2n, 20_000n);
    const exit = { ...context, ...contextOf(settings, { exposure }, risk) };
    expect(failedOf(anIntent("buy", 2n, { reduceOnly: true }), exit)).toBeUndefined();
    expect(failedOf(two, exit)).toBeUndefined();
  });

  test("PRICE_MOVED: the table's slippage binds where the order's own is wider, for better prices never, for exits never", () => {
    const table = contextOf({ maxSlippageTicks: 2 });
    // The ask is 20,001.
    const seen = (price: bigint, own: bigint | null = 20n): OrderIntent =>
      anIntent("buy", 2n, { quotedPrice: ticks(price), maxSlippageTicks: own });
    expect(failedOf(seen(19_998n), table)).toMatchObject({
      ...{ code: "PRICE_MOVED", value: "5000.25", limit: "5000.00", headroom: "-0.25", source: "trader", version: 7 },
    });
    expect(failedOf(seen(19_998n, null), table)).toMatchObject({ code: "PRICE_MOVED", source: "trader" });
    expect(failedOf(seen(19_999n), table)).toBeUndefined();
    expect(failedOf(seen(20_500n), table)).toBeUndefined();
    expect(failedOf(seen(19_998n, 1n), table)).toMatchObject({ limit: "4999.75", source: "order" });
    const exit = contextOf({ maxSlippageTicks: 2 }, { exposure: anExposure(-2n, 20_000n) });
    expect(failedOf(seen(19_998n), exit)).toBeUndefined();
  });

  test("what an exit that is due will have closed counts no more, and what it may not close counts still", () => {
    const exit = aPending("buy", 2n, { reduceOnly: true });
    const context = contextOf({ maxPositionLots: "3" }, { exposure: anExposure(-2n, 20_000n, [exit]) });
    expect(failedOf(anIntent("buy", 4n), context)).toMatchObject({ code: "POSITION_LIMIT", value: "4", limit: "3" });
    const other = contextOf({ maxPositionLots: "3" }, { exposure: anExposure(-2n, 20_000n, [aPending("buy", 2n)]) });
    expect(failedOf(anIntent("sell", 2n), other)).toMatchObject({ code: "POSITION_LIMIT", value: "4" });
  });

  test("a larger margin is asked of what is free, the line stays as the terms have it", () => {
    const context = contextOf({ marginPercent: 150 }, { balance: 30_123n });
    expect(failedOf(two, context)).toMatchObject({ code: "INSUFFICIENT_FUNDS", value: "301.24", limit: "301.23" });
    const decision = decideOrder(two, contextOf({ marginPercent: 150 }, { balance: 30_124n }));
    expect(decision).toMatchObject({ ok: true, value: { line: 20_124n } });
  });

  test("nothing that lies at the limit, or was long enough ago", () => {
    const context = contextOf(
      { maxPositionLots: "2", repeatOrderSeconds: 5, minHoldingSeconds: 60, maxOrderExposure: "50002.50" },
      {},
      { flow: { lastMinute: 1, recent: [{ ...same, ageMs: 5_000 }], lastHeld: { heldMs: 1, openedMsAgo: 60_000 } } },
    );
    expect(failedOf(two, context)).toBeUndefined();
  });

  test("nothing where it brings the sides of all traders nearer", () => {
    const context = contextOf({ partnerMaxLots: "0" }, {}, { partner: { long: 10n, short: 30n } });
    expect(failedOf(anIntent("buy", 20n), context)).toBeUndefined();
    expect(failedOf(anIntent("buy", 21n), context)).toMatchObject({ code: "PARTNER_LIMIT", value: "1" });
  });
});

test("whatever the table and the holdings, an order that only reduces is never refused by the table", () => {
  const small = fc.bigInt(0n, 5n).map(String);
  const settings = fc.record(
    { maxPositionLots: small, maxTotalLots: small, maxMarginUsed: small, maxTotalExposure: small, houseMaxLots: small },
    { requiredKeys: [] },
  );
  fc.assert(
    fc.property(
      settings,
      fc.bigInt(1n, 40n),
      fc.bigInt(1n, 40n),
      fc.bigInt(0n, 99n),
      (written, held, wanted, other) => {
        const facts = { others: [elsewhere({ long: other, lotValue: 5_000_000n })], house: { long: other, short: 0n } };
        const context = contextOf(written, { exposure: anExposure(held, 20_000n) }, facts);
        const size = wanted > held ? held : wanted;
        expect(failedOf(anIntent("sell", size), context)).toBeUndefined();
      },
    ),
  );
});
