import type { LossSlot } from "#contracts/loss-names.ts";
import { lastReset } from "#core/loss-period.ts";
import type { EffectiveLossRule, LossReset } from "#core/loss-rule.ts";
import {
  advanceLoss,
  type DatedResult,
  type FoundBreach,
  isLocked,
  type LossFacts,
  type LossState,
} from "#core/loss-state.ts";
import { positionSide } from "#core/position.ts";
import { type RecentQuotes, resultOf, resultsAt, type WalkedPosition } from "#core/recent-quotes.ts";
import { minorUnits } from "#core/units.ts";
import { type LadderState, type Marks, markOf } from "../margin/index.ts";
import { type AccountLosses, type Booked, bookedResultAt, type LossStateToWrite } from "../risk/index.ts";

/** All that is known about an account when its losses are weighed. */
export interface LossView {
  readonly ladder: LadderState;
  readonly losses: AccountLosses;
  readonly rules: readonly EffectiveLossRule[];
  readonly booked: readonly Booked[];
  /** When everything is closed each day, and the last such moment that was carried out, epoch ms; null: never. */
  readonly flatten: { readonly time: LossReset; readonly doneMs: number | null } | null;
}

/** The prices it is weighed by. `from`: up to where in the stream it was looked at before; null: it was not, by this process. */
export interface LossPrices {
  readonly marks: Marks;
  readonly recent: Pick<RecentQuotes, "since" | "turns" | "placeAfter" | "lastBefore">;
  readonly from: number | null;
  readonly at: Date;
}

/** One slot as it is now. */
export interface WeighedSlot {
  readonly slot: LossSlot;
  readonly rule: EffectiveLossRule | null;
  readonly state: LossState;
  readonly found: FoundBreach | null;
}

export interface WeighedLosses {
  readonly facts: LossFacts;
  readonly slots: readonly WeighedSlot[];
  readonly changed: readonly LossStateToWrite[];
  /** What stands now that lets nothing be opened; `flatten` closes everything too. Null: nothing. */
  readonly lock: "reduce-only" | "flatten" | null;
}

/** Brings all slots of an account to the present, by every price since it was looked at before. */
export function weighLosses(view: LossView, prices: LossPrices): WeighedLosses {
  const { losses, rules } = view;
  const facts = factsOf(view, prices);
  const ruled = rules.map((rule): WeighedSlot => {
    const { slot } = rule;
    return { slot, rule, ...advanceLoss(slot, rule.rule, losses.states.get(slot) ?? null, facts) };
  });
  const unruled = [...losses.states].flatMap(([slot, state]): WeighedSlot[] =>
    rules.some((rule) => rule.slot === slot) ? [] : [{ slot, rule: null, state, found: null }],
  );
  const slots = [...ruled, ...unruled];
  const changed = ruled.flatMap(({ slot, state }) =>
    isSame(losses.states.get(slot), state) ? [] : [{ accountId: losses.accountId, slot, state }],
  );
  return { facts, slots, changed, lock: lockOf(slots, facts.atMs) };
}

/** The flatten time that has come and was not carried out, epoch ms; null: there is none, or nothing was open. */
export function flattenDueAt({ flatten, ladder }: LossView, atMs: number): number | null {
  if (flatten === null || ladder.holdings.length === 0) return null;
  const moment = lastReset(flatten.time, atMs);
  return moment > (flatten.doneMs ?? 0) ? moment : null;
}

function lockOf(slots: readonly WeighedSlot[], atMs: number): WeighedLosses["lock"] {
  const locks = slots.filter(({ state }) => isLocked(state, atMs));
  if (locks.length === 0) return null;
  return locks.some(({ state }) => state.breach?.action !== "reduce-only") ? "flatten" : "reduce-only";
}

/** Results leave payments out: see `PaidMoney`. */
function factsOf(view: LossView, prices: LossPrices): LossFacts {
  const { ladder, losses, booked } = view;
  const { paidIn, paidOut, scale } = losses;
  const balance = minorUnits(ladder.balance + ladder.heldElsewhere - paidIn + paidOut);
  const open = walked(ladder, prices.marks);
  const atMs = prices.at.getTime();
  const path = [...pathOf(open, view, prices), { atMs, result: resultOf(open) }];
  const equities = path.map((one) => ({ atMs: one.atMs, result: minorUnits(balance + one.result) }));
  return { paidIn, paidOut, scale, atMs, balance, equities, balanceAt: bookedResultAt(balance, booked) };
}

/** What the positions were worth at the prices that have not been weighed yet. */
function pathOf(open: readonly WalkedPosition[], view: LossView, prices: LossPrices): DatedResult[] {
  const start = startOf(view, prices);
  const { recent } = prices;
  if (open.length === 0 || start === null) return [];
  const [only] = open;
  if (only !== undefined && open.length === 1)
    return resultsAt(open, recent.turns(only.instrumentId, positionSide(only.position), start));
  const then = open.map((one) => {
    const known = recent.lastBefore(one.instrumentId, start);
    return known === null || (one.filledSeq !== null && known.seq < one.filledSeq) ? one : { ...one, mark: known };
  });
  return resultsAt(then, recent.since(start));
}

/** Positions that have a price; without one the result is unknown and does not count, as for the margin level. */
export const walked = ({ holdings }: LadderState, marks: Marks): (WalkedPosition & { readonly seq: bigint })[] =>
  holdings.flatMap((holding) => {
    const mark = markOf(holding, marks);
    if (mark === null || holding.position.lots === 0n) return [];
    const { instrumentId, position, terms, filledAt } = holding;
    return [
      { instrumentId, position, tickValue: terms.tickValue, mark, seq: mark.seq, filledSeq: filledAt?.seq ?? null },
    ];
  });

/**
 * From where on prices have not been weighed with these positions; null: they need not be. Since the last look alarms have kept watch,
 * but for a peak that follows the price, and since a fill of which nobody knew yet. Who has a state and is not known here was watched by
 * another process: what that one saw and had no time to act upon is seen again.
 */
function startOf({ ladder, losses, rules }: LossView, { recent, from }: LossPrices): number | null {
  const fills = ladder.holdings.flatMap(({ instrumentId, filledAt }) =>
    filledAt === null ? [] : [recent.placeAfter(instrumentId, filledAt.seq)],
  );
  const filled = Math.max(0, ...fills);
  if (from === null) return losses.states.size > 0 || filled > 0 ? filled : null;
  if (filled > from) return filled;
  return rules.some(({ rule }) => rule.trailing?.mode === "real-time") ? from : null;
}

function isSame(stored: LossState | undefined, now: LossState): boolean {
  if (stored === undefined) return false;
  const { breach } = stored;
  return (
    stored.since === now.since &&
    stored.balanceAtReset === now.balanceAtReset &&
    stored.equityAtReset === now.equityAtReset &&
    stored.peak === now.peak &&
    stored.start === now.start &&
    breach?.at === now.breach?.at &&
    breach?.endsAt === now.breach?.endsAt
  );
}
