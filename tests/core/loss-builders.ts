import type { LossSlot } from "#contracts/loss-names.ts";
import { type EffectiveLossRule, type LossRule, type LossRuleCell, readLossRule } from "#core/loss-rule.ts";
import { type Advanced, advanceLoss, type LossFacts, type LossState } from "#core/loss-state.ts";
import { minorUnits } from "#core/units.ts";

/** $500 from the balance at 17:00 in Chicago; flat until the next. */
export const aCell = (more: Partial<LossRuleCell> = {}): LossRuleCell => ({
  amount: "500.00",
  unit: "money",
  base: "balance-at-reset",
  measure: "equity",
  resetTime: "17:00",
  resetZone: "America/Chicago",
  action: "flatten-until-reset",
  ...more,
});

export const aRule = (slot: LossSlot, more: Partial<LossRuleCell> = {}): LossRule => readLossRule(slot, aCell(more));

/** The rule in force, from an agent's line. */
export const inForce = (slot: LossSlot, more: Partial<LossRuleCell> = {}): EffectiveLossRule => ({
  ...{ slot, rule: aRule(slot, more), source: "agent:A7", version: 3 },
});

/** An account told in major units, as the firms' pages tell it: what was paid in, its balance, and its equities since the last look. */
export interface Told {
  readonly at: string;
  readonly paidIn: number;
  readonly paidOut?: number;
  readonly balance: number;
  readonly equity?: number | readonly number[];
  /** Balances at the resets, as they were then; else the present one. */
  readonly balanceAt?: Readonly<Record<string, number>>;
}

const cents = (major: number): bigint => BigInt(Math.round(major * 100));

export function facts({ at, paidIn, paidOut = 0, balance, equity = balance, balanceAt = {} }: Told): LossFacts {
  const paid = cents(paidIn) - cents(paidOut);
  const equities = typeof equity === "number" ? [equity] : equity;
  const known = new Map(Object.entries(balanceAt).map(([time, money]) => [Date.parse(time), money]));
  return {
    atMs: Date.parse(at),
    paidIn: minorUnits(cents(paidIn)),
    paidOut: minorUnits(cents(paidOut)),
    scale: 2,
    balance: minorUnits(cents(balance) - paid),
    equities: equities.map((money) => ({ atMs: Date.parse(at), result: minorUnits(cents(money) - paid) })),
    balanceAt: (ms) => minorUnits(cents(known.get(ms) ?? balance) - paid),
  };
}

/** Follows an account through what is told of it; returns each step. */
export function story(
  slot: LossSlot,
  rule: LossRule,
  told: readonly Told[],
  from: LossState | null = null,
): Advanced[] {
  let state = from;
  return told.map((one) => {
    const step = advanceLoss(slot, rule, state, facts(one));
    state = step.state;
    return step;
  });
}
