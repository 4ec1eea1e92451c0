import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { unplayedSettings } from "#contracts/risk-names.ts";
import { noExposure } from "#core/exposure.ts";
import { decideOrder } from "#core/order.ts";
import { marketPrice } from "#core/order-prices.ts";
import { applyFill, flat, type Position } from "#core/position.ts";
import { noOrderFlow } from "#core/risk-checks.ts";
import { type RiskSettings, readSettings } from "#core/risk-settings.ts";
import type { EffectiveSettings } from "#core/risk-table.ts";
import { type Lots, lots, minorUnits, ticks } from "#core/units.ts";
import { openWhatIf } from "#core/what-if.ts";
import type { PlayedEvent, Whose } from "#core/what-if-events.ts";
import type { WhatIfResult } from "#core/what-if-tally.ts";
import { aContext, anIntent, mes } from "./trading-builders.ts";

const ann: Whose = { accountId: "a1", traderId: "t1", tenantId: 1, book: "live", currency: "USD" };
const bob: Whose = { ...ann, accountId: "a2", traderId: "t2", tenantId: 2 };
const began = Date.parse("2026-11-20T10:00:00Z");

const from = (settings: RiskSettings): EffectiveSettings =>
  Object.fromEntries(
    Object.entries(settings).map(([name, value]) => [name, { value, source: "default", limitId: "l", version: 1 }]),
  ) as EffectiveSettings;

interface Wish {
  readonly whose: Whose;
  readonly side: "buy" | "sell";
  readonly size: number;
  readonly bid: number;
}

/** What a desk would have recorded of market orders that fill at once, under a table. */
function recorded(settings: RiskSettings, wishes: readonly Wish[]): PlayedEvent[] {
  const positions = new Map<string, Position>();
  return wishes.flatMap(({ whose, side, size, bid }, index): PlayedEvent[] => {
    const position = positions.get(whose.accountId) ?? flat;
    const quote = { bid: ticks(BigInt(bid)), ask: ticks(BigInt(bid) + 1n) };
    const exposure = { ...noExposure(mes.terms), position };
    const context = aContext({ exposure, balance: 10n ** 12n, bid: quote.bid, ask: quote.ask });
    const intent = anIntent(side, BigInt(size));
    const at = began + index * 1000;
    const risk = { ...context.risk, flow: noOrderFlow };
    const decided = decideOrder(intent, { ...context, settings: from(settings), now: new Date(at), risk });
    const refused = decided.ok ? null : { code: decided.refusal.code, isFixed: false };
    const same = { orderId: `o${index}`, whose, instrument: mes };
    const order: PlayedEvent = { ...same, kind: "order", at, intent, quote, refused };
    if (!decided.ok) return [order];
    const execution = { side, lots: intent.lots, price: marketPrice(intent, quote) };
    positions.set(whose.accountId, applyFill(position, execution).position);
    const fee = minorUnits(intent.lots * mes.terms.feePerSide);
    return [order, { ...same, ...execution, kind: "fill", at: at + 1, quote, fee, isHouse: false }];
  });
}

function played(settings: RiskSettings, events: readonly PlayedEvent[], before?: Lots): WhatIfResult {
  const whatIf = openWhatIf({ settings: () => from(settings), matesOf: () => [] });
  if (before !== undefined) whatIf.holds(ann, mes, before, began);
  for (const event of events) whatIf.play(event);
  return whatIf.result(new Map(), 100);
}

const anyWish: fc.Arbitrary<Wish> = fc.record({
  whose: fc.constantFrom(ann, bob),
  side: fc.constantFrom("buy", "sell"),
  size: fc.integer({ min: 1, max: 9 }),
  bid: fc.integer({ min: 19_000, max: 21_000 }),
});
const anyWishes = fc.array(anyWish, { maxLength: 60 });
const anySettings: fc.Arbitrary<RiskSettings> = fc.record(
  {
    maxLotsPerOrder: fc.bigInt(1n, 9n),
    maxPositionLots: fc.bigInt(0n, 20n),
    maxShortLots: fc.bigInt(0n, 20n),
    maxOrderExposure: fc.bigInt(10n ** 13n, 10n ** 14n),
    maxTotalLots: fc.bigInt(0n, 20n),
  },
  { requiredKeys: [] },
);

const buy = (size: number, bid: number): Wish => ({ whose: ann, side: "buy", size, bid });
const sell = (size: number, bid: number): Wish => ({ whose: ann, side: "sell", size, bid });

