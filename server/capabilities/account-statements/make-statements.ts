import type { Knex } from "knex";

/** A partner's closed book date (YYYY-MM-DD) whose snapshot is taken. */
export interface StatementDay {
  readonly tenantId: number;
  readonly bookDate: string;
}

/**
 * Makes the statement of every account that something moved on or that had a position open when the date ended; those there already
 * stay. All of it within the caller's transaction. Returns how many the date has.
 */
export async function makeStatements(db: Knex, { tenantId, bookDate }: StatementDay): Promise<bigint> {
  await db.raw("SET LOCAL statement_timeout = '10min'");
  const { rows } = await db.raw<{ rows: { made: bigint }[] }>("SELECT make_account_statements(?, ?::date) AS made", [
    tenantId,
    bookDate,
  ]);
  return rows[0]?.made ?? 0n;
}

/** How many there would be now. */
export async function foreseeStatements(db: Knex, { tenantId, bookDate }: StatementDay): Promise<bigint> {
  const { rows } = await db.raw<{ rows: { accounts: bigint }[] }>(
    `SELECT count(*) AS accounts FROM (SELECT account_id FROM account_movements(:tenantId, :bookDate::date)
       UNION SELECT account_id FROM positions_at_end(:tenantId, :bookDate::date)) s`,
    { tenantId, bookDate },
  );
  return rows[0]?.accounts ?? 0n;
}

/** Whether every instrument with a position open when the date ended has its settlement mark of that date. */
export async function isPricedThrough(db: Knex, { tenantId, bookDate }: StatementDay): Promise<boolean> {
  const { rows } = await db.raw<{ rows: { missing: boolean }[] }>(
    `SELECT EXISTS (SELECT FROM (SELECT DISTINCT instrument_id FROM positions_at_end(:tenantId, :bookDate::date)) p
       WHERE NOT EXISTS (SELECT FROM settlement_marks m WHERE m.instrument_id = p.instrument_id AND m.trade_date >= :bookDate::date)) AS missing`,
    { tenantId, bookDate },
  );
  return rows[0]?.missing === false;
}
