import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import type { MarginStage } from "#contracts/names.ts";
import {
  isBelow,
  type LadderAccount,
  type LadderHolding,
  type LadderThresholds,
  marginLevel,
  nextStage,
  planStopOut,
  stageAt,
} from "#core/ladder.ts";
import { ladderAlarms } from "#core/ladder-alarms.ts";
import { beyond } from "#core/trigger.ts";
import { lots, minorUnits, type Ticks, ticks } from "#core/units.ts";
import { aPosition, mesTerms } from "./trading-builders.ts";

/** MES at 5,000.00 (20,000 ticks of 1.25 USD), margin 100.00 USD and fee 0.62 USD a lot. */
const thresholds: LadderThresholds = { marginCall: 100n, reduceOnly: 80n, stopOut: 50n };
const noFee = minorUnits(0n);

const holding = (size: bigint, entry: bigint, now: bigint, more: Partial<LadderHolding> = {}): LadderHolding => ({
  instrumentId: "MES",
  position: aPosition(size, entry),
  resting: { buy: lots(0n), sell: lots(0n) },
  terms: mesTerms,
  mark: { bid: ticks(now), ask: ticks(now + 1n) },
  closable: true,
  ...more,
});
const account = (balance: bigint, holdings: LadderHolding[], stage: MarginStage = "ok"): LadderAccount => ({
  stage,
  balance: minorUnits(balance),
  holdings,
});

describe("the margin level", () => {
  test("marks a long at the bid and a short at the ask", () => {
    expect(marginLevel(account(100_000n, [holding(2n, 20_000n, 19_996n)])).equity).toBe(100_000n - 4n * 125n * 2n);
    expect(marginLevel(account(100_000n, [holding(-2n, 20_000n, 19_996n)])).equity).toBe(100_000n + 3n * 125n * 2n);
  });

  test("counts waiting orders that may open, with their fees", () => {
    const resting = { buy: lots(3n), sell: lots(0n) };
    expect(marginLevel(account(0n, [holding(2n, 20_000n, 20_000n, { resting })])).required).toBe(
      5n * 10_000n + 3n * 62n,
    );
  });

  test("leaves out the result of what has no price, and counts its margin", () => {
    const level = marginLevel(account(50_000n, [holding(2n, 20_000n, 0n, { mark: null })]));
    expect(level).toEqual({ equity: 50_000n, required: 20_000n });
  });

  test("is below a threshold only when it is less: at exactly 50 % nothing is closed", () => {
    expect(isBelow({ equity: minorUnits(10_000n), required: minorUnits(20_000n) }, 50n)).toBe(false);
    expect(isBelow({ equity: minorUnits(9_999n), required: minorUnits(20_000n) }, 50n)).toBe(true);
    expect(isBelow({ equity: minorUnits(-1n), required: minorUnits(0n) }, 50n)).toBe(false);
  });
});

describe("the stage", () => {
  test.each<[equity: bigint, stage: MarginStage]>([
    [20_000n, "ok"],
    [19_999n, "margin-call"],
    [16_000n, "margin-call"],
    [15_999n, "reduce-only"],
    [9_999n, "stop-out"],
  ])("with %s of 20,000 required is %s", (equity, stage) => {
    expect(stageAt({ equity: minorUnits(equity), required: minorUnits(20_000n) }, thresholds)).toBe(stage);
  });

  test("gets worse at once and better only with five points to spare", () => {
    const at = (equity: bigint) => ({ equity: minorUnits(equity), required: minorUnits(20_000n) });
    expect(nextStage("ok", at(9_000n), thresholds)).toBe("stop-out");
    expect(nextStage("margin-call", at(20_500n), thresholds)).toBe("margin-call");
    expect(nextStage("margin-call", at(21_000n), thresholds)).toBe("ok");
    expect(nextStage("reduce-only", at(16_500n), thresholds)).toBe("reduce-only");
    expect(nextStage("reduce-only", at(17_000n), thresholds)).toBe("margin-call");
  });
});

