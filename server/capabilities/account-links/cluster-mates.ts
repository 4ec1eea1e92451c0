import type { Knex } from "knex";
import { prepared } from "../../platform/db/prepared.ts";

/**
 * Account -> the other accounts of the same person, of the same book and currency: those of all traders in his confirmed cluster. (A trader
 * himself has one account of a book and currency.) Accounts that have none are not in it. Call it inside the transaction that acts on the
 * answer: a cluster that was confirmed before is seen. The mates are in the order of their ids, as they are to be locked.
 */
export async function clusterMates(db: Knex, accountIds: readonly string[]): Promise<Map<string, readonly string[]>> {
  const rows = await prepared<{ id: string; mates: string[] }>(
    db,
    `SELECT a.id, array_agg(m.id ORDER BY m.id)::text[] AS mates
     FROM accounts a JOIN linked_traders mine ON mine.trader_id = a.trader_id
       JOIN linked_traders other ON other.cluster_id = mine.cluster_id AND other.trader_id <> mine.trader_id
       JOIN accounts m ON m.trader_id = other.trader_id AND m.book = a.book AND m.currency = a.currency
     WHERE a.id = ANY (?::uuid[]) GROUP BY a.id`,
    [[...new Set(accountIds)]],
  );
  return new Map(rows.map(({ id, mates }) => [id, mates]));
}
