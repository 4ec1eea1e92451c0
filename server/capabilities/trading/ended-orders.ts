import type { Knex } from "knex";

/** Orders that ended in a span of the database's time, `until` inclusive. */
export interface EndedOrders {
  readonly orders: readonly { readonly id: string; readonly accountId: string }[];
  /** Where the next span begins. */
  readonly until: string;
}

/** At most so many a call; the next call goes on after them. */
const endedMax = 20_000;

/**
 * The orders that ended after `since` (null: none yet, only the place to begin) and at least `delayMs` ago by the database's
 * clock: a transaction is seen some time after the moment that it wrote down.
 */
export const endedOrders =
  (ports: { readonly readDb: Knex }) =>
  async (since: string | null, delayMs: number): Promise<EndedOrders> => {
    const { rows: times } = await ports.readDb.raw<{ rows: { until: string }[] }>(
      "SELECT (clock_timestamp() - make_interval(secs => ?))::text AS until",
      [delayMs / 1000],
    );
    const until = times[0]?.until ?? "";
    if (since === null) return { orders: [], until };
    const { rows } = await ports.readDb.raw<{ rows: { id: string; account_id: string; done_at: string }[] }>(
      `SELECT id, account_id, done_at::text FROM orders WHERE done_at > ?::timestamptz AND done_at <= ?::timestamptz
       ORDER BY done_at LIMIT ?`,
      [since, until, endedMax],
    );
    const isAll = rows.length < endedMax;
    return {
      orders: rows.map((row) => ({ id: row.id, accountId: row.account_id })),
      until: isAll ? until : (rows.at(-1)?.done_at ?? until),
    };
  };
