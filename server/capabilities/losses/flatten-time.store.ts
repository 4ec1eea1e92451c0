import type { Knex } from "knex";
import { prepared } from "../../platform/db/prepared.ts";

/** An account whose flatten time has come and was not carried out yet. */
export interface FlattenDue {
  readonly accountId: string;
  readonly momentMs: number;
}

/** Up to which flatten time accounts were flattened, epoch ms; those that never were are left out. */
export async function loadFlattenMarks(db: Knex, accountIds: readonly string[]): Promise<ReadonlyMap<string, number>> {
  if (accountIds.length === 0) return new Map();
  const rows = await prepared<{ account_id: string; done_ms: number }>(
    db,
    "SELECT account_id, (extract(epoch FROM done_until) * 1000)::float8 AS done_ms FROM flatten_marks WHERE account_id = ANY (?::uuid[])",
    [[...accountIds]],
  );
  return new Map(rows.map((row) => [row.account_id, row.done_ms]));
}

/**
 * Instruments in which the accounts had a position at their flatten time and still have it, on the same side: what was opened or turned
 * since is not meant. One that the house has closed since is done.
 */
export async function loadCarried(
  db: Knex,
  due: readonly FlattenDue[],
): Promise<ReadonlyMap<string, ReadonlySet<string>>> {
  if (due.length === 0) return new Map();
  const rows = await prepared<{ account_id: string; instruments: string[] }>(
    db,
    `SELECT p.account_id, array_agg(p.instrument_id) AS instruments
     FROM unnest(?::uuid[], ?::float8[]) AS n (id, ms) JOIN positions p ON p.account_id = n.id AND p.lots <> 0
       CROSS JOIN LATERAL (
         SELECT coalesce(sum(CASE f.side WHEN 'buy' THEN f.lots ELSE -f.lots END), 0) AS since, coalesce(bool_or(o.origin = 'risk'), false) AS done
         FROM fills f JOIN orders o ON o.id = f.order_id
         WHERE f.account_id = p.account_id AND f.instrument_id = p.instrument_id AND f.filled_at >= to_timestamp(n.ms / 1000)) f
     WHERE sign(p.lots) = sign(p.lots - f.since) AND NOT f.done
     GROUP BY p.account_id`,
    [due.map(({ accountId }) => accountId), due.map(({ momentMs }) => momentMs)],
  );
  return new Map(rows.map((row) => [row.account_id, new Set(row.instruments)]));
}

/** Notes flatten times that were carried out. */
export async function writeFlattenMarks(db: Knex, done: readonly FlattenDue[]): Promise<void> {
  if (done.length === 0) return;
  await prepared(
    db,
    `INSERT INTO flatten_marks AS m (account_id, done_until) SELECT id, to_timestamp(ms / 1000) FROM unnest(?::uuid[], ?::float8[]) AS n (id, ms)
     ON CONFLICT (account_id) DO UPDATE SET done_until = greatest(m.done_until, excluded.done_until)`,
    [done.map(({ accountId }) => accountId), done.map(({ momentMs }) => momentMs)],
  );
}
