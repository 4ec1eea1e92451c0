import type { LossAction, LossSlot } from "#contracts/loss-names.ts";
import { isBreached, type LossLimit, lossLimit, type PaidMoney } from "./loss-limit.ts";
import { lastReset, nextReset, resetsBetween } from "./loss-period.ts";
import type { LossRule } from "./loss-rule.ts";
import { assert } from "./result.ts";
import { type MinorUnits, minorUnits } from "./units.ts";

/** What an account's loss is counted from, for one slot. Money is results in minor units: see `PaidMoney`. */
export interface LossState {
  /** The reset, or the lifting, since when it counts; epoch ms. */
  readonly since: number;
  /** Booked at that moment. */
  readonly balanceAtReset: MinorUnits;
  /** With open positions, at the first look after it. */
  readonly equityAtReset: MinorUnits;
  /** The highest that a drawdown is counted from; it never falls. */
  readonly peak: MinorUnits;
  /** Where the account began: 0, or its result when a breach was lifted. */
  readonly start: MinorUnits;
  /** Stands until it ends, whatever the price does meanwhile; null: none. */
  readonly breach: StandingBreach | null;
}

export interface StandingBreach {
  readonly at: number;
  readonly action: LossAction;
  /** Epoch ms; null: when it is lifted. */
  readonly endsAt: number | null;
}

/** A result at the price of a moment. */
export interface DatedResult {
  readonly atMs: number;
  readonly result: MinorUnits;
}

/** How an account stands when it is looked at. */
export interface LossFacts extends PaidMoney {
  readonly atMs: number;
  /** Its booked result. */
  readonly balance: MinorUnits;
  /** Its results with open positions at every price since the last look, oldest first, the present one last; never empty. */
  readonly equities: readonly DatedResult[];
  /** The booked result as it was at an earlier moment. */
  readonly balanceAt: (atMs: number) => MinorUnits;
}

/** A breach that was found just now, with the figures it was found by. */
export interface FoundBreach extends LossLimit {
  /** The result that breached. */
  readonly result: MinorUnits;
  readonly breach: StandingBreach;
}

export interface Advanced {
  readonly state: LossState;
  readonly found: FoundBreach | null;
}

/** Resets that are made up for, when nobody looked for long: a year of days. Beyond, the oldest have no say. */
const resetsMax = 400;

/** One of the accounts that count as one: its state before, null at first, and how it stands now. */
export interface LossMember {
  readonly before: LossState | null;
  readonly facts: LossFacts;
}

/** Brings the state of an account that counts alone to the present: see `advanceTogether`. */
export function advanceLoss(slot: LossSlot, rule: LossRule, before: LossState | null, facts: LossFacts): Advanced {
  const [advanced] = advanceTogether(slot, rule, [{ before, facts }]);
  assert(advanced !== undefined, "one account has one state");
  return advanced;
}

/**
 * Brings states to the present: begins them, makes up for the resets since, ends breaches whose time is over, follows the peaks, and
 * finds a breach at any of the prices since the last look, also one that a later price took back. One that stands is found once.
 * Each account counts from what was its own; what they have lost since is one sum, and who of them had no breach yet gets this one. The
 * members' `equities` are of the same moments; `summedFrom`: the first of them at which all of them held what they hold now.
 */
export function advanceTogether(
  slot: LossSlot,
  rule: LossRule,
  members: readonly LossMember[],
  summedFrom = 0,
): readonly Advanced[] {
  // A price of before the reset or the lifting says nothing about what is counted since.
  if (members.some(({ before, facts }) => before !== null && facts.atMs < before.since))
    return members.map(({ before, facts }) => ({ state: before ?? begun(rule, facts), found: null }));
  const states = members.map((member) => presentState(rule, member));
  const counted = sumOfStates(states);
  const paid = sumOfPaid(members.map(({ facts }) => facts));
  const paths = pathsOf(rule, members);
  const walk = { states, paths, peaks: states.map(({ peak }) => peak), follows: rule.trailing?.mode === "real-time" };
  const isOpen = states.some(({ breach }) => breach === null);
  const last = (paths[0]?.length ?? 0) - 1;
  let peak: bigint = counted.peak;
  for (let place = 0; place <= last; place++) {
    const { atMs, result, rise } = stepTo(walk, place, place === last);
    peak += rise;
    // Prices of before the reset are not held against what is counted from it; the present one always counts.
    if (!isOpen || ((atMs < counted.since || place < summedFrom) && place < last)) continue;
    const limit = lossLimit(slot, rule, walk.follows ? { ...counted, peak: minorUnits(peak) } : counted, paid);
    if (!isBreached(slot, limit, result)) continue;
    const breach = { at: presentMs(members), action: rule.action, endsAt: endOf(rule, presentMs(members)) };
    return leftOf(walk).map((state) =>
      state.breach !== null
        ? { state, found: null }
        : { state: { ...state, breach }, found: { ...limit, result, breach } },
    );
  }
  return leftOf(walk).map((state) => ({ state, found: null }));
}

/** What accounts that count as one count from together. A breach stands where all of them have one. */
export function sumOfStates(states: readonly LossState[]): LossState {
  const [first, ...others] = states;
  assert(first !== undefined, "there is no account to count");
  return others.reduce(
    (sum, one) => ({
      since: Math.max(sum.since, one.since),
      balanceAtReset: minorUnits(sum.balanceAtReset + one.balanceAtReset),
      equityAtReset: minorUnits(sum.equityAtReset + one.equityAtReset),
      peak: minorUnits(sum.peak + one.peak),
      start: minorUnits(sum.start + one.start),
      breach: sum.breach === null ? null : one.breach,
    }),
    first,
  );
}

