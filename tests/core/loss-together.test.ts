import { describe, expect, test } from "@jest/globals";
import type { LossSlot } from "#contracts/loss-names.ts";
import type { EffectiveLossRule, LossRuleCell } from "#core/loss-rule.ts";
import { advanceTogether, type LossState } from "#core/loss-state.ts";
import { type RuledAccount, rulesTogether } from "#core/loss-together.ts";
import { minorUnits } from "#core/units.ts";
import { aRule, facts, inForce, type Told } from "./loss-builders.ts";

const at = "2026-11-16T15:00:00Z";
const begin: Told = { at, paidIn: 1_000, balance: 1_000 };

/** Follows accounts that count as one; who breached at each step. */
function together(slot: LossSlot, cell: Partial<LossRuleCell>, steps: readonly (readonly Told[])[]) {
  const rule = aRule(slot, cell);
  let states: (LossState | null)[] = [];
  return steps.map((told) => {
    const members = told.map((one, place) => ({ before: states[place] ?? null, facts: facts(one) }));
    const advanced = advanceTogether(slot, rule, members);
    states = advanced.map(({ state }) => state);
    return advanced.map(({ found }) => found);
  });
}

describe("accounts that count as one", () => {
  test("have lost one sum: 300 here and 200 there breach 500, at both, with the figures of both", () => {
    const [, found] = together("daily-loss", {}, [
      [begin, begin],
      [
        { ...begin, balance: 700 },
        { ...begin, equity: 800 },
      ],
    ]);
    expect(found).toMatchObject([
      { base: 0n, amount: 50_000n, edge: -50_000n, result: -50_000n },
      { base: 0n, amount: 50_000n, edge: -50_000n, result: -50_000n },
    ]);
  });

  test("what one has won the other may lose, and a payment between them changes nothing", () => {
    const [, found] = together("daily-loss", {}, [
      [begin, begin],
      [
        { ...begin, paidIn: 3_000, balance: 3_010 },
        { ...begin, paidOut: 400, balance: 600, equity: 90.01 },
      ],
    ]);
    expect(found).toEqual([null, null]);
  });

  test("per cent are of what all of them have", () => {
    const rule = { amount: "10", unit: "percent-of-base" } as const;
    const later = (balance: number) => [
      { ...begin, balance },
      { ...begin, paidIn: 3_000, balance: 3_000 },
    ];
    expect(together("daily-loss", rule, [later(1_000), later(600.01)])[1]).toEqual([null, null]);
    expect(together("daily-loss", rule, [later(1_000), later(600)])[1]).toMatchObject([{ amount: 40_000n }, {}]);
  });

  test("fall from the sum of their peaks, each found at its own price", () => {
    const trailing = { base: "equity-at-reset", trailing: "real-time", action: "flatten-until-lifted" } as const;
    const [, , found] = together("trailing-drawdown", trailing, [
      [begin, begin],
      [
        { ...begin, equity: [1_200, 1_000] },
        { ...begin, equity: [1_000, 1_000] },
      ],
      [
        { ...begin, equity: [900, 1_000] },
        { ...begin, equity: [800, 1_000] },
      ],
    ]);
    expect(found).toMatchObject([{ edge: -30_000n, result: -30_000n }, {}]);
  });

  test("a breach that one of them had already stands, and is not found again", () => {
    const rule = aRule("daily-loss");
    const before = {
      at: Date.parse(at),
      action: "flatten-until-reset",
      endsAt: Date.parse("2026-11-16T23:00:00Z"),
    } as const;
    const zero = minorUnits(0n);
    const since = Date.parse("2026-11-15T23:00:00Z");
    const state = { since, balanceAtReset: zero, equityAtReset: zero, peak: zero, start: zero };
    const advanced = advanceTogether("daily-loss", rule, [
      { before: { ...state, breach: before }, facts: facts({ ...begin, balance: 400 }) },
      { before: { ...state, breach: null }, facts: facts(begin) },
    ]);
    expect(advanced.map(({ found }) => found !== null)).toEqual([false, true]);
    expect(advanced.map((one) => one.state.breach?.at)).toEqual([Date.parse(at), Date.parse(at)]);
  });

  test("moments at which they did not hold yet what they hold now count for their peaks alone", () => {
    const rule = aRule("daily-loss");
    const members = [
      [500, 1_000],
      [1_000, 1_000],
    ].map((equity) => ({ before: null, facts: facts({ ...begin, equity }) }));
    const found = (from: number) => advanceTogether("daily-loss", rule, members, from)[0]?.found !== null;
    expect([found(0), found(1)]).toEqual([true, false]);
  });
});

describe("the rule of accounts that count as one", () => {
  const account = (rules: readonly EffectiveLossRule[], paidIn = 1_000): RuledAccount => ({
    ...{ rules, states: new Map(), balance: minorUnits(0n) },
    paid: { paidIn: minorUnits(BigInt(paidIn) * 100n), paidOut: minorUnits(0n), scale: 2 },
  });
  const daily = (more: Partial<LossRuleCell>) => inForce("daily-loss", more);

  test("is the one that allows least, whoever's it is; to the others its source is together", () => {
    const [loose, strict] = [account([daily({ amount: "500" })]), account([daily({ amount: "300" })])];
    const rules = rulesTogether([loose, strict]);
    expect(rules(strict)).toEqual(strict.rules);
    expect(rules(loose)).toEqual([{ ...strict.rules[0], source: "together" }]);
  });

  test("is compared in money of all of them, and holds also for who had none", () => {
    const [percent, money] = [
      account([daily({ amount: "20", unit: "percent-of-initial" })], 2_000),
      account([daily({})], 500),
    ];
    // 20 % of 2,500 are as much as 500: the first is taken.
    expect(rulesTogether([percent, money])(percent)).toEqual(percent.rules);
    expect(rulesTogether([money, percent])(percent)).toMatchObject([{ source: "together" }]);
    const none = account([]);
    expect(rulesTogether([none, money])(none)).toMatchObject([{ slot: "daily-loss", source: "together" }]);
    expect(rulesTogether([none])(none)).toEqual([]);
  });
});
