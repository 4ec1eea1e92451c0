import type { Knex } from "knex";

/** One thing that is wrong with an account's statement. */
export interface StatementFault {
  readonly bookDate: string;
  readonly accountId: string;
  readonly says: string;
}

export interface VerifiedStatements {
  readonly statements: bigint;
  /** At most `faultsMax`. */
  readonly faults: readonly StatementFault[];
}

const faultsMax = 100;

/** Of a date: what is stored against journal and snapshot; and accounts that something moved on without a statement. */
const movementsSql = `SELECT coalesce(s.account_id, m.account_id) AS "accountId", concat_ws('; ',
    CASE WHEN s.id IS NULL THEN 'there is none, though something moved' END,
    CASE WHEN s.hash <> account_statement_hash(s) THEN 'it is not what its hash says' END,
    CASE WHEN s.id IS NOT NULL AND (s.moved_minor, s.movements, s.totals, s.movements_hash) IS DISTINCT FROM
      (coalesce(m.moved, 0), coalesce(m.movements, 0), coalesce(m.totals, '{}'), coalesce(m.movements_hash, sha256('')))
      THEN 'its movements are not those of the journal: ' || s.moved_minor || ' in ' || s.movements || ', the journal has '
        || coalesce(m.moved, 0) || ' in ' || coalesce(m.movements, 0) END,
    CASE WHEN s.id IS NOT NULL AND (s.closing_minor, s.held_minor) IS DISTINCT FROM (d.posted, d.held) THEN 'it does not close with the snapshot' END,
    CASE WHEN s.open_pnl_minor IS DISTINCT FROM o.total OR o.differ > 0 THEN 'its open profit is not that of its positions' END,
    CASE WHEN s.opening_minor <> b.posted THEN 'it does not open with the snapshot of the date before' END) AS says
  FROM (SELECT * FROM account_statements WHERE tenant_id = :tenantId AND book_date = :bookDate::date) s
    FULL JOIN account_movements(:tenantId, :bookDate::date) m ON m.account_id = s.account_id
    LEFT JOIN accounts a ON a.id = s.account_id
    LEFT JOIN balance_daily d ON d.tenant_id = :tenantId AND d.book_date = :bookDate::date AND d.ledger_account_id = a.ledger_account_id
    LEFT JOIN balance_daily b ON b.tenant_id = :tenantId AND b.ledger_account_id = a.ledger_account_id
      AND b.book_date = (SELECT max(book_date) FROM balance_daily WHERE tenant_id = :tenantId AND book_date < :bookDate::date)
    LEFT JOIN LATERAL (
      SELECT CASE WHEN count(pnl) = count(*) THEN coalesce(sum(pnl), 0)::bigint END AS total, count(*) FILTER (WHERE pnl IS DISTINCT FROM told) AS differ
      FROM (SELECT ((p ->> 'priceTicks')::bigint * (p ->> 'lots')::bigint - (p ->> 'costTicks')::bigint) * t.tick_value_minor AS pnl, (p ->> 'openPnl')::bigint AS told
        FROM jsonb_array_elements(s.positions) p LEFT JOIN instrument_terms t
          ON t.instrument_id = p ->> 'instrument' AND t.terms_version = (p ->> 'termsVersion')::int) e) o ON s.id IS NOT NULL`;

/**
 * Positions of all statements of a partner against a replay of all his fills and daily marks from the first on, and their prices against
 * the settlement marks they name. The statements were made the other way round, from what is open now.
 */
