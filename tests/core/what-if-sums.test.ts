import { expect, test } from "@jest/globals";
import fc from "fast-check";
import type { Instrument } from "#core/instrument.ts";
import type { RiskSettings } from "#core/risk-settings.ts";
import type { EffectiveSettings } from "#core/risk-table.ts";
import { lots, minorUnits, ticks } from "#core/units.ts";
import { openWhatIf } from "#core/what-if.ts";
import type { PlayedEvent, Whose } from "#core/what-if-events.ts";
import { anIntent, mes } from "./trading-builders.ts";
import { playNaively } from "./what-if-naive.ts";

const people: readonly Whose[] = [1, 2, 3].map((n) => ({
  ...{ accountId: `a${n}`, traderId: `t${n}`, tenantId: n === 3 ? 2 : 1, book: "live", currency: "USD" },
}));
const gold: Instrument = { ...mes, id: "MGC", assetClass: "metal" };
const instruments: readonly Instrument[] = [mes, { ...mes, id: "MNQ" }, gold];
/** The first two are one person's. */
const mates: Readonly<Record<string, readonly string[]>> = { a1: ["a2"], a2: ["a1"] };

interface Step {
  readonly who: number;
  readonly what: number;
  readonly side: "buy" | "sell";
  readonly size: number;
  readonly bid: number;
  /** Ticks that a limit order waits behind the market; 0: a market order. */
  readonly behind: number;
  readonly reduceOnly: boolean;
  /** How many ticks better the price was that he saw. */
  readonly slipped: number;
  readonly ends: "at-once" | "later" | "unfilled" | "refused" | "refused-by-money" | "by-the-house";
  /** How many steps later it fills or ends. */
  readonly after: number;
  readonly secondsLater: number;
}

const anyStep: fc.Arbitrary<Step> = fc.record({
  who: fc.constantFrom(0, 0, 1, 2),
  what: fc.constantFrom(0, 0, 0, 1, 2),
  side: fc.constantFrom("buy", "sell"),
  size: fc.integer({ min: 1, max: 9 }),
  bid: fc.integer({ min: 19_900, max: 20_100 }),
  behind: fc.constantFrom(0, 5),
  reduceOnly: fc.constantFrom(false, false, true),
  slipped: fc.nat(4),
  ends: fc.constantFrom(
    "at-once",
    "at-once",
    "later",
    "later",
    "unfilled",
    "refused",
    "refused-by-money",
    "by-the-house",
  ),
  after: fc.integer({ min: 1, max: 12 }),
  secondsLater: fc.nat(40),
});

/** Something is recorded of each step; it need not be what any desk would have done. */
function recorded(steps: readonly Step[]): PlayedEvent[] {
  const events: PlayedEvent[] = [];
  let at = Date.parse("2026-11-20T23:50:00Z");
  const later: { due: number; event: (at: number) => PlayedEvent }[] = [];
  steps.forEach((step, index) => {
    at += step.secondsLater * 1000;
    for (const { event } of later.filter(({ due }) => due === index)) events.push(event(at));
    const [whose, instrument] = [people[step.who] ?? people[0], instruments[step.what] ?? mes];
    if (whose === undefined) return;
    const quote = { bid: ticks(BigInt(step.bid)), ask: ticks(BigInt(step.bid) + 1n) };
    const { side, reduceOnly, ends } = step;
    const size = lots(BigInt(step.size));
    const same = { orderId: `o${index}`, whose, instrument };
    const fill = (filledAt: number): PlayedEvent => ({
      ...{ ...same, kind: "fill", at: filledAt, side, lots: size, quote, fee: minorUnits(size * 62n) },
      ...{ price: side === "buy" ? quote.ask : quote.bid, isHouse: ends === "by-the-house" },
    });
    if (ends === "by-the-house") {
      events.push(fill(at));
      return;
    }
    const limitPrice = ticks(side === "buy" ? quote.ask - BigInt(step.behind) : quote.bid + BigInt(step.behind));
    const quotedPrice = ticks(side === "buy" ? quote.ask - BigInt(step.slipped) : quote.bid + BigInt(step.slipped));
    const intent = anIntent(side, size, {
      reduceOnly,
      quotedPrice,
      ...(step.behind === 0 ? {} : { type: "limit", limitPrice }),
    });
    const isRefused = ends === "refused" || ends === "refused-by-money";
    const refused = isRefused ? { code: "POSITION_LIMIT" as const, isFixed: ends === "refused-by-money" } : null;
    events.push({ ...same, kind: "order", at, intent, quote, refused });
    if (isRefused) return;
    if (ends === "at-once") events.push(fill(at));
    else if (ends === "later") later.push({ due: index + step.after, event: fill });
    else later.push({ due: index + step.after, event: (endedAt) => ({ ...same, kind: "end", at: endedAt }) });
  });
  return events;
}

