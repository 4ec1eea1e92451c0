import type { Knex } from "knex";
import type { OrderOrigin, OrderState, OrderType, Side, TimeInForce } from "#contracts/names.ts";
import type { OrderCancelCode } from "#contracts/order-names.ts";
import type { Instrument } from "#core/instrument.ts";
import type { OrderIntent } from "#core/order.ts";
import { prepared } from "../../platform/db/prepared.ts";
import type { AccountRow } from "./accounts.store.ts";
import type { ArrivedQuote } from "./ports.ts";

/** An order's row as the wire form is made of it. */
export interface OrderRow {
  id: string;
  client_order_id: string;
  account_id: string;
  instrument_id: string;
  terms_version: number;
  side: Side;
  type: OrderType;
  lots: bigint;
  filled_lots: bigint;
  average_fill_ticks: string | null;
  state: OrderState;
  rejection_code: string | null;
  reduce_only: boolean;
  origin: OrderOrigin;
  limit_ticks: bigint | null;
  stop_ticks: bigint | null;
  take_profit_ticks: bigint | null;
  stop_loss_ticks: bigint | null;
  time_in_force: TimeInForce;
  expires_at: Date | null;
  cancel_code: OrderCancelCode | null;
  trigger_quote_seq: bigint | null;
  trigger_bid_ticks: bigint | null;
  trigger_ask_ticks: bigint | null;
  trigger_venue_at: Date | null;
  trigger_received_at: Date | null;
  accepted_at: Date;
  done_at: Date | null;
}

export const orderColumns = `o.id, o.client_order_id, o.account_id, o.instrument_id, o.terms_version, o.side, o.type, o.lots,
  o.filled_lots, o.average_fill_ticks, o.state, o.rejection_code, o.reduce_only, o.origin, o.limit_ticks,
  o.stop_ticks, o.take_profit_ticks, o.stop_loss_ticks, o.time_in_force, o.expires_at, o.cancel_code, o.trigger_quote_seq,
  o.trigger_bid_ticks, o.trigger_ask_ticks, o.trigger_venue_at, o.trigger_received_at, o.accepted_at, o.done_at`;

export interface ClientKey {
  readonly accountId: string;
  readonly clientOrderId: string;
}

/** Orders that exist under the given client ids, with the hash of the request that made them. */
export async function findByClientIds(
  db: Knex,
  keys: readonly ClientKey[],
): Promise<(OrderRow & { body_hash: Buffer })[]> {
  const rows = await prepared<OrderRow & { body_hash: Buffer }>(
    db,
    `SELECT ${orderColumns}, o.body_hash
     FROM orders o JOIN unnest(?::uuid[], ?::text[]) AS k (account_id, client_order_id) USING (account_id, client_order_id)`,
    [keys.map((key) => key.accountId), keys.map((key) => key.clientOrderId)],
  );
  return rows;
}

export interface NewOrder {
  readonly id: string;
  readonly account: AccountRow;
  readonly clientOrderId: string;
  readonly bodyHash: Buffer;
  readonly instrument: Instrument;
  readonly intent: OrderIntent;
  readonly quote: ArrivedQuote;
  readonly waits: boolean;
  /** As `writeChecks` writes them: the checks themselves are many objects, and an order is kept until it is written. */
  readonly checkRows: string;
}

/**
 * Writes accepted orders in one statement, in their order: `orders.seq` rises with it, and so does the place of those that are due.
 * Those that wait for their price have no place yet; quotes after the one in force count for them.
 */
