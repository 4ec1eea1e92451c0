import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import type { LossRuleCell } from "#core/loss-rule.ts";
import { marketPrice } from "#core/order-prices.ts";
import { applyFill, flat, type Position, unrealizedPnl } from "#core/position.ts";
import { type Lots, lots, minorUnits, ticks } from "#core/units.ts";
import { openWhatIf } from "#core/what-if.ts";
import type { PlayedEvent, PlayedOrder, Whose } from "#core/what-if-events.ts";
import type { LossStart } from "#core/what-if-losses.ts";
import type { WhatIfResult } from "#core/what-if-tally.ts";
import { inForce } from "./loss-builders.ts";
import { anIntent, mes } from "./trading-builders.ts";

const ann: Whose = { accountId: "a1", traderId: "t1", tenantId: 1, book: "live", currency: "USD" };
const began = Date.parse("2026-11-20T10:00:00Z");
const { feePerSide, tickValue } = mes.terms;
const none = minorUnits(0n);
const nothingYet: LossStart = { paidIn: none, paidOut: none, scale: 2, booked: none, bookedAt: () => none };

interface Wish {
  readonly side: "buy" | "sell";
  readonly size: number;
  readonly bid: number;
  /** Seconds after the one before. */
  readonly after?: number;
  readonly refused?: PlayedOrder["refused"];
  readonly isForLoss?: boolean;
}

/** Market orders that fill at once, except those that say they were refused. */
function recorded(wishes: readonly Wish[]): PlayedEvent[] {
  let at = began;
  return wishes.flatMap(({ side, size, bid, after = 1, refused = null, isForLoss = false }, index): PlayedEvent[] => {
    at += after * 1_000;
    const quote = { bid: ticks(BigInt(bid)), ask: ticks(BigInt(bid) + 1n) };
    const intent = anIntent(side, BigInt(size));
    const same = { orderId: `o${index}`, whose: ann, instrument: mes };
    const order: PlayedEvent = { ...same, kind: "order", at, intent, quote, refused };
    const fee = minorUnits(intent.lots * feePerSide);
    const execution = { side, lots: intent.lots, price: marketPrice(intent, quote) };
    const fill: PlayedEvent = {
      ...same,
      ...execution,
      kind: "fill",
      at: at + 1,
      quote,
      fee,
      isHouse: isForLoss,
      isForLoss,
    };
    if (refused !== null) return [order];
    return isForLoss ? [fill] : [order, fill];
  });
}

interface Tried {
  readonly cell?: Partial<LossRuleCell>;
  readonly start?: LossStart;
  readonly before?: Lots;
  readonly isTried?: boolean;
  readonly mates?: readonly string[];
}

function played(
  wishes: readonly Wish[],
  { cell, start = nothingYet, before, isTried = true, mates = [] }: Tried,
): WhatIfResult {
  const rules = cell === undefined ? [] : [inForce("daily-loss", cell)];
  const losses = {
    isTried: () => isTried,
    rules: () => ({ rules, untilMs: Number.POSITIVE_INFINITY }),
    startOf: () => start,
  };
  const whatIf = openWhatIf({ settings: () => ({}), matesOf: () => mates, losses });
  if (before !== undefined) whatIf.holds(ann, mes, before, began);
  for (const event of recorded(wishes)) whatIf.play(event);
  return whatIf.result(new Map(), 10);
}

const buy = (size: number, bid: number, more: Partial<Wish> = {}): Wish => ({ side: "buy", size, bid, ...more });
const sell = (size: number, bid: number, more: Partial<Wish> = {}): Wish => ({ side: "sell", size, bid, ...more });

