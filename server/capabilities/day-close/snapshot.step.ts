import type { Knex } from "knex";
import type { CloseStep, ClosingDate, Figures } from "./step.ts";

const lookMs = 50;
const looksMax = 200;

/**
 * Balances at the end of the date: those of the date before plus the date's entries. First it waits until every transaction has
 * ended that may have written into the date before it was closed: a writer takes its transaction id before its own look at
 * `closed_books`, so one that missed the close has an id below those given out now. Nobody is locked out meanwhile.
 */
export const snapshot: CloseStep = {
  name: "snapshot",
  prepare: async ({ db }) =>
    (await writersHaveEnded(db))
      ? { outcome: "ready", figures: {} }
      : { outcome: "waits", for: "writers", until: null },
  act: async ({ db }, { tenantId, bookDate }) => {
    await db.raw("SET LOCAL statement_timeout = '10min'");
    const { rows } = await db.raw<{ rows: { account_count: bigint; transfer_count: bigint; digest: string }[] }>(
      "SELECT * FROM snapshot_balances(?, ?)",
      [tenantId, bookDate],
    );
    const [row] = rows;
    if (row === undefined) throw new Error("the snapshot says nothing");
    return { accounts: row.account_count.toString(), transfers: row.transfer_count.toString(), digest: row.digest };
  },
  foresee: async (db, date) => foreseen(db, date),
};

async function foreseen(db: Knex, { tenantId, bookDate }: ClosingDate): Promise<Figures> {
  const { rows } = await db.raw<{ rows: { accounts: bigint; transfers: bigint }[] }>(
    `WITH before AS (SELECT coalesce(max(book_date), '-infinity') AS date FROM balance_daily WHERE tenant_id = ? AND book_date < ?::date)
     SELECT (SELECT count(*) FROM ledger_accounts a WHERE a.tenant_id = ? AND (book_date_of(a.created_at) <= ?::date
           OR EXISTS (SELECT FROM balance_daily d, before WHERE d.tenant_id = a.tenant_id AND d.book_date = before.date AND d.ledger_account_id = a.id)
           OR EXISTS (SELECT FROM entries e WHERE e.ledger_account_id = a.id AND e.book_date <= ?::date))) AS accounts,
       (SELECT count(*) FROM transfers t, before WHERE t.tenant_id = ? AND t.book_date > before.date AND t.book_date <= ?::date) AS transfers`,
    [tenantId, bookDate, tenantId, bookDate, bookDate, tenantId, bookDate],
  );
  return { accounts: `${rows[0]?.accounts ?? 0n}`, transfers: `${rows[0]?.transfers ?? 0n}` };
}

async function writersHaveEnded(db: Knex): Promise<boolean> {
  const { rows } = await db.raw<{ rows: { next: string }[] }>(
    "SELECT pg_snapshot_xmax(pg_current_snapshot())::text AS next",
  );
  for (let look = 0; look < looksMax; look++) {
    const ended = await db.raw<{ rows: { ended: boolean }[] }>(
      "SELECT pg_snapshot_xmin(pg_current_snapshot()) >= ?::xid8 AS ended",
      [rows[0]?.next ?? ""],
    );
    if (ended.rows[0]?.ended === true) return true;
    await new Promise((resolve) => setTimeout(resolve, lookMs));
  }
  return false;
}
