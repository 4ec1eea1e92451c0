import type { LossRefusalCode, LossSlot } from "#contracts/loss-names.ts";
import { type LossLimit, lossLimit } from "./loss-limit.ts";
import { type EffectiveLossRule, isAlertSlot, isProfitSlot, type LossRule } from "./loss-rule.ts";
import { advanceLoss, isLocked, type LossFacts, type LossState, measuredOf } from "./loss-state.ts";
import type { OrderCheck } from "./order.ts";
import { formatDecimal, type MinorUnits } from "./units.ts";

/** One slot of an account, with its rule in force (null: it has none any more) and its state (null: nothing was counted yet). */
export interface AccountLoss {
  readonly slot: LossSlot;
  readonly rule: EffectiveLossRule | null;
  readonly state: LossState | null;
}

export type LossCheck = Omit<OrderCheck, "code"> & { readonly code: LossRefusalCode };

export const lossRefusalOf = {
  "own-daily-loss": "DAILY_LOSS",
  "daily-loss": "DAILY_LOSS",
  "daily-loss-alert": "DAILY_LOSS",
  "weekly-loss": "WEEKLY_LOSS",
  "weekly-loss-alert": "WEEKLY_LOSS",
  "trailing-drawdown": "TRAILING_DRAWDOWN",
  "daily-profit": "PROFIT_REACHED",
  "weekly-profit": "PROFIT_REACHED",
} as const satisfies Record<LossSlot, LossRefusalCode>;

/**
 * The checks of what an order opens; nothing is asked of an exit. `cost`: what opening costs at once, fee and spread, in minor
 * units: an order that alone would use up what may still be lost is refused. An alert refuses nothing. A breach that stands
 * refuses also when its rule is gone: it ends at its own time.
 */
export const lossChecks = (losses: readonly AccountLoss[], facts: LossFacts, cost: MinorUnits): readonly LossCheck[] =>
  losses.flatMap(({ slot, rule, state }): LossCheck[] => {
    if (rule === null) return isLocked(state, facts.atMs) ? [locked(slot)] : [];
    if (isAlertSlot(slot) || rule.rule.action === "alert") return [];
    return [figureCheck(slot, rule, state, facts, cost)];
  });

function figureCheck(
  slot: LossSlot,
  { rule, source, version }: EffectiveLossRule,
  before: LossState | null,
  facts: LossFacts,
  cost: MinorUnits,
): LossCheck {
  const { state } = advanceLoss(slot, rule, before, facts);
  const limit = lossLimit(slot, rule, state, facts);
  const { amount } = limit;
  const room = roomWithin(slot, rule, limit, facts) - (isProfitSlot(slot) ? 0n : cost);
  const money = (value: bigint): string => formatDecimal(value, facts.scale);
  return {
    code: lossRefusalOf[slot],
    passed: !isLocked(state, facts.atMs) && room > 0n,
    limit: money(amount),
    // What is used of it: with a locked floor that is not base less result, but it adds up with the headroom.
    value: money(amount - room),
    headroom: money(room),
    ...{ source, version },
  };
}

const locked = (slot: LossSlot): LossCheck => ({
  ...{ code: lossRefusalOf[slot], passed: false, source: "account" },
  ...{ limit: null, value: null, headroom: null },
});

/** What may still be lost, or is still to be gained, before the rule is breached; 0 or less: it is. Minor units. */
export const roomOf = (slot: LossSlot, rule: LossRule, state: LossState, facts: LossFacts): bigint =>
  roomWithin(slot, rule, lossLimit(slot, rule, state, facts), facts);

function roomWithin(slot: LossSlot, rule: LossRule, { edge }: LossLimit, facts: LossFacts): bigint {
  const result = measuredOf(rule, facts);
  return isProfitSlot(slot) ? edge - result : result - edge;
}
