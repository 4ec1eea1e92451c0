import type { Knex } from "knex";

/** Fewer parts cost less to read than to put together. */
const partsMost = 200;

/**
 * Puts the parts of what all traders hold together, one for each book, partner and instrument. In one statement, so whoever reads the sums sees
 * the parts or what they came to; parts of transactions that are under way stay as they are.
 */
export async function foldOpenLots(db: Knex): Promise<void> {
  await db.raw(
    `WITH gone AS (
       DELETE FROM open_lots WHERE (SELECT count(*) FROM open_lots) > ? RETURNING book, tenant_id, instrument_id, long, short)
     INSERT INTO open_lots (book, tenant_id, instrument_id, long, short)
     SELECT book, tenant_id, instrument_id, sum(long), sum(short) FROM gone GROUP BY 1, 2, 3 HAVING sum(long) <> 0 OR sum(short) <> 0`,
    [partsMost],
  );
}
