/** The closed lists of agents' commissions, apart from names.ts for its length. No imports, as there. */

/**
 * How a fill's commission is shared among the agents above its trader. Rates of the first four and of `chain` and `override` are parts
 * of the basis; `per-lot` is an amount a lot. Each is told by its vectors in core/commission.ts.
 */
export const commissionModels = ["ratio", "difference", "per-lot", "spread-share", "chain", "override"] as const;
export type CommissionModel = (typeof commissionModels)[number];

/** What a commission is a part of: the fee charged on the fill, or the half of the spread that the trader paid. */
export const commissionBases = ["fee", "spread"] as const;
export type CommissionBasis = (typeof commissionBases)[number];

/** Why a level of a fill's commission got nothing; its share stays with the house. */
export const commissionSkips = [
  "no-agent",
  "own-account",
  "no-rate",
  "rank-not-above",
  "below-one-unit",
  "no-plan",
  "demo",
  "liquidation-fee-only",
  "bonus-funded",
] as const;
export type CommissionSkip = (typeof commissionSkips)[number];

/** An agent's commission of a day: computed, stopped by hand, let go again, settled into the ledger. */
export const payoutStates = ["pending", "held", "payable", "paid"] as const;
export type PayoutState = (typeof payoutStates)[number];

/** Why a commission is taken back. */
export const clawbackReasons = ["busted-trade", "chargeback", "self-referral", "correction"] as const;
export type ClawbackReason = (typeof clawbackReasons)[number];
