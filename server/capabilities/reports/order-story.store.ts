import type { Knex } from "knex";
import type { WireCheck } from "#contracts/trading-api.ts";

/** A quote that decided something, prices written out. */
export interface QuoteColumns {
  quote_seq: bigint;
  quote_bid: string;
  quote_ask: string;
  quote_venue_at: Date;
  quote_received_at: Date;
}

export interface StoryOrder extends QuoteColumns {
  trader_name: string;
  origin: string;
  type: string;
  side: string;
  lots: bigint;
  filled_lots: bigint;
  limit_price: string | null;
  stop_price: string | null;
  take_profit_price: string | null;
  stop_loss_price: string | null;
  state: string;
  rejection_code: string | null;
  cancel_code: string | null;
  checks: readonly WireCheck[];
  accepted_at: Date;
  done_at: Date | null;
}

export async function readOrder(db: Knex, id: string): Promise<StoryOrder | null> {
  const { rows } = await db.raw<{ rows: StoryOrder[] }>(
    `SELECT o.*, t.name AS trader_name FROM admin_orders o JOIN traders t ON t.id = o.trader_id WHERE o.id = ?`,
    [id],
  );
  return rows[0] ?? null;
}

export interface StoryEvent {
  at: Date;
  kind: string;
  actor_kind: "staff" | "trader" | "system";
  actor_name: string | null;
  said: Readonly<Record<string, unknown>>;
  tick_size: string;
  price_decimals: number;
  /** The quote it names, where it is still stored. */
  quote: { seq: string; bid: string; ask: string; venueAt: string; receivedAt: string } | null;
}

/** What happened between acceptance and end, oldest first. */
export async function readEvents(db: Knex, id: string): Promise<StoryEvent[]> {
  const { rows } = await db.raw<{ rows: StoryEvent[] }>(
    `SELECT e.at, e.kind, e.actor_kind, coalesce(s.name, t.name) AS actor_name, e.said, trim_scale(c.tick_size)::text AS tick_size,
       c.price_decimals,
       CASE WHEN q.seq IS NOT NULL THEN json_build_object('seq', q.seq::text,
         'bid', as_price(q.bid_ticks * c.tick_size, c.price_decimals)::text,
         'ask', as_price(q.ask_ticks * c.tick_size, c.price_decimals)::text,
         'venueAt', q.venue_at, 'receivedAt', q.received_at) END AS quote
     FROM order_events e JOIN orders o ON o.id = e.order_id
       JOIN instrument_terms c ON c.instrument_id = o.instrument_id AND c.terms_version = o.terms_version
       LEFT JOIN staff s ON e.actor_kind = 'staff' AND s.id = e.actor_id
       LEFT JOIN traders t ON e.actor_kind = 'trader' AND t.id = e.actor_id
       LEFT JOIN quotes q ON q.instrument_id = o.instrument_id AND q.seq = (e.said->>'quoteSeq')::bigint
     WHERE e.order_id = ? ORDER BY e.id`,
    [id],
  );
  return rows;
}

export interface StoryFill extends QuoteColumns {
  id: bigint;
  group_id: string;
  side: string;
  lots: bigint;
  price: string;
  realized_pnl: string;
  fee: string;
  currency: string;
  position_lots_after: bigint;
  /** How far the first quote beyond a stop was beyond it, a price; null where it was met exactly, and for other orders. */
  gap: string | null;
  filled_at: Date;
}

export async function readFills(db: Knex, orderId: string): Promise<StoryFill[]> {
  const { rows } = await db.raw<{ rows: StoryFill[] }>(
    `SELECT f.*, CASE WHEN o.type = 'stop' THEN
       nullif(greatest(CASE f.side WHEN 'buy' THEN f.price - o.stop_price ELSE o.stop_price - f.price END, 0), 0)::text END AS gap
     FROM admin_fills f JOIN admin_orders o ON o.id = f.order_id WHERE f.order_id = ? ORDER BY f.id`,
    [orderId],
  );
  return rows;
}

export interface StoryTransfer {
  id: bigint;
  code: string;
  group_id: string;
  debit_kind: string;
  credit_kind: string;
  amount: string;
  currency: string;
}

export async function readTransfers(db: Knex, groupIds: readonly string[]): Promise<StoryTransfer[]> {
  if (groupIds.length === 0) return [];
  const { rows } = await db.raw<{ rows: StoryTransfer[] }>(
    `SELECT id, code, group_id, debit_kind, credit_kind, amount, currency FROM admin_transfers
     WHERE group_id = ANY (?::uuid[]) ORDER BY id`,
    [[...groupIds]],
  );
  return rows;
}
