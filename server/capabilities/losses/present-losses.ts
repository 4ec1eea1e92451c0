import type { Knex } from "knex";
import { roomOf } from "#core/loss-checks.ts";
import { lossLimit } from "#core/loss-limit.ts";
import type { EffectiveLossRule } from "#core/loss-rule.ts";
import { sumOfStates } from "#core/loss-state.ts";
import { sumOfFacts } from "#core/loss-together.ts";
import { recentQuotes } from "#core/recent-quotes.ts";
import type { Marks } from "../margin/index.ts";
import type { RiskBook } from "../risk/index.ts";
import { loadViews, type Mates } from "./load-views.ts";
import { type WeighedAccount, weighLosses } from "./weigh-losses.ts";

/** How an account stands under a loss rule or a profit target, at the present price. Minor units. */
export interface PresentLoss {
  readonly rule: EffectiveLossRule;
  /** The most that may be lost, or is to be won. */
  readonly amount: bigint;
  /** What is lost of it, or won; negative: the opposite. */
  readonly used: bigint;
  /** It is reached now, or was and the breach stands. */
  readonly isBreached: boolean;
}

export interface LossPicture {
  readonly accountIds: readonly string[];
  /** Who counts as one with them: all of these are among `accountIds`. */
  readonly mates: Mates;
  readonly marks: Marks;
  readonly at: Date;
}

/** How accounts would stand if this table were in force: just as the watch would find them at its next look. Nothing is written. */
export async function presentLosses(
  db: Knex,
  { accountIds, mates, marks, at }: LossPicture,
  loadTable: (db: Knex, traderIds: readonly string[]) => Promise<Pick<RiskBook, "of">>,
): Promise<ReadonlyMap<string, readonly PresentLoss[]>> {
  const views = await loadViews(db, accountIds, mates, at.getTime(), loadTable);
  const groups = weighLosses(views, { marks, at, recent: recentQuotes(1), fromOf: () => null });
  return new Map(
    groups.flatMap((group) => group.map((one) => [one.view.losses.accountId, standingOf(one, group)] as const)),
  );
}

/** What is lost is counted with all that count as one with it. */
function standingOf({ weighed }: WeighedAccount, group: readonly WeighedAccount[]): PresentLoss[] {
  const facts = sumOfFacts(group.map((one) => one.weighed.facts));
  return weighed.slots.flatMap(({ slot, rule, state: own }): PresentLoss[] => {
    if (rule === null) return [];
    const states = group.flatMap((one) =>
      one.weighed.slots.flatMap((other) => (other.slot === slot ? other.state : [])),
    );
    const state = sumOfStates(states);
    const { amount } = lossLimit(slot, rule.rule, state, facts);
    const used = amount - roomOf(slot, rule.rule, state, facts);
    return [{ rule, amount, used, isBreached: own.breach !== null }];
  });
}
