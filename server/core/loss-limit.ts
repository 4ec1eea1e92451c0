import type { LossSlot } from "#contracts/loss-names.ts";
import { isProfitSlot, type LossRule, ruleMoneyDigits } from "./loss-rule.ts";
import type { LossState } from "./loss-state.ts";
import { type MinorUnits, minorUnits } from "./units.ts";

/**
 * Money that went into an account and out of it other than by trading: deposits, withdrawals, adjustments, commissions, and
 * their reversals; minor units, both not negative. An account's result is its balance or equity less what is left of
 * them: so a deposit hides no loss, and a withdrawal makes none.
 */
export interface PaidMoney {
  readonly paidIn: MinorUnits;
  readonly paidOut: MinorUnits;
  /** Digits of the account's currency. */
  readonly scale: number;
}

/** A rule in figures for one account at one moment. All in minor units; results, so that payments do not shift them. */
export interface LossLimit {
  readonly base: MinorUnits;
  /** The most that may be lost (or is to be gained) from the base; not negative. */
  readonly amount: MinorUnits;
  /** A loss is breached at this result or below, a profit at it or above. */
  readonly edge: MinorUnits;
}

/** What a rule means for an account. Rounded down to a minor unit, to the careful side of a loss. */
export function lossLimit(slot: LossSlot, rule: LossRule, state: LossState, paid: PaidMoney): LossLimit {
  const base = baseOf(rule, state);
  const amount = amountOf(rule, minorUnits(base + paid.paidIn - paid.paidOut), paid);
  // Nobody breaches where nothing was lost or won, even if the amount comes to nothing.
  const least = amount > 0n ? amount : 1n;
  if (isProfitSlot(slot)) return { base, amount, edge: minorUnits(base + least) };
  const lock = rule.trailing?.lockAt ?? null;
  const floor = base - least;
  const locked = lock === null ? floor : state.start + scaled(lock, paid.scale);
  return { base, amount, edge: minorUnits(floor < locked ? floor : locked) };
}

/**
 * Whether a result breaches: loss >= limit, gain >= target. The prop firms' rule is that to touch the floor is to breach it (Topstep:
 * "if your account balance hits or drops below the Maximum Loss Limit").
 */
export const isBreached = (slot: LossSlot, { edge }: LossLimit, result: MinorUnits): boolean =>
  isProfitSlot(slot) ? result >= edge : result <= edge;

function baseOf({ base, trailing }: LossRule, state: LossState): MinorUnits {
  if (trailing !== null) return state.peak;
  if (base === "initial") return state.start;
  const { balanceAtReset: balance, equityAtReset: equity } = state;
  if (base === "balance-at-reset") return balance;
  return base === "equity-at-reset" || equity > balance ? equity : balance;
}

function amountOf({ amount }: LossRule, baseMoney: MinorUnits, paid: PaidMoney): MinorUnits {
  if (amount.unit === "money") return minorUnits(scaled(amount.value, paid.scale));
  const whole = amount.unit === "percent-of-base" ? baseMoney : initialMoney(baseMoney, paid);
  return minorUnits(whole <= 0n ? 0n : (whole * amount.basisPoints) / 10_000n);
}

/**
 * What per cent of the start are taken of: what was paid in less what was paid out, where profit that was paid out does not
 * count: who withdrew more than he ever deposited has not begun with nothing.
 */
function initialMoney(baseMoney: MinorUnits, { paidIn, paidOut }: PaidMoney): bigint {
  const left = paidIn - paidOut;
  const most = baseMoney < paidIn ? baseMoney : paidIn;
  return left > most ? left : most;
}

const scaled = (value: bigint, scale: number): bigint => value / 10n ** BigInt(ruleMoneyDigits - scale);
