import type { Knex } from "knex";

const errorCharsMax = 2_000;

/** Counts a failed try of an order to settle; returns how many there have been. */
export async function countFailedTry(db: Knex, orderId: string, error: unknown): Promise<number> {
  const said = error instanceof Error ? (error.stack ?? error.message) : String(error);
  const { rows } = await db.raw<{ rows: { tries: number }[] }>(
    `INSERT INTO failed_settlements AS f (order_id, last_error) VALUES (?, ?)
     ON CONFLICT (order_id) DO UPDATE
       SET tries = f.tries + 1, last_failed_at = clock_timestamp(), last_error = excluded.last_error
     RETURNING tries`,
    [orderId, said.slice(0, errorCharsMax)],
  );
  return rows[0]?.tries ?? 0;
}

/** The order that its account settles next, and the account; null when none of the account's orders is due. */
export async function nextDueBeside(db: Knex, orderId: string): Promise<{ id: string; account_id: string } | null> {
  const { rows } = await db.raw<{ rows: { id: string; account_id: string }[] }>(
    `SELECT o.id, o.account_id FROM orders o
     WHERE o.account_id = (SELECT account_id FROM orders WHERE id = ?) AND o.state IN ('accepted', 'working')
       AND o.due_seq IS NOT NULL
     ORDER BY o.due_seq LIMIT 1`,
    [orderId],
  );
  return rows[0] ?? null;
}