describe("loss limits are tried with each order and fill", () => {
  test("a breach flattens at the price it was found at, and nothing is opened until the reset", () => {
    // 4 lots lose 101 ticks x $1.25 each: $505. Held on until 19,800 they lost $1,005.
    const story = [buy(4, 20_000), buy(1, 19_900), sell(5, 19_800), buy(2, 19_800, { after: 24 * 3_600 })];
    expect(played(story, { cell: { amount: "500.00" } })).toMatchObject({
      breaches: 1,
      byCode: [{ code: "DAILY_LOSS", added: 1, removed: 0 }],
      totals: [
        {
          // 4 lots out at 19,900 and not at 19,800, one not bought at 19,901 and sold at 19,800.
          ...{ added: 1, removed: 0, lossAvoided: 4n * 100n * 125n + 101n * 125n },
          // That one's two sides.
          ...{ lotsNotTraded: 2n, feesForgone: 124n },
        },
      ],
    });
    expect(played(story, { cell: { amount: "5000.00" } })).toMatchObject({ breaches: 0, totals: [], byCode: [] });
  });

  test("what the rule that was refused, a looser one lets through, and what it closed stays open", () => {
    const refused = { code: "DAILY_LOSS", isFixed: false, isByLoss: true } as const;
    const story = [buy(4, 20_000), sell(4, 19_900, { isForLoss: true }), buy(1, 19_900, { refused }), sell(5, 19_950)];
    // The flattening left out, one lot bought at 19,901: all that is left is marked at 19,950.
    expect(played(story, { cell: { amount: "5000.00" } })).toMatchObject({
      breaches: 0,
      byCode: [{ code: "DAILY_LOSS", added: 0, removed: 1 }],
    });
    expect(played(story, { cell: { amount: "5000.00" }, isTried: false })).toMatchObject({ breaches: 0, byCode: [] });
    // Judged together with another account: it keeps what came of theirs.
    expect(played(story, { cell: { amount: "5000.00" }, mates: ["a2"] })).toMatchObject({ byCode: [] });
  });

  test("what was lost since the reset before the period counts, and what was held counts from its first price", () => {
    const lost = { ...nothingYet, booked: minorUnits(-45_000n), bookedAt: () => none };
    expect(played([buy(1, 20_000), sell(1, 19_970)], { cell: { amount: "500.00" }, start: lost })).toMatchObject({
      breaches: 0,
    });
    expect(played([buy(1, 20_000), sell(1, 19_950)], { cell: { amount: "500.00" }, start: lost })).toMatchObject({
      breaches: 1,
    });
    const before = lots(4n);
    expect(played([buy(1, 20_000), buy(1, 19_950)], { cell: { amount: "500.00" }, before })).toMatchObject({
      breaches: 0,
    });
    expect(played([buy(1, 20_000), buy(1, 19_890)], { cell: { amount: "500.00" }, before })).toMatchObject({
      breaches: 1,
    });
  });

  test("reduce-only refuses what opens and closes nothing; an alert does neither", () => {
    const story = [buy(4, 20_000), buy(1, 19_890), sell(4, 19_880)];
    expect(played(story, { cell: { amount: "500.00", action: "reduce-only" } })).toMatchObject({
      breaches: 1,
      byCode: [{ code: "DAILY_LOSS", added: 1 }],
      totals: [{ lotsNotTraded: 1n }],
    });
    expect(played(story, { cell: { amount: "500.00", action: "alert" } })).toMatchObject({ breaches: 0, totals: [] });
  });
});

/** The same, worked out by hand for one account, one instrument and one day. */
function byHand(wishes: readonly Wish[], amount: bigint) {
  let [was, is, booked, isLocked, added, breaches, cash, fees, wasCash, wasFees]: [
    Position,
    Position,
    bigint,
    boolean,
    number,
    number,
    bigint,
    bigint,
    bigint,
    bigint,
  ] = [flat, flat, 0n, false, 0, 0, 0n, 0n, 0n, 0n];
  const trade = (side: "buy" | "sell", size: bigint, price: bigint): void => {
    const effect = applyFill(is, { side, lots: lots(size), price: ticks(price) });
    is = effect.position;
    booked += effect.realizedTicks * tickValue - size * feePerSide;
    cash -= (side === "buy" ? size : -size) * price;
    fees += size * feePerSide;
  };
  for (const { side, size: whole, bid } of wishes) {
    const size = BigInt(whole);
    const quote = { bid: ticks(BigInt(bid)), ask: ticks(BigInt(bid) + 1n) };
    const price = side === "buy" ? quote.ask : quote.bid;
    const result = (): bigint => booked + unrealizedPnl(is, quote, mes.terms);
    const look = (): void => {
      if (isLocked || result() > -amount) return;
      isLocked = true;
      breaches += 1;
      if (is.lots > 0n) trade("sell", is.lots, quote.bid);
      else if (is.lots < 0n) trade("buy", -is.lots, quote.ask);
    };
    const closable = (held: bigint): bigint => (side === "buy" ? (held < 0n ? -held : 0n) : held > 0n ? held : 0n);
    const least = (a: bigint, b: bigint): bigint => (a < b ? a : b);
    look();
    const closed = least(closable(was.lots), size);
    const wanted = closed === 0n ? size : least(closed, closable(is.lots)) + size - closed;
    const opened = wanted - least(closable(is.lots), wanted);
    const isRefused = opened > 0n && (isLocked || result() + amount - opened * (feePerSide + tickValue) <= 0n);
    if (isRefused) added += 1;
    was = applyFill(was, { side, lots: lots(size), price }).position;
    wasCash -= (side === "buy" ? size : -size) * price;
    wasFees += size * feePerSide;
    const filled = least(closed, closable(is.lots)) + size - closed;
    if (!isRefused && filled > 0n) trade(side, filled, price);
    look();
  }
  const last = BigInt(wishes.at(-1)?.bid ?? 0);
  const left = (held: bigint): bigint => held * (held > 0n ? last : last + 1n);
  const avoided = (cash + left(is.lots) - wasCash - left(was.lots)) * tickValue;
  return { added, breaches, avoided, forgone: wasFees - fees };
}

test("whatever was ordered, it comes to what is worked out by hand", () => {
  const wish = fc.record({
    side: fc.constantFrom("buy" as const, "sell" as const),
    size: fc.integer({ min: 1, max: 6 }),
    bid: fc.integer({ min: 19_900, max: 20_100 }),
  });
  fc.assert(
    fc.property(fc.array(wish, { maxLength: 40 }), fc.integer({ min: 1, max: 3_000 }), (wishes, dollars) => {
      const { breaches, totals } = played(wishes, { cell: { amount: `${dollars}.00` } });
      const [all] = totals;
      const hand = byHand(wishes, BigInt(dollars) * 100n);
      expect({
        added: all?.added ?? 0,
        breaches,
        avoided: all?.lossAvoided ?? 0n,
        forgone: all?.feesForgone ?? 0n,
      }).toEqual(hand);
    }),
    { numRuns: 300 },
  );
});
