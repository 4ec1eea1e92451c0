import type { Knex } from "knex";
import type { CommissionDay } from "./fill-facts.store.ts";

export interface DayCommissions {
  /** Fills that have their waterfall. */
  readonly fills: bigint;
  readonly payouts: bigint;
  /** Of the payouts, those stopped by hand. */
  readonly held: bigint;
}

/** What has been computed of a book date. */
export async function commissionsOfDay(db: Knex, { tenantId, bookDate }: CommissionDay): Promise<DayCommissions> {
  const { rows } = await db.raw<{ rows: DayCommissions[] }>(
    `SELECT (SELECT count(*) FROM commission_fills WHERE tenant_id = :tenantId AND book_date = :bookDate::date) AS fills,
       count(*) AS payouts, count(*) FILTER (WHERE state = 'held') AS held
     FROM commission_payouts WHERE tenant_id = :tenantId AND book_date = :bookDate::date`,
    { tenantId, bookDate },
  );
  return rows[0] ?? { fills: 0n, payouts: 0n, held: 0n };
}

/**
 * Whether a date's payouts may be posted: the business day after it is the running one and its cut-off is reached, five hours before it
 * ends (12:00 Chicago by default), or it is over. By the database's clock.
 */
export async function isPayoutTime(db: Knex, bookDate: string): Promise<boolean> {
  const { rows } = await db.raw<{ rows: { reached: boolean }[] }>(
    "SELECT book_date_of(clock_timestamp() + interval '5 hours') > next_book_date(?::date) AS reached",
    [bookDate],
  );
  return rows[0]?.reached === true;
}

/** When that is, at the earliest. */
export async function payoutTime(db: Knex, bookDate: string): Promise<Date> {
  const { rows } = await db.raw<{ rows: { at: Date }[] }>(
    "SELECT (next_book_date(?::date) + time '12:00') AT TIME ZONE 'America/Chicago' AS at",
    [bookDate],
  );
  if (rows[0] === undefined) throw new Error(`no cut-off of ${bookDate}`);
  return rows[0].at;
}

/** Dates up to this one with payouts that are computed through and neither held nor paid, oldest first. */
export async function payableDates(
  db: Knex,
  { tenantId, bookDate }: CommissionDay,
): Promise<readonly { readonly bookDate: string; readonly payouts: bigint }[]> {
  const { rows } = await db.raw<{ rows: { bookDate: string; payouts: bigint }[] }>(
    `SELECT to_char(p.book_date, 'YYYY-MM-DD') AS "bookDate", count(*) AS payouts
     FROM commission_payouts p JOIN commission_days d USING (tenant_id, book_date)
     WHERE p.tenant_id = ? AND p.book_date <= ?::date AND p.state IN ('pending', 'payable') AND d.computed_at IS NOT NULL
     GROUP BY p.book_date ORDER BY p.book_date`,
    [tenantId, bookDate],
  );
  return rows;
}
