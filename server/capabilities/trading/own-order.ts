import type { Knex } from "knex";
import type { TraderIdentity } from "#contracts/identity.ts";
import type { OrderAnswer } from "#contracts/trading-api.ts";
import { ok, type Result, refuse } from "#core/result.ts";
import type { Actor } from "../../platform/db/unit-of-work.ts";
import { notWorking, unknownOrder } from "./answers.ts";
import { type OrderRow, orderColumns } from "./orders.store.ts";

/** An order's row with what only its own trader's commands need of it. */
export interface OwnOrderRow extends OrderRow {
  due_seq: bigint | null;
  stop_quote_seq: bigint | null;
}

export const traderActor = (trader: TraderIdentity): Actor => ({
  kind: "trader",
  id: trader.traderId,
  name: trader.name,
  role: null,
  tenantId: trader.tenantId,
  ip: null,
  traceId: null,
});

/** The account of a trader's own order; null when he has none with this id. */
export async function accountOfOrder(db: Knex, trader: TraderIdentity, orderId: string): Promise<string | null> {
  const { rows } = await db.raw<{ rows: { account_id: string }[] }>(
    "SELECT account_id FROM orders WHERE id = ? AND trader_id = ?",
    [orderId, trader.traderId],
  );
  return rows[0]?.account_id ?? null;
}

/** A trader's own order that still waits for its price, read under its account's lock; refused when it does not. */
export async function ownWorkingOrder(
  db: Knex,
  trader: TraderIdentity,
  orderId: string,
): Promise<Result<OwnOrderRow, OrderAnswer>> {
  const { rows } = await db.raw<{ rows: OwnOrderRow[] }>(
    `SELECT ${orderColumns}, o.due_seq, o.stop_quote_seq FROM orders o WHERE o.id = ? AND o.trader_id = ?`,
    [orderId, trader.traderId],
  );
  const [row] = rows;
  if (row === undefined) return refuse(unknownOrder());
  if (row.state !== "working" || row.due_seq !== null) return refuse(notWorking(row.state));
  return ok(row);
}
