import { nextReset } from "#core/loss-period.ts";
import { flattenDueAt, type LossView, type WeighedLosses } from "./weigh-losses.ts";

/** What has to be written, or is still to be closed or cancelled under a lock. */
export function mustMove(view: LossView, { changed, lock, facts }: WeighedLosses): boolean {
  const { ladder } = view;
  if (changed.length > 0 || flattenDueAt(view, facts.atMs) !== null) return true;
  if (lock === null) return false;
  const opens = ladder.holdings.some(({ resting: { buy, sell } }) => buy + sell > 0n);
  return opens || (lock === "flatten" && ladder.holdings.some(({ position }) => position.lots !== 0n));
}

/** When an account must be looked at again whatever the price does: its next reset, its flatten time, or the end of a lock; epoch ms. */
export function nextLookOf({ rules, flatten }: LossView, { slots, facts }: WeighedLosses): number {
  const resets = rules.map(({ rule }) => nextReset(rule.reset, facts.atMs));
  if (flatten !== null) resets.push(nextReset(flatten.time, facts.atMs));
  const ends = slots.flatMap(({ state }) => state.breach?.endsAt ?? []);
  return Math.min(...resets, ...ends.filter((at) => at > facts.atMs), Number.MAX_SAFE_INTEGER);
}
