import type { Knex } from "knex";
import { lossRulesIn } from "#core/loss-settings.ts";
import { loadLadder } from "../margin/index.ts";
import { loadBooked, loadLossStates, loadRiskTable } from "../risk/index.ts";
import { loadFlattenMarks } from "./flatten-time.store.ts";
import type { LossView } from "./weigh-losses.ts";

/**
 * How the accounts stand that have a rule or a flatten time in force, or a state of one they had. In a transaction that holds their locks it is the truth,
 * else what says whom to look at.
 */
export async function loadViews(db: Knex, accountIds: readonly string[], atMs: number): Promise<Map<string, LossView>> {
  const losses = await loadLossStates(db, accountIds);
  const table = await loadRiskTable(
    db,
    [...losses.values()].map(({ traderId }) => traderId),
  );
  const rules = new Map([...losses].map(([id, { traderId }]) => [id, lossRulesIn(table.of(traderId, null))]));
  const flattenTimes = new Map(
    [...losses].flatMap(([id, { traderId }]) => {
      const time = table.of(traderId, null).flattenTime?.value;
      return time === undefined ? [] : [[id, { ...time, weekday: null }] as const];
    }),
  );
  const watched = [...losses.values()].filter(
    ({ accountId, states }) =>
      states.size > 0 || (rules.get(accountId)?.length ?? 0) > 0 || flattenTimes.has(accountId),
  );
  if (watched.length === 0) return new Map();
  const ids = watched.map(({ accountId }) => accountId);
  const [ladders, booked, flattened] = await Promise.all([
    loadLadder(db, ids),
    loadBooked(db, watched, rules, atMs),
    loadFlattenMarks(db, [...flattenTimes.keys()]),
  ]);
  return new Map(
    ladders.flatMap((ladder): [string, LossView][] => {
      const { accountId } = ladder;
      const own = losses.get(accountId);
      if (own === undefined) return [];
      const flattenTime = flattenTimes.get(accountId) ?? null;
      const flatten = flattenTime === null ? null : { time: flattenTime, doneMs: flattened.get(accountId) ?? null };
      const known = { ladder, losses: own, flatten };
      return [[accountId, { ...known, rules: rules.get(accountId) ?? [], booked: booked.get(accountId) ?? [] }]];
    }),
  );
}
