import type { Knex } from "knex";
import type { OrderOrigin, OrderType, Side } from "#contracts/names.ts";
import type { Quote } from "#core/quote.ts";
import { assert } from "#core/result.ts";
import type { Lots, Ticks } from "#core/units.ts";
import { prepared } from "../../platform/db/prepared.ts";
import { newId } from "../../platform/ids.ts";
import type { AccountRow } from "./accounts.store.ts";

/** The quote an order is made at. */
export type OrderQuote = Pick<Quote, "seq" | "bid" | "ask" | "venueAt" | "receivedAt">;

/** An order that no trader sent: a bracket's leg, or one of the house's own rules. */
export interface SystemOrder {
  readonly account: AccountRow;
  readonly instrumentId: string;
  readonly termsVersion: number;
  readonly side: Side;
  readonly type: OrderType;
  readonly origin: Exclude<OrderOrigin, "trader">;
  readonly lots: Lots;
  readonly reduceOnly: boolean;
  readonly limitPrice: Ticks | null;
  readonly stopPrice: Ticks | null;
  readonly quote: OrderQuote;
  /** It waits for its price, from `quote` on; else it is due at once and fills at `quote`. */
  readonly waits: boolean;
}

/**
 * Writes orders of the house in one statement and returns their ids, in their order. Their client ids name the origin and are
 * random, so no trader's order meets them; no request has made them, so their body hash is empty and repeats nothing.
 */
export async function insertSystemOrders(db: Knex, orders: readonly SystemOrder[]): Promise<string[]> {
  if (orders.length === 0) return [];
  const ids = orders.map(() => newId());
  for (const order of orders) assert(order.lots > 0n, `an order of ${order.lots} lots by ${order.origin}`);
  await prepared(
    db,
    `INSERT INTO orders (id, tenant_id, trader_id, account_id, book, client_order_id, body_hash, instrument_id, terms_version, side,
       type, origin, lots, reduce_only, limit_ticks, stop_ticks, quote_seq, quote_bid_ticks, quote_ask_ticks, quote_venue_at,
       quote_received_at, state, active_from_seq, due_seq, due_at)
     SELECT id, tenant_id, trader_id, account_id, book, origin || ':' || id, '\\x', instrument_id, terms_version, side,
       type, origin, lots, reduce_only, nullif(limit_ticks, '')::bigint, nullif(stop_ticks, '')::bigint, seq, bid, ask, venue_at,
       received_at, CASE WHEN waits THEN 'working' ELSE 'accepted' END, CASE WHEN waits THEN seq END,
       CASE WHEN NOT waits THEN nextval('orders_seq_seq') END, CASE WHEN NOT waits THEN clock_timestamp() END
     FROM (SELECT * FROM unnest(?::uuid[], ?::int[], ?::uuid[], ?::uuid[], ?::text[], ?::text[], ?::int[], ?::text[], ?::text[],
         ?::text[], ?::bigint[], ?::boolean[], ?::text[], ?::text[], ?::bigint[], ?::bigint[], ?::bigint[], ?::timestamptz[],
         ?::timestamptz[], ?::boolean[]) WITH ORDINALITY AS n (id, tenant_id, trader_id, account_id, book, instrument_id,
         terms_version, side, type, origin, lots, reduce_only, limit_ticks, stop_ticks, seq, bid, ask, venue_at, received_at, waits,
         place) ORDER BY place) n`,
    [
      ids,
      orders.map(({ account }) => account.tenant_id),
      orders.map(({ account }) => account.trader_id),
      orders.map(({ account }) => account.id),
      orders.map(({ account }) => account.book),
      orders.map(({ instrumentId }) => instrumentId),
      orders.map(({ termsVersion }) => termsVersion),
      orders.map(({ side }) => side),
      orders.map(({ type }) => type),
      orders.map(({ origin }) => origin),
      orders.map((order) => order.lots.toString()),
      orders.map(({ reduceOnly }) => reduceOnly),
      orders.map(({ limitPrice }) => limitPrice?.toString() ?? ""),
      orders.map(({ stopPrice }) => stopPrice?.toString() ?? ""),
      orders.map(({ quote }) => quote.seq.toString()),
      orders.map(({ quote }) => quote.bid.toString()),
      orders.map(({ quote }) => quote.ask.toString()),
      orders.map(({ quote }) => quote.venueAt.toISOString()),
      orders.map(({ quote }) => quote.receivedAt.toISOString()),
      orders.map(({ waits }) => waits),
    ],
  );
  return ids;
}
