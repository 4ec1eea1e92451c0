import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import type { LadderAccount, LadderHolding, LadderThresholds } from "#core/ladder.ts";
import { type Shock, shockedMark, shockOf, stressAccount } from "#core/stress.ts";
import { type StressedOwner, stressTally } from "#core/stress-tally.ts";
import { lots, minorUnits, ticks } from "#core/units.ts";
import { aPosition, mesTerms } from "./trading-builders.ts";

/** MES: 1.25 USD a tick, margin 100.00 USD and fee 0.62 USD a lot. */
const thresholds: LadderThresholds = { marginCall: 100n, reduceOnly: 80n, stopOut: 50n };
const terms = { thresholds, feePerPosition: minorUnits(0n) };
const nothingRests = { buy: lots(0n), sell: lots(0n) };

const holding = (size: bigint, entry: bigint, more: Partial<LadderHolding> = {}): LadderHolding => ({
  ...{ instrumentId: "MES", position: aPosition(size, entry), resting: nothingRests, terms: mesTerms },
  ...{ mark: { bid: ticks(20_000n), ask: ticks(20_001n) }, closable: true },
  ...more,
});
const account = (balance: bigint, holdings: readonly LadderHolding[]): LadderAccount => ({
  ...{ stage: "ok", balance: minorUnits(balance), holdings },
});
const owner = (accountId: string, more: Partial<StressedOwner> = {}): StressedOwner => ({
  ...{ accountId, traderId: "t", tenantId: 1, currency: "USD", currencyScale: 2 },
  ...more,
});

describe("of several shocks the nearest counts, and they are not added up", () => {
  const all: Shock = { on: { kind: "all" }, basisPoints: -100n };
  const ofClass: Shock = { on: { kind: "class", assetClass: "equity-index" }, basisPoints: -700n };
  const own: Shock = { on: { kind: "instrument", instrumentId: "MES" }, basisPoints: 300n };
  test.each([
    [[all, ofClass, own], 300n],
    [[ofClass, all], -700n],
    [[all], -100n],
    [[], 0n],
  ])("%#", (shocks, wanted) => {
    expect(shockOf(shocks, { id: "MES", assetClass: "equity-index" })).toBe(wanted);
  });
  test("of another class and instrument none does", () => {
    expect(shockOf([ofClass, own], { id: "MGC", assetClass: "metal" })).toBe(0n);
  });
});

test("a shocked price between two ticks is rounded against who trades at it", () => {
  expect(shockedMark({ bid: ticks(333n), ask: ticks(334n) }, -700n)).toEqual({ bid: 309n, ask: 311n });
  expect(shockedMark({ bid: ticks(20_000n), ask: ticks(20_001n) }, 0n)).toEqual({ bid: 20_000n, ask: 20_001n });
});

test("index -7 %: two long lots at 5,000.00 lose 1,400 ticks each, are closed, and the house makes the rest good", () => {
  const stressed = stressAccount(account(300_000n, [holding(2n, 20_000n)]), terms, () => -700n);
  expect(stressed.moves.map(({ gained }) => gained)).toEqual([-350_000n]);
  expect(stressed.shocked).toEqual({ equity: -50_000n, required: 20_000n });
  expect(stressed.steps.map(({ close }) => close)).toEqual([{ instrumentId: "MES", side: "sell", lots: 2n }]);
  expect([stressed.fees, stressed.madeGood]).toEqual([124n, 50_124n]);
  expect(stressed.after).toEqual({ equity: 0n, required: 0n });
});

test("whose level stays at the threshold is not stopped out; a tick more and he is", () => {
  // 1,400 ticks cost 1,750.00; half of the margin of 100.00 must be left.
  const at = (balance: bigint) => stressAccount(account(balance, [holding(1n, 20_000n)]), terms, () => -700n);
  expect(at(175_000n + 5_000n)).toMatchObject({ stage: "reduce-only", steps: [] });
  expect(at(175_000n + 4_999n).stage).toBe("stop-out");
});

test("the largest loss is closed first, and only as much as is needed", () => {
  const metal = { instrumentId: "MGC", terms: { ...mesTerms, tickValue: minorUnits(100n) } };
  const held = [holding(1n, 20_000n), holding(1n, 20_000n, metal)];
  const stressed = stressAccount(account(180_000n, held), terms, (id) => (id === "MES" ? -700n : 0n));
  expect(stressed.shocked).toEqual({ equity: 5_000n, required: 20_000n });
  expect(stressed.steps.map(({ close }) => close?.instrumentId)).toEqual(["MES", "MGC"]);
  const milder = stressAccount(account(185_500n, held), terms, (id) => (id === "MES" ? -710n : 0n));
  expect(milder.shocked.equity).toBe(8_000n);
  expect(milder.steps.map(({ close }) => close?.instrumentId)).toEqual(["MES"]);
});

test("a position without a price does not move and is counted", () => {
  const blind = stressAccount(account(50_000n, [holding(1n, 20_000n, { mark: null })]), terms, () => -5_000n);
  expect(blind).toMatchObject({ moves: [], steps: [], madeGood: 0n });
  const tally = stressTally(1);
  tally.add(owner("a"), blind);
  expect(tally.result()).toMatchObject({ accounts: 1, unpriced: 1 });
});

