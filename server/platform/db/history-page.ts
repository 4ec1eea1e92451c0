import type { Knex } from "knex";
import type { HistoryPage } from "#contracts/cashier-history-api.ts";

/** Where rows of an account's history are, and the column of the time by which they stand. */
interface History {
  readonly table: "deposits" | "withdrawals";
  readonly time: "created_at" | "requested_at";
}

/**
 * A page of what is the trader's own, newest first, below the row that `after` names; a row that is not of the account has nothing below it.
 * Compared with the stored time, whose microseconds a cursor of the wire would have lost.
 */
export async function readHistory<Row extends object>(
  db: Knex,
  { table, time }: History,
  { traderId, accountId, limit, after, states }: HistoryPage<string> & { readonly traderId: string },
): Promise<Row[]> {
  const query = db(table).select("*").where({ trader_id: traderId, account_id: accountId });
  if (states !== null) query.whereIn("state", [...states]);
  if (after !== null)
    query.whereRaw("(??, id) < (SELECT b.??, b.id FROM ?? b WHERE b.id = ?::uuid AND b.account_id = ?::uuid)", [
      ...[time, time, table, after, accountId],
    ]);
  const order = [time, "id"].map((column) => ({ column, order: "desc" as const }));
  return (await query.orderBy(order).limit(limit)) as Row[];
}
