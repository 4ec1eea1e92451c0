import type { Knex } from "knex";
import type { EffectiveLossRule } from "#core/loss-rule.ts";
import { lossRulesIn } from "#core/loss-settings.ts";
import { rulesTogether } from "#core/loss-together.ts";
import { minorUnits } from "#core/units.ts";
import { prepared } from "../../platform/db/prepared.ts";
import { type LadderState, loadLadder } from "../margin/index.ts";
import { type AccountLosses, loadBooked, loadLossStates, loadRiskTable, type RiskBook } from "../risk/index.ts";
import { loadFlattenMarks } from "./flatten-time.store.ts";
import type { LossView } from "./weigh-losses.ts";

/** Accounts that count as one with one, itself not among them; absent: it counts alone. */
export type Mates = ReadonlyMap<string, readonly string[]>;

/**
 * How the accounts stand that have a rule or a flatten time in force, or a state of one they had, and those that count as one with them:
 * `accountIds` names all of these. In a transaction that holds their locks it is the truth, else what says whom to look at.
 */
export async function loadViews(
  db: Knex,
  accountIds: readonly string[],
  mates: Mates,
  atMs: number,
  loadTable: (db: Knex, traderIds: readonly string[]) => Promise<Pick<RiskBook, "of">> = loadRiskTable,
): Promise<Map<string, LossView>> {
  const losses = await loadLossStates(db, accountIds);
  const table = await loadTable(
    db,
    [...losses.values()].map(({ traderId }) => traderId),
  );
  const ownRules = new Map([...losses].map(([id, { traderId }]) => [id, lossRulesIn(table.of(traderId, null))]));
  const flattenTimes = new Map(
    [...losses].flatMap(([id, { traderId }]) => {
      const time = table.of(traderId, null).flattenTime?.value;
      return time === undefined ? [] : [[id, { ...time, weekday: null }] as const];
    }),
  );
  const isWatched = (id: string): boolean =>
    (losses.get(id)?.states.size ?? 0) > 0 || (ownRules.get(id)?.length ?? 0) > 0 || flattenTimes.has(id);
  const watched = [...losses.keys()].filter((id) => [id, ...(mates.get(id) ?? [])].some(isWatched));
  if (watched.length === 0) return new Map();
  const [ladders, flattened, fills] = await Promise.all([
    loadLadder(db, watched),
    loadFlattenMarks(db, [...flattenTimes.keys()]),
    loadLastFills(
      db,
      watched.filter((id) => mates.has(id)),
    ),
  ]);
  const rules = rulesOf(ladders, losses, ownRules, mates);
  const booked = await loadBooked(
    db,
    watched.flatMap((id) => losses.get(id) ?? []),
    rules,
    atMs,
  );
  return new Map(
    ladders.flatMap((ladder): [string, LossView][] => {
      const { accountId } = ladder;
      const own = losses.get(accountId);
      if (own === undefined) return [];
      const flattenTime = flattenTimes.get(accountId) ?? null;
      const flatten = flattenTime === null ? null : { time: flattenTime, doneMs: flattened.get(accountId) ?? null };
      const together = { mates: mates.get(accountId) ?? [], lastFill: fills.get(accountId) ?? null };
      const known = { ladder, losses: own, flatten, ...together };
      return [[accountId, { ...known, rules: rules.get(accountId) ?? [], booked: booked.get(accountId) ?? [] }]];
    }),
  );
}

/** The rules in force; those who count as one are under the strictest of theirs. */
function rulesOf(
  ladders: readonly LadderState[],
  losses: ReadonlyMap<string, AccountLosses>,
  own: ReadonlyMap<string, readonly EffectiveLossRule[]>,
  mates: Mates,
): Map<string, readonly EffectiveLossRule[]> {
  const accounts = new Map(
    ladders.flatMap(({ accountId, balance, heldElsewhere }) => {
      const paid = losses.get(accountId);
      if (paid === undefined) return [];
      const { states, paidIn, paidOut } = paid;
      const result = minorUnits(balance + heldElsewhere - paidIn + paidOut);
      return [[accountId, { rules: own.get(accountId) ?? [], states, paid, balance: result }] as const];
    }),
  );
  return new Map(
    [...accounts].map(([id, account]) => {
      const together = [id, ...(mates.get(id) ?? [])].sort().flatMap((one) => accounts.get(one) ?? []);
      return [id, rulesTogether(together)(account)];
    }),
  );
}

/** The last fill of each of these accounts, in whatever instrument. */
async function loadLastFills(
  db: Knex,
  accountIds: readonly string[],
): Promise<ReadonlyMap<string, NonNullable<LossView["lastFill"]>>> {
  if (accountIds.length === 0) return new Map();
  const rows = await prepared<{ id: string; instrument_id: string; quote_seq: bigint }>(
    db,
    `SELECT n.id, f.instrument_id, f.quote_seq FROM unnest(?::uuid[]) AS n (id)
     CROSS JOIN LATERAL (SELECT f.instrument_id, f.quote_seq FROM fills f WHERE f.account_id = n.id ORDER BY f.id DESC LIMIT 1) f`,
    [[...accountIds]],
  );
  return new Map(rows.map((row) => [row.id, { instrumentId: row.instrument_id, seq: row.quote_seq }]));
}
