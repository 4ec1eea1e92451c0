import type { LossSlot } from "#contracts/loss-names.ts";
import { lossSlots } from "#contracts/loss-names.ts";
import { groupBy } from "./group-by.ts";
import { lossLimit, type PaidMoney } from "./loss-limit.ts";
import type { EffectiveLossRule } from "./loss-rule.ts";
import { type LossFacts, type LossState, sumOfPaid, sumOfStates } from "./loss-state.ts";
import { assert } from "./result.ts";
import { type MinorUnits, minorUnits } from "./units.ts";

/** How accounts that count as one stand now, as if they were one. */
export function sumOfFacts(all: readonly LossFacts[]): LossFacts {
  const [first] = all;
  assert(first !== undefined, "there is no account to count");
  if (all.length === 1) return first;
  const sum = (of: (facts: LossFacts) => bigint): MinorUnits =>
    minorUnits(all.reduce((total, facts) => total + of(facts), 0n));
  return {
    ...sumOfPaid(all),
    atMs: first.atMs,
    balance: sum(({ balance }) => balance),
    equities: [{ atMs: first.atMs, result: sum(({ equities }) => equities.at(-1)?.result ?? 0n) }],
    balanceAt: (atMs) => sum(({ balanceAt }) => balanceAt(atMs)),
  };
}

/** One of accounts that count as one, as its own settings have it. */
export interface RuledAccount {
  readonly rules: readonly EffectiveLossRule[];
  readonly states: ReadonlyMap<LossSlot, LossState>;
  readonly paid: PaidMoney;
  /** Booked result, minor units. */
  readonly balance: MinorUnits;
}

/**
 * The rules of accounts that count as one, one a slot: of those in force for any of them the one that allows least, in money of all of them
 * together; of two alike the first. It is told to the others as "together": whose line it is concerns nobody else.
 */
export function rulesTogether(
  accounts: readonly RuledAccount[],
): (account: RuledAccount) => readonly EffectiveLossRule[] {
  if (accounts.length === 1) return ({ rules }) => rules;
  const paid = sumOfPaid(accounts.map((account) => account.paid));
  const all = groupBy(
    accounts.flatMap((account) => account.rules.map((rule) => ({ account, rule }))),
    ({ rule }) => rule.slot,
  );
  const strictest = lossSlots.flatMap((slot) => {
    const counted = sumOfStates(accounts.map(({ states, balance }) => states.get(slot) ?? beginningAt(balance)));
    const amountOf = ({ rule }: EffectiveLossRule): bigint => lossLimit(slot, rule, counted, paid).amount;
    const [first, ...others] = all.get(slot) ?? [];
    if (first === undefined) return [];
    return [others.reduce((best, one) => (amountOf(one.rule) < amountOf(best.rule) ? one : best), first)];
  });
  return (account) =>
    strictest.map(({ rule }) =>
      account.rules.some((own) => isSame(own, rule)) ? rule : { ...rule, source: "together" },
    );
}

const beginningAt = (balance: MinorUnits): LossState => ({
  ...{ since: 0, balanceAtReset: balance, equityAtReset: balance, peak: balance },
  ...{ start: minorUnits(0n), breach: null },
});

/** The same line of the risk table, which is read once for all whom it concerns. */
const isSame = (one: EffectiveLossRule, other: EffectiveLossRule): boolean =>
  one.rule === other.rule && one.source === other.source && one.version === other.version;