describe("playing recorded orders through another risk table", () => {
  test("the table as it was adds and removes nothing, and no money moves", () => {
    fc.assert(
      fc.property(anySettings, anyWishes, (settings, wishes) => {
        const { totals, byCode } = played(settings, recorded(settings, wishes));
        expect({ totals, byCode }).toEqual({ totals: [], byCode: [] });
      }),
    );
  });

  test("refusing everything leaves nobody a result: all that was lost is avoided, all fees are forgone", () => {
    fc.assert(
      fc.property(anyWishes, (wishes) => {
        const events = recorded({}, wishes);
        const { totals } = played({ allowed: ["NONE"] }, events);
        // What was, by hand: what each fill brought, and what is left at the last quote.
        const fills = events.filter((one) => one.kind === "fill");
        const last = events.findLast((one) => one.kind === "order")?.quote;
        const held = new Map<string, bigint>();
        let result = 0n;
        for (const { whose, side, lots: size, price } of fills) {
          const moved = side === "buy" ? size : -size;
          held.set(whose.accountId, (held.get(whose.accountId) ?? 0n) + moved);
          result -= moved * price;
        }
        for (const left of held.values()) result += left * ((left > 0n ? last?.bid : last?.ask) ?? 0n);
        const sum = totals[0] ?? { lossAvoided: 0n, feesForgone: 0n, lotsNotTraded: 0n };
        expect(sum.lossAvoided).toBe(0n - result * 125n);
        expect(sum.feesForgone).toBe(fills.reduce((total, { fee }) => total + fee, 0n));
        expect(sum.lotsNotTraded).toBe(fills.reduce((total, { lots: size }) => total + size, 0n));
      }),
    );
  });

  test("tightening a limit on the single order never removes a refusal by it, while all trade on one side", () => {
    fc.assert(
      fc.property(fc.bigInt(2n, 9n), fc.bigInt(1n, 8n), anyWishes, (was, less, all) => {
        fc.pre(less < was);
        const wishes = all.map((one): Wish => ({ ...one, side: "buy" }));
        const { byCode } = played({ maxLotsPerOrder: less }, recorded({ maxLotsPerOrder: was }, wishes));
        expect(byCode.map(({ code, removed }) => [code, removed])).toEqual(byCode.map(() => ["LOTS_MAX_ORDER", 0]));
      }),
    );
  });

  test("by trader, instrument, partner, code and day the same is told", () => {
    fc.assert(
      fc.property(anySettings, anySettings, anyWishes, (was, is, wishes) => {
        const result = played(is, recorded(was, wishes));
        const count = (rows: readonly { added: number; removed: number }[]) =>
          rows.reduce<readonly [number, number]>(([a, r], { added, removed }) => [a + added, r + removed], [0, 0]);
        const avoided = (rows: readonly { lossAvoided: bigint }[]) =>
          rows.reduce((sum, { lossAvoided }) => sum + lossAvoided, 0n);
        const { totals, byTrader, byInstrument, byPartner, byCode, byDay } = result;
        for (const rows of [byTrader, byInstrument, byPartner, byCode, byDay])
          expect(count(rows)).toEqual(count(totals));
        for (const rows of [byTrader, byInstrument, byPartner]) expect(avoided(rows)).toBe(avoided(totals));
      }),
    );
  });
});

describe("one story", () => {
  test("a bought lot too many is not bought: its loss of 100 ticks is avoided, its two fees are forgone", () => {
    const events = recorded({}, [buy(2, 20_000), buy(3, 20_000), sell(5, 19_900)]);
    const { totals, byDay } = played({ maxPositionLots: 2n }, events);
    // 3 lots x (20,001 - 19,900) ticks x $1.25; 6 sides x $0.62.
    expect(totals).toEqual([
      {
        ...{ id: "all", currency: "USD", added: 1, removed: 0, lotsNotTraded: 6n },
        ...{ lossAvoided: 37_875n, feesForgone: 372n },
      },
    ]);
    expect(byDay).toEqual([{ day: "2026-11-20", added: 1, removed: 0 }]);
  });

  test("a tighter limit may let a later order pass, as the earlier one did not fill", () => {
    const events = recorded({ maxPositionLots: 5n }, [buy(5, 20_000), buy(1, 20_000)]);
    const { byCode } = played({ maxPositionLots: 4n }, events);
    expect(byCode).toEqual([{ code: "POSITION_LIMIT", added: 1, removed: 1 }]);
  });

  test("nor does a tighter limit on the single order: what would have turned the position did not, so the next one closes", () => {
    // Bought 4; sold 9, which opens 5 and is one too many now; sold 6, which opened 6 too many then and opens 2 now.
    const events = recorded({ maxLotsPerOrder: 5n }, [buy(4, 20_000), sell(9, 20_000), sell(6, 20_000)]);
    const { byCode } = played({ maxLotsPerOrder: 4n }, events);
    expect(byCode).toEqual([{ code: "LOTS_MAX_ORDER", added: 1, removed: 1 }]);
  });

  test("a refusal that falls away fills at its quote, and is marked at the last", () => {
    const events = recorded({ maxPositionLots: 0n }, [buy(4, 20_000)]);
    const marks = new Map([["MES", { bid: ticks(20_101n), ask: ticks(20_102n) }]]);
    const whatIf = openWhatIf({ settings: () => from({ maxPositionLots: 9n }), matesOf: () => [] });
    for (const event of events) whatIf.play(event);
    const { totals } = whatIf.result(marks, 100);
    // Bought at 20,001, marked at 20,101: 4 x 100 ticks x $1.25 won, which is a loss avoided below zero turned round.
    expect(totals).toMatchObject([{ removed: 1, lotsNotTraded: -4n, lossAvoided: 50_000n, feesForgone: -248n }]);
  });

  test("what the market or money refused stays refused whatever the table says", () => {
    const [order] = recorded({ maxPositionLots: 0n }, [buy(4, 20_000)]);
    const fixed = { ...order, refused: { code: "INSUFFICIENT_FUNDS", isFixed: true } } as PlayedEvent;
    expect(played({}, [fixed])).toMatchObject({ orders: 1, totals: [] });
  });

  test("an exit closes what was held before the period, under any table", () => {
    const events = recorded({}, [sell(3, 20_000)]);
    expect(played({ allowed: ["NONE"] }, events, lots(3n)).totals).toEqual([]);
    expect(played({ allowed: ["NONE"] }, events, lots(0n)).totals).toMatchObject([{ added: 1 }]);
  });
});

test("what is told not to be tried changes nothing, however tight", () => {
  const tight = readSettings({ marginPercent: 10_000, flattenTime: "10:00 UTC" });
  if (!tight.ok) throw new Error(JSON.stringify(tight.refusal));
  expect(Object.keys(tight.value).sort()).toEqual([...unplayedSettings].sort());
  const events = recorded({}, [buy(9, 20_000), sell(3, 19_000), buy(9, 18_000)]);
  expect(played(tight.value, events)).toMatchObject({ orders: 3, totals: [], byCode: [] });
});
