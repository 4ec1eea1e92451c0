import type { Knex } from "knex";
import type { OrderOrigin, Side } from "#contracts/names.ts";
import { type Bracket, noBracket } from "#core/bracket.ts";
import { nothingResting, type Resting } from "#core/exposure.ts";
import { lots, ticks } from "#core/units.ts";
import { prepared } from "../../platform/db/prepared.ts";

/** An order that waits for its settlement, with the quote it fills at. */
export interface DueRow {
  id: string;
  account_id: string;
  instrument_id: string;
  terms_version: number;
  side: Side;
  origin: OrderOrigin;
  lots: bigint;
  reduce_only: boolean;
  /** The quote that triggered it, else that of its acceptance. */
  quote_seq: bigint;
  quote_bid_ticks: bigint;
  quote_ask_ticks: bigint;
  quote_venue_at: Date;
  quote_received_at: Date;
  triggered: boolean;
  limit_ticks: bigint | null;
  stop_ticks: bigint | null;
  take_profit_ticks: bigint | null;
  stop_loss_ticks: bigint | null;
  waited_ms: number;
}

interface OpenRow extends DueRow {
  due_seq: bigint | null;
  /** 1, or how many orders are summed up in this row. */
  orders: number;
  summed: boolean;
}

/** What waits on one account and instrument for its price. */
export interface Waiting {
  readonly resting: Resting;
  readonly bracket: Bracket;
}

export const nothingWaiting: Waiting = { resting: nothingResting, bracket: noBracket };

/** Everything open on an account. */
export interface OpenOrders {
  /** In the order of settlement. */
  readonly due: readonly DueRow[];
  /** By instrument. */
  readonly waiting: ReadonlyMap<string, Waiting>;
  /** All open orders, due or not. */
  readonly count: number;
}

export const noOpenOrders: OpenOrders = { due: [], waiting: new Map(), count: 0 };

/**
 * The open orders of accounts, in one query: due ones and bracket legs by themselves, those that wait for their price as sums of the
 * lots that may open. How long they have been due is told by the database's clock.
 */
export async function loadOpenOrders(db: Knex, accountIds: readonly string[]): Promise<Map<string, OpenOrders>> {
  const rows = await prepared<OpenRow>(
    db,
    `WITH wanted AS (SELECT ?::uuid[] AS ids)
     SELECT o.id, o.account_id, o.instrument_id, o.terms_version, o.side, o.origin, o.lots, o.reduce_only,
       coalesce(o.trigger_quote_seq, o.quote_seq) AS quote_seq, coalesce(o.trigger_bid_ticks, o.quote_bid_ticks) AS quote_bid_ticks,
       coalesce(o.trigger_ask_ticks, o.quote_ask_ticks) AS quote_ask_ticks,
       coalesce(o.trigger_venue_at, o.quote_venue_at) AS quote_venue_at,
       coalesce(o.trigger_received_at, o.quote_received_at) AS quote_received_at, o.trigger_quote_seq IS NOT NULL AS triggered,
       o.limit_ticks, o.stop_ticks, o.take_profit_ticks, o.stop_loss_ticks,
       coalesce((extract(epoch FROM clock_timestamp() - o.due_at) * 1000)::float8, 0) AS waited_ms,
       o.due_seq, 1 AS orders, false AS summed
     FROM orders o
     WHERE o.account_id = ANY ((SELECT ids FROM wanted)::uuid[]) AND o.state IN ('accepted', 'working')
       AND (o.due_seq IS NOT NULL OR o.origin IN ('take-profit', 'stop-loss'))
     UNION ALL
     SELECT NULL, o.account_id, o.instrument_id, 0, o.side, NULL, coalesce(sum(o.lots) FILTER (WHERE NOT o.reduce_only), 0)::bigint,
       false, NULL, NULL, NULL, NULL, NULL, false, NULL, NULL, NULL, NULL, 0, NULL, count(*)::int, true
     FROM orders o
     WHERE o.account_id = ANY ((SELECT ids FROM wanted)::uuid[]) AND o.state = 'working' AND o.due_seq IS NULL
       AND o.origin NOT IN ('take-profit', 'stop-loss')
     GROUP BY o.account_id, o.instrument_id, o.side
     ORDER BY due_seq`,
    [[...accountIds]],
  );
  const found = new Map<string, { due: DueRow[]; waiting: Map<string, Waiting>; count: number }>();
  for (const row of rows) {
    const open = found.get(row.account_id) ?? { due: [], waiting: new Map<string, Waiting>(), count: 0 };
    found.set(row.account_id, open);
    open.count += row.orders;
    if (row.due_seq !== null) open.due.push(row);
    // A leg is its position's whether it is due already or not.
    open.waiting.set(row.instrument_id, withRow(open.waiting.get(row.instrument_id) ?? nothingWaiting, row));
  }
  return found;
}

function withRow({ resting, bracket }: Waiting, row: OpenRow): Waiting {
  if (row.summed) return { resting: { ...resting, [row.side]: lots(row.lots) }, bracket };
  const price = row.origin === "take-profit" ? row.limit_ticks : row.origin === "stop-loss" ? row.stop_ticks : null;
  if (price === null) return { resting, bracket };
  return { resting, bracket: { ...bracket, [row.origin]: { id: row.id, price: ticks(price), lots: lots(row.lots) } } };
}