/** What was paid into and out of accounts of one currency. */
export function sumOfPaid(all: readonly PaidMoney[]): PaidMoney {
  const [first, ...others] = all;
  assert(first !== undefined, "there is no account to count");
  return others.reduce(
    ({ paidIn, paidOut, scale }, one) => ({
      paidIn: minorUnits(paidIn + one.paidIn),
      paidOut: minorUnits(paidOut + one.paidOut),
      scale,
    }),
    first,
  );
}

/** Ends a breach by hand: counting begins anew with what is there now, else it would be breached again at once. */
export function liftLoss(state: LossState, rule: LossRule, facts: Omit<LossFacts, "balanceAt">): LossState {
  const measured = measuredOf(rule, facts);
  return {
    since: facts.atMs,
    // What is lost in positions that are still open was lost before.
    balanceAtReset: measured < facts.balance ? measured : facts.balance,
    equityAtReset: presentOf(facts),
    peak: measured,
    start: state.start < measured ? state.start : measured,
    breach: null,
  };
}

/** Whether a breach stands at a moment that lets nothing be opened. */
export const isLocked = (state: Pick<LossState, "breach"> | null, atMs: number): boolean =>
  state !== null && state.breach !== null && state.breach.action !== "alert" && !isOver(state.breach, atMs);

/** The result that a rule tests, at the present price. */
export const measuredOf = ({ measure }: LossRule, facts: Pick<LossFacts, "balance" | "equities">): MinorUnits =>
  measure === "equity" ? presentOf(facts) : facts.balance;

const presentOf = ({ equities }: Pick<LossFacts, "equities">): MinorUnits => equities.at(-1)?.result ?? minorUnits(0n);

/** The accounts on their way through the prices since the last look. */
interface Walk {
  readonly states: readonly LossState[];
  /** Of each account the results at the same moments, oldest first. */
  readonly paths: readonly (readonly DatedResult[])[];
  /** As high as they came. */
  readonly peaks: MinorUnits[];
  readonly follows: boolean;
}

/** The sum of the results at a moment, and how much it lifts the sum of the peaks. */
function stepTo({ states, paths, peaks, follows }: Walk, place: number, isLast: boolean) {
  let [atMs, sum, rise] = [0, 0n, 0n];
  for (let account = 0; account < paths.length; account++) {
    const [moment, state, peak] = [paths[account]?.[place], states[account], peaks[account]];
    if (moment === undefined || state === undefined || peak === undefined) continue;
    atMs = moment.atMs;
    sum += moment.result;
    if (!follows || moment.result <= peak || (atMs < state.since && !isLast)) continue;
    rise += moment.result - peak;
    peaks[account] = moment.result;
  }
  return { atMs, rise, result: minorUnits(sum) };
}

const leftOf = ({ states, peaks }: Walk): LossState[] =>
  states.map((state, account) => ({ ...state, peak: peaks[account] ?? state.peak }));

function pathsOf(rule: LossRule, members: readonly LossMember[]): Walk["paths"] {
  const paths = members.map(({ facts }) =>
    rule.measure === "equity" ? facts.equities : [{ atMs: facts.atMs, result: facts.balance }],
  );
  const length = paths[0]?.length;
  assert(
    paths.every((path) => path.length === length),
    "accounts that count as one have results of other moments",
  );
  return paths;
}

function presentState(rule: LossRule, { before, facts }: LossMember): LossState {
  const reset = before === null ? begun(rule, facts) : withResets(rule, before, facts);
  const isEnded = reset.breach !== null && isOver(reset.breach, facts.atMs);
  return isEnded ? { ...reset, breach: null } : reset;
}

const presentMs = ([first]: readonly LossMember[]): number => first?.facts.atMs ?? 0;

const isOver = ({ endsAt }: StandingBreach, atMs: number): boolean => endsAt !== null && endsAt <= atMs;

/** A new state has no past but what is booked: the balance at the last reset. */
function begun(rule: LossRule, { atMs, balanceAt }: LossFacts): LossState {
  const since = lastReset(rule.reset, atMs);
  const balance = balanceAt(since);
  return {
    ...{ since, balanceAtReset: balance, equityAtReset: balance, peak: balance },
    ...{ start: minorUnits(0n), breach: null },
  };
}

function withResets(rule: LossRule, state: LossState, facts: LossFacts): LossState {
  const resets = resetsBetween(rule.reset, state.since, facts.atMs, resetsMax);
  const last = resets.at(-1);
  if (last === undefined) return state;
  const equity = presentOf(facts);
  const balance = facts.balanceAt(last);
  const moved = { ...state, since: last, balanceAtReset: balance, equityAtReset: equity };
  if (rule.trailing?.mode !== "end-of-day") return moved;
  const balances = rule.base === "equity-at-reset" ? [] : resets.map(facts.balanceAt);
  const equities = rule.base === "balance-at-reset" ? [] : [equity];
  return { ...moved, peak: [state.peak, ...balances, ...equities].reduce((a, b) => (a > b ? a : b)) };
}

/** A drawdown is not reset: who may only reduce may do so until it is lifted. */
function endOf({ action, reset, trailing }: LossRule, atMs: number): number | null {
  if (action === "flatten-until-lifted" || (action === "reduce-only" && trailing !== null)) return null;
  return nextReset(reset, atMs);
}