const positionsSql = `WITH event AS (
    SELECT f.account_id, f.instrument_id, book_date_of(f.filled_at) AS book_date,
      CASE f.side WHEN 'buy' THEN f.lots ELSE -f.lots END AS lots,
      f.price_ticks * CASE f.side WHEN 'buy' THEN f.lots ELSE -f.lots END + f.realized_pnl_minor / t.tick_value_minor AS cost
    FROM fills f JOIN instrument_terms t ON t.instrument_id = f.instrument_id AND t.terms_version = f.terms_version WHERE f.tenant_id = :tenantId
    UNION ALL
    SELECT m.account_id, s.instrument_id, book_date_of(m.marked_at), 0, m.amount_minor / t.tick_value_minor
    FROM position_marks m JOIN settlement_marks s ON s.id = m.mark_id JOIN accounts a ON a.id = m.account_id
      JOIN instrument_terms t ON t.instrument_id = s.instrument_id AND t.terms_version = s.terms_version WHERE a.tenant_id = :tenantId),
  day AS (SELECT account_id, instrument_id, book_date, sum(lots) AS lots, sum(cost) AS cost FROM event GROUP BY 1, 2, 3),
  stood AS (
    SELECT account_id, instrument_id, book_date AS since, sum(lots) OVER w AS lots, sum(cost) OVER w AS cost,
      lead(book_date, 1, 'infinity') OVER w AS until FROM day WINDOW w AS (PARTITION BY account_id, instrument_id ORDER BY book_date)),
  told AS (
    SELECT s.account_id, s.book_date, p ->> 'instrument' AS instrument_id, (p ->> 'lots')::bigint AS lots, (p ->> 'costTicks')::bigint AS cost,
      (p ->> 'markDate')::date AS mark_date, (p ->> 'priceTicks')::bigint AS price
    FROM account_statements s CROSS JOIN LATERAL jsonb_array_elements(s.positions) p WHERE s.tenant_id = :tenantId),
  expected AS (
    SELECT t.account_id, c.book_date, t.instrument_id, t.lots, t.cost FROM stood t
      JOIN (SELECT d.book_date FROM day_closes d JOIN day_close_steps n ON n.close_id = d.id
        WHERE d.tenant_id = :tenantId AND n.step = 'statements' AND n.state = 'done') c ON c.book_date >= t.since AND c.book_date < t.until
      WHERE t.lots <> 0)
  SELECT coalesce(t.book_date, e.book_date)::text AS "bookDate", coalesce(t.account_id, e.account_id) AS "accountId",
    coalesce(t.instrument_id, e.instrument_id) || CASE WHEN t.account_id IS NULL THEN ': the position that was open is not in it'
      WHEN e.account_id IS NULL THEN ': no such position was open' WHEN (t.lots, t.cost) <> (e.lots, e.cost)
      THEN ': ' || t.lots || ' lots that cost ' || t.cost || ', the fills make it ' || e.lots || ' that cost ' || e.cost
      ELSE ': its price is not that of the settlement mark' END AS says
  FROM told t FULL JOIN expected e ON (e.account_id, e.book_date, e.instrument_id) = (t.account_id, t.book_date, t.instrument_id)
    LEFT JOIN settlement_marks m ON m.instrument_id = t.instrument_id AND m.trade_date = t.mark_date
  WHERE t.account_id IS NULL OR e.account_id IS NULL OR (t.lots, t.cost) <> (e.lots, e.cost) OR m.price_ticks IS DISTINCT FROM t.price`;

/** Recomputes every statement from journal, snapshots, fills and settlement marks. Reads only. */
export async function verifyStatements(db: Knex): Promise<VerifiedStatements> {
  const faults: StatementFault[] = [];
  const { rows: dates } = await db.raw<{ rows: { tenantId: number; bookDate: string }[] }>(
    `SELECT c.tenant_id AS "tenantId", c.book_date::text AS "bookDate" FROM day_closes c JOIN day_close_steps n ON n.close_id = c.id
     WHERE n.step = 'statements' AND n.state = 'done' ORDER BY 1, 2`,
  );
  for (const { tenantId, bookDate } of dates) {
    const { rows } = await db.raw<{ rows: Omit<StatementFault, "bookDate">[] }>(
      `SELECT * FROM (${movementsSql}) f WHERE says <> '' ORDER BY 1 LIMIT ${faultsMax}`,
      { tenantId, bookDate },
    );
    faults.push(...rows.map((row) => ({ bookDate, ...row })));
  }
  for (const tenantId of new Set(dates.map((date) => date.tenantId))) {
    const { rows } = await db.raw<{ rows: StatementFault[] }>(
      `SELECT * FROM (${positionsSql}) f ORDER BY 1, 2 LIMIT ${faultsMax}`,
      { tenantId },
    );
    faults.push(...rows);
  }
  const { rows } = await db.raw<{ rows: { n: bigint }[] }>("SELECT count(*) AS n FROM account_statements");
  return { statements: rows[0]?.n ?? 0n, faults: faults.slice(0, faultsMax) };
}