const few = fc.bigInt(0n, 25n);
const money = fc.bigInt(10n ** 12n, 10n ** 14n);
const allSettings = fc.record({
  ...{ maxLotsPerOrder: few, maxPositionLots: few, maxLongLots: few, maxShortLots: few, maxGrossLots: few },
  ...{ maxClassLots: few, maxTotalLots: few, maxOrderExposure: money, maxExposure: money, maxClassExposure: money },
  ...{ maxTotalExposure: money, maxMarginUsed: fc.bigInt(0n, 2n * 10n ** 11n), marginPercent: fc.bigInt(100n, 200n) },
  ...{
    maxInstruments: fc.bigInt(0n, 3n),
    maxWorkingOrders: fc.bigInt(0n, 6n),
    maxOrdersPerMinute: fc.bigInt(1n, 6n),
  },
  ...{ repeatOrderSeconds: fc.bigInt(0n, 90n), minHoldingSeconds: fc.bigInt(0n, 60n) },
  ...{ partnerMaxLots: few, partnerMaxExposure: money, houseMaxLots: few, houseMaxExposure: money },
  ...{
    isStopLossMandatory: fc.boolean(),
    maxSlippageTicks: fc.bigInt(0n, 5n),
    allowed: fc.constantFrom(["MES", "metal"], ["equity-index"]),
  },
});
/** A few at once: of many one refuses everything, and the others have nothing to say. */
const anySettings: fc.Arbitrary<RiskSettings> = allSettings.chain((all) =>
  fc
    .subarray(Object.entries(all), { minLength: 1, maxLength: 3 })
    .map((some): RiskSettings => Object.fromEntries(some)),
);

const inForce = (settings: RiskSettings): EffectiveSettings =>
  Object.fromEntries(
    Object.entries(settings).map(([name, value]) => [name, { value, source: "default", limitId: "l", version: 1 }]),
  ) as EffectiveSettings;

test("what is summed up as it comes comes to what is worked out anew for every decision", () => {
  fc.assert(
    fc.property(fc.array(anyStep, { maxLength: 50 }), anySettings, anySettings, (steps, one, other) => {
      const events = recorded(steps);
      const settings = { t1: inForce(one), t2: inForce(one), t3: inForce(other) } as Record<string, EffectiveSettings>;
      const table = { settings: (id: string) => settings[id] ?? {}, matesOf: (id: string) => mates[id] ?? [] };
      const { told, lines } = playNaively(table, events);
      const whatIf = openWhatIf(table);
      for (const event of events) whatIf.play(event);
      const { totals, byCode, byTrader, byInstrument } = whatIf.result(new Map(), 100);
      const sums = lines.map((line) => line.split(" "));
      const sum = (place: number): bigint => sums.reduce((total, line) => total + BigInt(line[place] ?? 0), 0n);
      const count = (all: readonly string[], sign: string): number => all.filter((one) => one.startsWith(sign)).length;
      const [total] = totals;
      expect([total?.added ?? 0, total?.removed ?? 0]).toEqual([count(told, "+"), count(told, "-")]);
      expect([total?.lossAvoided ?? 0n, total?.feesForgone ?? 0n, total?.lotsNotTraded ?? 0n]).toEqual([
        sum(2),
        sum(3),
        sum(4),
      ]);
      for (const { code, added } of byCode)
        expect(added).toBe(told.filter((line) => line.startsWith("+") && line.endsWith(` ${code}`)).length);
      for (const { id, lossAvoided } of byTrader)
        expect(lossAvoided).toBe(
          sums.reduce((own, line) => (line[0] === `a${id.slice(1)}` ? own + BigInt(line[2] ?? 0) : own), 0n),
        );
      for (const { id, feesForgone } of byInstrument)
        expect(feesForgone).toBe(sums.reduce((own, line) => (line[1] === id ? own + BigInt(line[3] ?? 0) : own), 0n));
    }),
    { numRuns: 1_500 },
  );
});