const instruments = ["MES", "MGC", "BTC"];
const anyHolding = (instrumentId: string) =>
  fc
    .record({
      ...{ size: fc.bigInt({ min: -20n, max: 20n }), entry: fc.bigInt({ min: 50n, max: 900n }) },
      ...{ bid: fc.bigInt({ min: 40n, max: 1_000n }), spread: fc.bigInt({ min: 0n, max: 5n }) },
      ...{ buy: fc.bigInt({ min: 0n, max: 3n }), priced: fc.boolean() },
    })
    .map(({ size, entry, bid, spread, buy, priced }) =>
      holding(size, entry, {
        instrumentId,
        resting: { buy: lots(buy), sell: lots(0n) },
        mark: priced || size === 0n ? { bid: ticks(bid), ask: ticks(bid + spread) } : null,
      }),
    );
const anyAccount = fc
  .tuple(fc.bigInt({ min: 0n, max: 300_000n }), fc.tuple(...instruments.map(anyHolding)))
  .map(([balance, holdings]) => account(balance, holdings));
const anyShocks = fc.tuple(...instruments.map(() => fc.bigInt({ min: -9_900n, max: 20_000n })));
const shockIn =
  (shocks: readonly bigint[]) =>
  (id: string): bigint =>
    shocks[instruments.indexOf(id)] ?? 0n;

test("a shock of nothing moves nothing", () => {
  fc.assert(
    fc.property(anyAccount, (one) => {
      const { before, shocked, moves } = stressAccount(one, terms, () => 0n);
      expect(shocked).toEqual(before);
      expect(moves.every(({ gained }) => gained === 0n)).toBe(true);
    }),
  );
});

test("what traders gain and the house's side of it come to nothing, by instrument, partner and in all", () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(anyAccount, fc.integer({ min: 1, max: 3 })), { maxLength: 12 }),
      anyShocks,
      (some, shocks) => {
        const tally = stressTally(3);
        let gained = 0n;
        for (const [at, [one, tenantId]] of some.entries()) {
          const stressed = stressAccount(one, terms, shockIn(shocks));
          gained += stressed.shocked.equity - stressed.before.equity;
          tally.add(owner(String(at), { tenantId }), stressed);
        }
        const { totals, partners, instruments: byInstrument } = tally.result();
        for (const sums of [totals, partners, byInstrument])
          expect(sums.reduce((sum: bigint, { market }) => sum + market, gained)).toBe(0n);
        // With fees and what is made good: no money comes from nowhere.
        for (const { before, after, market, fees, madeGood } of totals)
          expect(after - before + market + fees - madeGood).toBe(0n);
      },
    ),
  );
});

/** The stop-out by hand: from the rule as it is written down, with nothing of the core's own. */
function naive(one: LadderAccount, shocks: readonly bigint[]): { equity: bigint; madeGood: bigint } {
  let { balance }: { balance: bigint } = one;
  const open = one.holdings.map(({ instrumentId, position, resting, mark }) => {
    const scaled = 10_000n + shockIn(shocks)(instrumentId);
    const long = position.lots > 0n;
    const price = mark === null ? null : long ? (mark.bid * scaled) / 10_000n : (mark.ask * scaled) / 10_000n;
    const up = mark === null || long || (mark.ask * scaled) % 10_000n === 0n ? 0n : 1n;
    const result = price === null ? 0n : ((price + up) * position.lots - position.cost) * 125n;
    return { id: instrumentId, lots: position.lots, buy: resting.buy as bigint, result, isPriced: price !== null };
  });
  const size = (count: bigint): bigint => (count < 0n ? -count : count);
  const required = (): bigint =>
    open.reduce((sum, { lots: held, buy }) => {
      const reach = size(held) > held + buy ? size(held) : held + buy;
      return sum + reach * 10_000n + (reach - size(held)) * 62n;
    }, 0n);
  const equity = (): bigint => open.reduce((sum, { result }) => sum + result, balance);
  const isOut = (): boolean => required() > 0n && equity() * 2n < required();
  let closed = false;
  if (isOut()) for (const position of open) position.buy = 0n;
  while (isOut()) {
    const [worst] = open
      .filter((position) => position.isPriced && position.lots !== 0n)
      .sort((a, b) => (a.result === b.result ? (a.id < b.id ? -1 : 1) : a.result < b.result ? -1 : 1));
    if (worst === undefined) break;
    balance += worst.result - size(worst.lots) * 62n;
    open.splice(open.indexOf(worst), 1);
    closed = true;
  }
  const madeGood = closed && balance < 0n ? -balance : 0n;
  return { equity: equity() + madeGood, madeGood };
}

test("equals a recomputation by hand", () => {
  fc.assert(
    fc.property(anyAccount, anyShocks, (one, shocks) => {
      const { after, madeGood } = stressAccount(one, terms, shockIn(shocks));
      expect({ equity: after.equity, madeGood }).toEqual(naive(one, shocks));
    }),
    { numRuns: 500 },
  );
});

test("of many that are stopped out the worst are kept, in their order, and all are counted", () => {
  const tally = stressTally(2);
  for (let at = 0; at < 9; at++) {
    const balance = 100_000n + BigInt((at * 7) % 9) * 10_000n;
    tally.add(
      owner(`account ${at}`),
      stressAccount(account(balance, [holding(1n, 20_000n)]), terms, () => -1_000n),
    );
  }
  const { totals, stoppedOut } = tally.result();
  expect(totals[0]?.stoppedOut).toBe(9);
  expect(stoppedOut.map(({ accountId, madeGood }) => [accountId, madeGood])).toEqual([
    ["account 0", 150_062n],
    ["account 4", 140_062n],
  ]);
});
