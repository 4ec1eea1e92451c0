import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import type { OrderRefusalCode } from "#contracts/order-names.ts";
import { decideOrder, firstFailed, type OrderContext, type OrderIntent } from "#core/order.ts";
import { looseningOf, needsSecond } from "#core/risk-change.ts";
import { type Held, noRiskFacts, type RiskFacts } from "#core/risk-checks.ts";
import { readSettings, type WrittenSettings, writeSetting } from "#core/risk-settings.ts";
import { type EffectiveSettings, effectiveSettings, type RiskLine } from "#core/risk-table.ts";
import { minorUnits } from "#core/units.ts";
import { aContext, anExposure, anIntent } from "./trading-builders.ts";

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
      { flow: { recent: [{ ...same, lots: 9n, ageMs: 10, lastMinute: 3 }], lastHeld: null } },
    ],
    [
      "REPEATED_ORDER",
      { repeatOrderSeconds: 5 },
      "4",
      "5",
      { flow: { recent: [{ ...same, ageMs: 4_999, lastMinute: 1 }], lastHeld: null } },
    ],
    [
      "HELD_TOO_SHORT",
      { minHoldingSeconds: 60 },
      "12",
      "60",
      { flow: { recent: [], lastHeld: { heldMs: 12_500, openedMsAgo: 59_999 } } },
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
      { flow: { recent: [{ ...same, ageMs: 5_000, lastMinute: 1 }], lastHeld: { heldMs: 1, openedMsAgo: 60_000 } } },
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

describe("settings", () => {
  test("are written as they are read", () => {
    const written: WrittenSettings = {
      ...{ maxExposure: "1000.5", maxMarginUsed: "0.00000001", maxLotsPerOrder: "7", maxWorkingOrders: 3 },
      ...{ isStopLossMandatory: false, allowed: ["MES"], flattenTime: "16:55 America/Chicago" },
    };
    const read = readSettings(written);
    if (!read.ok) throw new Error("unreadable");
    const again = Object.fromEntries(
      Object.entries(read.value).map(([name, value]) => [name, writeSetting(name as "maxExposure", value)]),
    );
    expect(again).toEqual({ ...written, maxExposure: "1000.50" });
  });

  test.each<[before: WrittenSettings, after: WrittenSettings, loosening: bigint | "fully"]>([
    [{}, { maxLotsPerOrder: "5" }, 0n],
    [{ maxLotsPerOrder: "5" }, { maxLotsPerOrder: "4" }, 0n],
    [{ maxLotsPerOrder: "5" }, { maxLotsPerOrder: "6" }, 20n],
    [{ maxLotsPerOrder: "3" }, { maxLotsPerOrder: "4" }, 34n],
    [{ maxLotsPerOrder: "5" }, {}, "fully"],
    [{ maxLotsPerOrder: "0" }, { maxLotsPerOrder: "1" }, "fully"],
    [{ marginPercent: 150 }, { marginPercent: 100 }, 50n],
    [{ marginPercent: 100 }, { marginPercent: 150 }, 0n],
    [{ isStopLossMandatory: true }, { isStopLossMandatory: false }, "fully"],
    [{ tradingWindows: ["mon 09:00-10:00 UTC"] }, { tradingWindows: ["mon 09:00-11:00 UTC"] }, "fully"],
  ])("from %j to %j are loosened by %s", (before, after, loosening) => {
    const [was, is] = [readSettings(before), readSettings(after)];
    if (!was.ok || !is.ok) throw new Error("unreadable");
    expect(looseningOf(was.value, is.value)).toBe(loosening);
  });

  test("a second person is asked for only above the threshold, if there is one", () => {
    expect([
      needsSecond(20n, 20n),
      needsSecond(21n, 20n),
      needsSecond("fully", 1_000n),
      needsSecond("fully", null),
    ]).toEqual([false, true, true, false]);
  });
});

/** Up the tree by hand: the nearest level that says something, its narrowest line first. */
function naive(lines: readonly RiskLine[], levels: readonly ((line: RiskLine) => boolean)[]): string | null {
  for (const isThere of levels)
    for (const narrow of [
      (l: RiskLine) => l.instrumentId === "MES",
      (l: RiskLine) => l.assetClass === "equity-index",
      (l: RiskLine) => l.instrumentId === null && l.assetClass === null,
    ]) {
      const found = lines.find((line) => isThere(line) && narrow(line) && line.settings.maxLongLots !== undefined);
      if (found !== undefined) return found.limitId;
    }
  return null;
}

test("the value in force is what a naive walk up the tree finds", () => {
  const subject = { tenantId: 1, traderId: "t", groupId: "g", agentLine: ["root", "near"] };
  const levels = [
    (line: RiskLine) => line.scope === "trader" && line.traderId === "t",
    (line: RiskLine) => line.scope === "group" && line.groupId === "g",
    (line: RiskLine) => line.scope === "agent" && line.agentId === "near",
    (line: RiskLine) => line.scope === "agent" && line.agentId === "root",
    (line: RiskLine) => line.scope === "partner" && line.tenantId === 1,
    (line: RiskLine) => line.scope === "default",
  ];
  const place = fc.record({
    scope: fc.constantFrom<RiskLine["scope"]>("default", "partner", "agent", "group", "trader"),
    tenantId: fc.constantFrom(1, 2),
    agentId: fc.constantFrom("root", "near", "other"),
    groupId: fc.constantFrom("g", "h"),
    traderId: fc.constantFrom("t", "u"),
    object: fc.constantFrom("MES", "MNQ", "equity-index", "metal", null),
    value: fc.option(fc.bigInt(0n, 9n)),
  });
  fc.assert(
    fc.property(fc.uniqueArray(place, { selector: (one) => JSON.stringify({ ...one, value: 0 }) }), (places) => {
      const lines = places.map(({ object, value, ...one }, index): RiskLine => {
        const isInstrument = object === "MES" || object === "MNQ";
        return {
          ...one,
          ...{ limitId: `${index}`, version: 1, name: null },
          tenantId: one.scope === "agent" ? 1 : one.tenantId,
          instrumentId: isInstrument ? object : null,
          assetClass: isInstrument ? null : object,
          settings: value === null ? {} : { maxLongLots: value },
        };
      });
      const found = effectiveSettings(lines, subject, { id: "MES", assetClass: "equity-index" }).maxLongLots;
      expect(found?.limitId ?? null).toBe(naive(lines, levels));
    }),
  );
});

test("what a trader set for himself only makes narrower", () => {
  const line = (scope: RiskLine["scope"], maxLongLots: bigint, marginPercent: bigint): RiskLine => ({
    ...{ limitId: scope, version: 1, scope, tenantId: 1, traderId: "t", settings: { maxLongLots, marginPercent } },
    ...{ agentId: null, name: null, groupId: null, instrumentId: null, assetClass: null },
  });
  const subject = { tenantId: 1, traderId: "t", groupId: null, agentLine: [] };
  const of = (...lines: RiskLine[]) => {
    const { maxLongLots, marginPercent } = effectiveSettings(lines, subject, null);
    return [maxLongLots?.source, marginPercent?.source];
  };
  expect(of(line("trader", 5n, 150n), line("self", 3n, 200n))).toEqual(["self", "self"]);
  expect(of(line("trader", 5n, 150n), line("self", 9n, 100n))).toEqual(["trader", "trader"]);
  expect(of(line("self", 9n, 100n))).toEqual(["self", "self"]);
});
