import type { LossSlot } from "#contracts/loss-names.ts";
import { lastReset } from "#core/loss-period.ts";
import type { EffectiveLossRule, LossReset } from "#core/loss-rule.ts";
import {
  type Advanced,
  advanceTogether,
  type FoundBreach,
  isLocked,
  type LossFacts,
  type LossState,
} from "#core/loss-state.ts";
import { positionSide } from "#core/position.ts";
import { type DatedResults, type RecentQuotes, resultOf, resultsAt, type WalkedPosition } from "#core/recent-quotes.ts";
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
  /** The accounts that count as one with it, itself not among them. */
  readonly mates: readonly string[];
  /** Its last fill, where others count as one with it: what it had booked before was less or more. Null: it has none. */
  readonly lastFill: { readonly instrumentId: string; readonly seq: bigint } | null;
}

/** The prices it is weighed by. */
export interface LossPrices {
  readonly marks: Marks;
  readonly recent: Pick<RecentQuotes, "since" | "turns" | "place" | "placeAfter" | "lastBefore">;
  /** Up to where in the stream an account was looked at before; null: it was not, by this process. */
  readonly fromOf: (accountId: string) => number | null;
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

/** An account as it was weighed. */
export interface WeighedAccount {
  readonly view: LossView;
  readonly weighed: WeighedLosses;
}

/** Brings all slots of accounts to the present, by every price since they were looked at before; those that count as one beside each other. */
export function weighLosses(
  views: ReadonlyMap<string, LossView>,
  prices: LossPrices,
): readonly (readonly WeighedAccount[])[] {
  const groups: LossView[][] = [];
  const seen = new Set<string>();
  for (const [id, view] of views) {
    if (seen.has(id)) continue;
    const group = [view, ...view.mates.flatMap((mate) => views.get(mate) ?? [])];
    for (const { losses } of group) seen.add(losses.accountId);
    groups.push(group);
  }
  return groups.map((group) => weighGroup(group, prices));
}

function weighGroup(group: readonly LossView[], prices: LossPrices): readonly WeighedAccount[] {
  const { facts, summedFrom } = factsOf(group, prices);
  const advanced = (group[0]?.rules ?? []).map(({ slot, rule }) =>
    advanceTogether(
      slot,
      rule,
      group.flatMap(({ losses }, place) => {
        const own = facts[place];
        return own === undefined ? [] : [{ before: losses.states.get(slot) ?? null, facts: own }];
      }),
      summedFrom,
    ),
  );
  return group.flatMap((view, place) => {
    const own = facts[place];
    return own === undefined
      ? []
      : [
          {
            view,
            weighed: weighedOf(
              view,
              own,
              advanced.map((states) => states[place]),
            ),
          },
        ];
  });
}

function weighedOf(
  { losses, rules }: LossView,
  facts: LossFacts,
  advanced: readonly (Advanced | undefined)[],
): WeighedLosses {
  const ruled = rules.flatMap((rule, place): WeighedSlot[] => {
    const step = advanced[place];
    return step === undefined ? [] : [{ slot: rule.slot, rule, ...step }];
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

/** Results leave payments out: see `PaidMoney`. Those of one group are of the same moments; see `advanceTogether`. */
function factsOf(
  group: readonly LossView[],
  prices: LossPrices,
): { readonly facts: readonly LossFacts[]; readonly summedFrom: number } {
  const open = group.map(({ ladder }) => walked(ladder, prices.marks));
  const atMs = prices.at.getTime();
  const { path, summedFrom } = pathOf(group, open, prices);
  const results = open.map(resultOf);
  const facts = group.map(({ ladder, losses, booked }, place) => {
    const { paidIn, paidOut, scale } = losses;
    const balance = minorUnits(ladder.balance + ladder.heldElsewhere - paidIn + paidOut);
    const equities = [...path, { atMs, results }].map((one) => ({
      atMs: one.atMs,
      result: minorUnits(balance + (one.results[place] ?? 0n)),
    }));
    return { paidIn, paidOut, scale, atMs, balance, equities, balanceAt: bookedResultAt(balance, booked) };
  });
  return { facts, summedFrom };
}

interface Path {
  readonly path: readonly DatedResults[];
  readonly summedFrom: number;
}

/** What the positions were worth at the prices that have not been weighed yet. */
function pathOf(group: readonly LossView[], open: readonly (readonly WalkedPosition[])[], prices: LossPrices): Path {
  const starts = group.flatMap((view, place) => (open[place]?.length === 0 ? [] : (startOf(view, prices) ?? [])));
  const { recent } = prices;
  const [only, ...others] = open.flat();
  if (only === undefined || starts.length === 0) return { path: [], summedFrom: 0 };
  const start = Math.min(...starts);
  if (group.length === 1 && others.length === 0) {
    const turns = recent.turns(only.instrumentId, positionSide(only.position), start);
    return { path: resultsAt(open, turns), summedFrom: 0 };
  }
  const then = open.map((positions) =>
    positions.map((one) => {
      const known = recent.lastBefore(one.instrumentId, start);
      return known === null || (one.filledSeq !== null && known.seq < one.filledSeq) ? one : { ...one, mark: known };
    }),
  );
  const quotes = recent.since(start);
  const path = resultsAt(then, quotes);
  const fills = group.flatMap(({ lastFill }) =>
    lastFill === null ? [] : [recent.placeAfter(lastFill.instrumentId, lastFill.seq)],
  );
  // Before the last fill of one of them, what they have booked by now was not theirs yet.
  const known = Math.max(0, ...fills) - (recent.place() - quotes.length);
  const summed = path.findIndex(({ quote }) => quote >= known);
  return { path, summedFrom: summed === -1 ? path.length : summed };
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
function startOf({ ladder, losses, rules }: LossView, { recent, fromOf }: LossPrices): number | null {
  const from = fromOf(losses.accountId);
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
