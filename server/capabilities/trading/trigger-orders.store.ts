import type { Knex } from "knex";
import type { Side } from "#contracts/names.ts";
import { assert } from "#core/result.ts";
import type { TriggerTerms } from "#core/trigger.ts";
import { ticks } from "#core/units.ts";

/** An order that waits for its trigger, as the engine keeps it in memory. */
export interface WaitingOrder extends TriggerTerms {
  readonly id: string;
  readonly accountId: string;
  readonly instrumentId: string;
  readonly reduceOnly: boolean;
  /** `orders.seq`: the older order comes first where two are met at once. */
  readonly seq: bigint;
  /** Differs after each change of the waiting order (`orders.waiting_xid`). */
  readonly version: string;
}

/** How an order stands now; `order` is null when it waits no longer. */
export interface OrderNews {
  readonly id: string;
  readonly order: WaitingOrder | null;
}

interface Row {
  id: string;
  account_id: string;
  instrument_id: string;
  seq: bigint;
  side: Side;
  reduce_only: boolean;
  limit_ticks: bigint | null;
  stop_ticks: bigint | null;
  stop_quote_seq: bigint | null;
  active_from_seq: bigint;
  expires_at: Date | null;
  version: string;
  is_waiting: boolean;
}

const waitingColumns = `o.id, o.account_id, o.instrument_id, o.seq, o.side, o.reduce_only, o.limit_ticks, o.stop_ticks, o.stop_quote_seq,
  coalesce(o.active_from_seq, o.quote_seq) AS active_from_seq, o.expires_at, o.waiting_xid::text AS version,
  o.state = 'working' AND o.due_seq IS NULL AS is_waiting`;

export async function loadOrders(db: Knex, ids: readonly string[]): Promise<OrderNews[]> {
  const { rows } = await db.raw<{ rows: Row[] }>(
    `SELECT ${waitingColumns} FROM orders o WHERE o.id = ANY (?::uuid[]) AND o.waiting_xid IS NOT NULL`,
    [[...ids]],
  );
  return rows.map(toNews);
}

export interface Changes {
  readonly news: readonly OrderNews[];
  /** What to ask from next time. */
  readonly snapshot: string;
}

/**
 * Waiting orders that were placed, changed or ended by transactions which committed after `since`, a snapshot. None is missed,
 * however late it commits: a snapshot knows which transactions were still running when it was taken. The same change may be
 * told once more.
 */
export async function loadChanged(db: Knex, since: string): Promise<Changes> {
  // Numbers above xmax are of another cluster, from which this database was restored.
  const { rows } = await db.raw<{ rows: (Partial<Row> & { snapshot: string })[] }>(
    `SELECT s.snapshot, ${waitingColumns}
     FROM (SELECT pg_current_snapshot()::text AS snapshot, ?::pg_snapshot AS since) s LEFT JOIN orders o
       ON o.waiting_xid >= pg_snapshot_xmin(s.since) AND NOT pg_visible_in_snapshot(o.waiting_xid, s.since)
         AND o.waiting_xid < pg_snapshot_xmax(pg_current_snapshot())`,
    [since],
  );
  const changed = rows.filter((row): row is Row & { snapshot: string } => typeof row.id === "string");
  return { news: changed.map(toNews), snapshot: rows[0]?.snapshot ?? since };
}

/** All waiting orders; `proved`: tried already against every quote up to its instrument's cursor. */
export async function loadAllWaiting(
  db: Knex,
): Promise<{ orders: readonly (WaitingOrder & { readonly proved: boolean })[]; snapshot: string }> {
  const { rows } = await db.raw<{ rows: (Partial<Row> & { snapshot: string; proved: boolean | null })[] }>(
    `SELECT s.snapshot, ${waitingColumns},
       o.waiting_xid < e.known_xid AND e.known_xid <= pg_snapshot_xmax(pg_current_snapshot()) AS proved
     FROM (SELECT pg_current_snapshot()::text AS snapshot) s CROSS JOIN trigger_engine e
       LEFT JOIN orders o ON o.state = 'working' AND o.due_seq IS NULL`,
  );
  const [first] = rows;
  assert(first !== undefined, "the one row of trigger_engine is gone");
  const orders = rows.flatMap((row) =>
    typeof row.id === "string" ? [{ ...toOrder(row as Row), proved: row.proved === true }] : [],
  );
  return { orders, snapshot: first.snapshot };
}

const toNews = (row: Row): OrderNews => ({ id: row.id, order: row.is_waiting ? toOrder(row) : null });

const toOrder = (row: Row): WaitingOrder => ({
  id: row.id,
  accountId: row.account_id,
  instrumentId: row.instrument_id,
  seq: row.seq,
  version: row.version,
  side: row.side,
  reduceOnly: row.reduce_only,
  limit: row.limit_ticks === null ? null : ticks(row.limit_ticks),
  stop: row.stop_ticks === null ? null : ticks(row.stop_ticks),
  stopQuoteSeq: row.stop_quote_seq,
  activeFromSeq: row.active_from_seq,
  expiresAt: row.expires_at,
});