describe("a stop-out", () => {
  test("cancels waiting orders first, and closes nothing when that is enough", () => {
    const resting = { buy: lots(8n), sell: lots(0n) };
    const { steps } = planStopOut(account(30_000n, [holding(2n, 20_000n, 20_000n, { resting })]), thresholds, noFee);
    expect(steps.map(({ close }) => close)).toEqual([null]);
    expect(steps[0]?.after.required).toBe(20_000n);
  });

  test("closes the largest loss first and looks again after each", () => {
    const mnq = holding(1n, 20_000n, 19_950n, { instrumentId: "MNQ" }); // -62.50
    const mes = holding(2n, 20_000n, 19_900n); // -250.00
    const { steps, after } = planStopOut(account(45_000n, [mnq, mes]), thresholds, noFee);
    // Equity 137.50 of 300 required; without MES 136.26 of 100.
    expect(steps.map(({ close }) => close)).toEqual([{ instrumentId: "MES", side: "sell", lots: 2n }]);
    expect(after.holdings).toEqual([mnq]);
    expect(after.balance).toBe(45_000n - 25_000n - 124n);
  });

  test("closes all when that is what it takes, and the house makes good what is below zero", () => {
    const { after } = planStopOut(account(20_000n, [holding(-2n, 20_000n, 20_099n)]), thresholds, noFee);
    expect(after).toMatchObject({ balance: 0n, holdings: [] });
  });

  test("closes a gain too when what was lost is more than the money: the house pays only for the rest", () => {
    const lost = holding(1n, 20_000n, 19_880n); // -150.00 with 100.00 in the account
    const gained = holding(1n, 20_000n, 20_024n, { instrumentId: "MNQ" }); // +30.00
    const { steps } = planStopOut(account(10_000n, [lost, gained]), thresholds, noFee);
    expect(steps.map(({ close }) => close?.instrumentId)).toEqual(["MES", "MNQ"]);
    expect(steps[0]?.after.equity).toBe(10_000n - 15_000n - 62n + 3_000n);
  });

  test("charges its fee once for each position, and never more than there is", () => {
    const fee = minorUnits(2_500n);
    const plan = (balance: bigint) => planStopOut(account(balance, [holding(2n, 20_000n, 19_950n)]), thresholds, fee);
    expect(plan(20_000n).after.balance).toBe(20_000n - 12_500n - 124n - 2_500n);
    expect(plan(13_000n).after.balance).toBe(0n);
  });

  test("leaves what cannot be traded now", () => {
    const halted = holding(2n, 20_000n, 19_900n, { closable: false });
    const dark = holding(2n, 20_000n, 0n, { instrumentId: "MGC", mark: null });
    expect(planStopOut(account(20_000n, [halted, dark]), thresholds, noFee).steps).toEqual([]);
  });
});

describe("alarm prices", () => {
  test("with one instrument are the very tick at which the stage changes", () => {
    const before = account(30_000n, [holding(2n, 20_000n, 20_000n)]);
    const [alarm] = ladderAlarms(before, thresholds);
    // 300 of 200 required: 100 to lose, 40 ticks at 2.50; at 41 it is below.
    expect(alarm).toEqual({ instrumentId: "MES", crossing: { of: "bid", by: "falling", to: 19_959n } });
    const at = (bid: bigint) => marginLevel(account(30_000n, [holding(2n, 20_000n, bid)]));
    expect(stageAt(at(19_960n), thresholds)).toBe("ok");
    expect(stageAt(at(19_959n), thresholds)).toBe("margin-call");
  });

  test("of a short rise with the ask", () => {
    const [alarm] = ladderAlarms(account(30_000n, [holding(-2n, 20_001n, 20_000n)]), thresholds);
    expect(alarm).toEqual({ instrumentId: "MES", crossing: { of: "ask", by: "rising", to: 20_042n } });
  });

  test("none are needed where nothing is held or nothing has a price", () => {
    expect(ladderAlarms(account(1_000n, []), thresholds)).toEqual([]);
    expect(ladderAlarms(account(90_000n, [holding(2n, 20_000n, 0n, { mark: null })]), thresholds)).toEqual([]);
  });

  test("never miss a change of stage that weighing at every quote finds", () => {
    const step = fc.record({ of: fc.nat(2), by: fc.integer({ min: -60, max: 60 }) });
    const sizes = fc.array(
      fc.integer({ min: -4, max: 4 }).filter((size) => size !== 0),
      { minLength: 1, maxLength: 3 },
    );
    fc.assert(
      fc.property(
        sizes,
        fc.integer({ min: 0, max: 200_000 }),
        fc.array(step, { maxLength: 60 }),
        (held, money, path) => {
          const prices = held.map(() => 20_000n);
          let stage: MarginStage = "ok";
          const now = (): LadderAccount => ({
            stage,
            balance: minorUnits(BigInt(money)),
            holdings: held.map((size, index) =>
              holding(BigInt(size), 20_000n, prices[index] ?? 0n, { instrumentId: `I${index}` }),
            ),
          });
          const weigh = (): MarginStage => nextStage(stage, marginLevel(now()), thresholds);
          stage = weigh();
          let alarms = ladderAlarms(now(), thresholds);
          for (const { of, by } of path) {
            const index = of % held.length;
            prices[index] = (prices[index] ?? 0n) + BigInt(by);
            const bid = (prices[index] ?? 0n) as Ticks;
            const quote = { bid, ask: (bid + 1n) as Ticks };
            const rings = alarms.some((one) => one.instrumentId === `I${index}` && beyond(one.crossing, quote) >= 0n);
            if (!rings) {
              expect(weigh()).toBe(stage);
              continue;
            }
            stage = weigh();
            alarms = ladderAlarms(now(), thresholds);
          }
        },
      ),
    );
  });
});