export async function insertOrders(db: Knex, orders: readonly NewOrder[]): Promise<OrderRow[]> {
  if (orders.length === 0) return [];
  const rows = await prepared<OrderRow>(
    db,
    `INSERT INTO orders AS o (id, tenant_id, trader_id, account_id, book, client_order_id, body_hash, instrument_id,
       terms_version, side, type, lots, reduce_only, max_slippage_ticks, quoted_ticks, limit_ticks, stop_ticks, take_profit_ticks,
       stop_loss_ticks, time_in_force, expires_at, quote_seq, quote_bid_ticks, quote_ask_ticks, quote_venue_at, quote_received_at,
       state, active_from_seq, due_seq, due_at)
     SELECT id, tenant_id, trader_id, account_id, book, client_order_id, body_hash, instrument_id, terms_version, side, type, lots,
       reduce_only, nullif(max_slippage, '')::bigint, nullif(quoted, '')::bigint, nullif(limit_price, '')::bigint,
       nullif(stop_price, '')::bigint, nullif(take_profit, '')::bigint, nullif(stop_loss, '')::bigint, time_in_force,
       nullif(expires_at, '')::timestamptz, quote_seq, bid, ask, venue_at, received_at,
       CASE WHEN waits THEN 'working' ELSE 'accepted' END, CASE WHEN waits THEN quote_seq END,
       CASE WHEN NOT waits THEN nextval('orders_seq_seq') END, CASE WHEN NOT waits THEN clock_timestamp() END
     FROM (SELECT * FROM unnest(?::uuid[], ?::int[], ?::uuid[], ?::uuid[], ?::text[], ?::text[], ?::bytea[], ?::text[], ?::int[],
         ?::text[], ?::text[], ?::bigint[], ?::boolean[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[],
         ?::text[], ?::boolean[], ?::bigint[], ?::bigint[], ?::bigint[], ?::timestamptz[], ?::timestamptz[]) WITH ORDINALITY AS n (id,
         tenant_id, trader_id, account_id, book, client_order_id, body_hash, instrument_id, terms_version, side, type, lots,
         reduce_only, max_slippage, quoted, limit_price, stop_price, take_profit, stop_loss, time_in_force, expires_at, waits,
         quote_seq, bid, ask, venue_at, received_at, place) ORDER BY place) n
     RETURNING ${orderColumns}`,
    columnsOf(orders),
  );
  return rows;
}

/** Writes the checks of accepted orders, beside them in one transaction. */
export async function insertChecks(db: Knex, orders: readonly NewOrder[]): Promise<void> {
  if (orders.length === 0) return;
  await prepared(
    db,
    "INSERT INTO order_checks (order_id, check_rows) SELECT * FROM unnest(?::uuid[], string_to_array(?::text, E'\\x1e'))",
    // No line of them has this character; an array would have to be written element by element, and read so again.
    [orders.map((order) => order.id), orders.map((order) => order.checkRows).join("\x1e")],
  );
}

const textOf = (value: bigint | null): string => value?.toString() ?? "";

const columnsOf = (orders: readonly NewOrder[]): Knex.Value[] => [
  orders.map((order) => order.id),
  orders.map((order) => order.account.tenant_id),
  orders.map((order) => order.account.trader_id),
  orders.map((order) => order.account.id),
  orders.map((order) => order.account.book),
  orders.map((order) => order.clientOrderId),
  orders.map((order) => order.bodyHash),
  orders.map((order) => order.instrument.id),
  orders.map((order) => order.instrument.terms.version),
  orders.map((order) => order.intent.side),
  orders.map((order) => order.intent.type),
  orders.map((order) => order.intent.lots.toString()),
  orders.map((order) => order.intent.reduceOnly),
  orders.map((order) => textOf(order.intent.maxSlippageTicks)),
  orders.map((order) => textOf(order.intent.quotedPrice)),
  orders.map((order) => textOf(order.intent.limitPrice)),
  orders.map((order) => textOf(order.intent.stopPrice)),
  orders.map((order) => textOf(order.intent.takeProfit)),
  orders.map((order) => textOf(order.intent.stopLoss)),
  orders.map((order) => order.intent.timeInForce),
  orders.map((order) => order.intent.expiresAt?.toISOString() ?? ""),
  orders.map((order) => order.waits),
  orders.map((order) => order.quote.seq.toString()),
  orders.map((order) => order.quote.bid.toString()),
  orders.map((order) => order.quote.ask.toString()),
  orders.map((order) => order.quote.venueAt.toISOString()),
  orders.map((order) => order.quote.receivedAt.toISOString()),
];
