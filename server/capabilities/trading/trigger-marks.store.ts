import type { Knex } from "knex";
import type { Quote } from "#core/quote.ts";
import type { WaitingOrder } from "./trigger-orders.store.ts";

/** What quotes did to a waiting order: reached its stop, met its price, or both. */
export interface Mark {
  /** As the engine knew it: when the row has changed since, the mark is void. */
  readonly order: WaitingOrder;
  /** The quote that made a limit order of a stop-limit order, when that is news. */
  readonly stopQuote: Quote | null;
  /** The quote it fills at; null: it waits on, as a limit order. */
  readonly quote: Quote | null;
}

export interface MarkedOrder {
  readonly id: string;
  readonly accountId: string;
  readonly version: string;
  /** It waits no longer: settlement fills it. */
  readonly isDue: boolean;
}

/**
 * Writes marks in their order, with their events; places in the order of settlement rise with it. Orders that changed since they
 * were read are left out of what is returned. The accounts must be locked.
 */
export async function writeMarks(db: Knex, marks: readonly Mark[]): Promise<MarkedOrder[]> {
  const { rows } = await db.raw<{ rows: { id: string; account_id: string; version: string; is_due: boolean }[] }>(
    `WITH given AS MATERIALIZED (
       SELECT g.*, CASE WHEN g.quote_seq IS NOT NULL THEN nextval('orders_seq_seq') END AS due_seq
       FROM (SELECT * FROM jsonb_to_recordset(?::jsonb) AS r (place int, id uuid, version xid8, stop_seq bigint, stop_bid bigint,
         stop_ask bigint, quote_seq bigint, bid bigint, ask bigint, venue_at timestamptz, received_at timestamptz) ORDER BY place) g),
     marked AS (
       UPDATE orders o SET stop_quote_seq = coalesce(g.stop_seq, o.stop_quote_seq), trigger_quote_seq = g.quote_seq,
         trigger_bid_ticks = g.bid, trigger_ask_ticks = g.ask, trigger_venue_at = g.venue_at,
         trigger_received_at = g.received_at, due_seq = g.due_seq,
         due_at = CASE WHEN g.quote_seq IS NOT NULL THEN clock_timestamp() END
       FROM given g WHERE o.id = g.id AND o.waiting_xid = g.version AND o.state = 'working' AND o.due_seq IS NULL
       RETURNING o.id, o.account_id, o.waiting_xid::text AS version, o.due_seq IS NOT NULL AS is_due, g.place),
     told AS (
       INSERT INTO order_events (order_id, kind, actor_kind, said)
       SELECT id, kind, 'system', jsonb_build_object('quoteSeq', seq::text, 'bid', bid::text, 'ask', ask::text)
       FROM (SELECT m.id, m.place, 1 AS step, 'stop-reached' AS kind, g.stop_seq AS seq, g.stop_bid AS bid, g.stop_ask AS ask
             FROM marked m JOIN given g USING (place) WHERE g.stop_seq IS NOT NULL
             UNION ALL
             SELECT m.id, m.place, 2, 'triggered', g.quote_seq, g.bid, g.ask
             FROM marked m JOIN given g USING (place) WHERE g.quote_seq IS NOT NULL) e ORDER BY place, step)
     SELECT id, account_id, version, is_due FROM marked ORDER BY place`,
    [JSON.stringify(marks.map(toRecord))],
  );
  return rows.map((row) => ({ id: row.id, accountId: row.account_id, version: row.version, isDue: row.is_due }));
}

const toRecord = ({ order, stopQuote, quote }: Mark, place: number) => ({
  place,
  id: order.id,
  version: order.version,
  stop_seq: stopQuote?.seq.toString(),
  stop_bid: stopQuote?.bid.toString(),
  stop_ask: stopQuote?.ask.toString(),
  quote_seq: quote?.seq.toString(),
  bid: quote?.bid.toString(),
  ask: quote?.ask.toString(),
  venue_at: quote?.venueAt.toISOString(),
  received_at: quote?.receivedAt.toISOString(),
});

/**
 * Lets orders wait anew after a halt: only quotes after the newest stored one may trigger them. Orders that changed since they
 * were read are left alone.
 */
export async function writeReleases(db: Knex, orders: readonly WaitingOrder[]): Promise<void> {
  await db.raw(
    `WITH released AS (
       UPDATE orders o SET active_from_seq = greatest(o.active_from_seq, (
         SELECT q.seq FROM quotes q WHERE q.instrument_id = o.instrument_id ORDER BY q.seq DESC LIMIT 1))
       FROM unnest(?::uuid[], ?::xid8[]) AS g (id, version)
       WHERE o.id = g.id AND o.waiting_xid = g.version AND o.state = 'working' AND o.due_seq IS NULL
       RETURNING o.id, o.active_from_seq)
     INSERT INTO order_events (order_id, kind, actor_kind, said)
     SELECT id, 'released', 'system', jsonb_build_object('quoteSeq', active_from_seq::text) FROM released`,
    [orders.map(({ id }) => id), orders.map(({ version }) => version)],
  );
}
