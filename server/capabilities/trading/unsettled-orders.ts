import type { Knex } from "knex";

export interface UnsettledPorts {
  readonly readDb: Knex;
}

/** Most orders reported at once; the next round finds the rest. */
const unsettledMax = 5_000;

/**
 * Due orders that have waited longer than `olderThanMs` by the database's clock, oldest first. For the reconciler, which
 * puts them into the queue again whatever the queue says about them.
 */
export const unsettledOrders =
  (ports: UnsettledPorts) =>
  async (olderThanMs: number): Promise<readonly string[]> => {
    const { rows } = await ports.readDb.raw<{ rows: { id: string }[] }>(
      `SELECT id FROM orders
       WHERE state IN ('accepted', 'working') AND due_seq IS NOT NULL AND due_at < clock_timestamp() - make_interval(secs => ?)
       ORDER BY due_seq LIMIT ?`,
      [olderThanMs / 1000, unsettledMax],
    );
    return rows.map((row) => row.id);
  };

/** How many orders are due for settlement now, counted up to `limit`. */
export async function countDue({ readDb }: UnsettledPorts, limit: number): Promise<number> {
  const { rows } = await readDb.raw<{ rows: { due: number }[] }>(
    `SELECT count(*)::int AS due FROM (
       SELECT FROM orders WHERE state IN ('accepted', 'working') AND due_seq IS NOT NULL LIMIT ?) AS counted`,
    [limit],
  );
  return rows[0]?.due ?? 0;
}
