import type { OrderType, Side, TimeInForce } from "#contracts/names.ts";
import type { OrderRefusalCode } from "#contracts/order-names.ts";
import type { Instrument } from "#core/instrument.ts";
import type { OrderIntent } from "#core/order.ts";
import { lots, minorUnits, type Ticks, ticks } from "#core/units.ts";
import type { PlayedEnd, PlayedEvent, PlayedFill, PlayedOrder, Whose } from "#core/what-if-events.ts";

/** What every recorded event has. `at`: epoch milliseconds with their fraction. */
export interface EventRow {
  at: number;
  order_id: string;
  account_id: string;
  instrument_id: string;
  terms_version: number;
}

export interface OrderRow extends EventRow {
  side: Side;
  lots: bigint;
  type: OrderType;
  time_in_force: TimeInForce;
  reduce_only: boolean;
  limit_ticks: bigint | null;
  stop_ticks: bigint | null;
  stop_loss_ticks: bigint | null;
  quoted_ticks: bigint | null;
  bid: bigint | null;
  ask: bigint | null;
}

interface RefusalRow extends OrderRow {
  code: OrderRefusalCode;
  is_fixed: boolean;
  is_by_loss: boolean;
}

export interface FillRow extends EventRow {
  side: Side;
  lots: bigint;
  bid: bigint;
  ask: bigint;
  price: bigint;
  fee: bigint;
  is_house: boolean;
  is_for_loss: boolean;
}

export interface Cast {
  readonly whose: (accountId: string) => Whose;
  readonly instrument: (id: string, termsVersion: number) => Instrument;
}

export const atSql = (column: string): string => `(extract(epoch FROM ${column}) * 1000)::float8 AS at`;

const byLossSql =
  '(@.code == "DAILY_LOSS" || @.code == "WEEKLY_LOSS" || @.code == "TRAILING_DRAWDOWN" || @.code == "PROFIT_REACHED")';
/** Refusals that no other risk table takes back: not the table's, measured by money along other paths, or by a price that was not kept. */
const fixedSql = `jsonb_path_exists(r.checks, '$[*] ? (@.passed == false && !${byLossSql} &&
    (!exists(@.version) || @.code == "INSUFFICIENT_FUNDS" || @.code == "PRICE_MOVED"))') AS is_fixed,
  jsonb_path_exists(r.checks, '$[*] ? (@.passed == false && ${byLossSql})') AS is_by_loss`;

/** The house flattens for a loss limit, or at the flatten time of the day: what it closed within minutes of that was for that. */
const forLossSql = `SELECT o.origin <> 'trader' AS is_house, o.origin = 'flatten' AND NOT coalesce((
    SELECT bool_or(abs(extract(epoch FROM (f.filled_at AT TIME ZONE split_part(v.settings ->> 'flattenTime', ' ', 2))::time
      - split_part(v.settings ->> 'flattenTime', ' ', 1)::time)) < 300)
    FROM risk_limit_versions v WHERE v.settings ? 'flattenTime' AND v.effective_at <= f.filled_at), false) AS is_for_loss
  FROM orders o WHERE o.id = f.order_id`;

export const orderColumnsSql = `o.id AS order_id, o.account_id, o.instrument_id, o.terms_version, o.side, o.lots, o.type, o.time_in_force, o.reduce_only,
    o.limit_ticks, o.stop_ticks, o.stop_loss_ticks, o.quoted_ticks, o.quote_bid_ticks AS bid, o.quote_ask_ticks AS ask`;

/** One kind of event, in the order of its index: read along it, nothing is sorted as a whole. */
export interface Source<Row extends EventRow> {
  readonly name: string;
  readonly sql: string;
  readonly toEvent: (row: Row, cast: Cast) => PlayedEvent;
}

export const refusals: Source<RefusalRow> = {
  name: "refusals",
  sql: `SELECT ${atSql("r.decided_at")}, r.id AS order_id, r.account_id, r.instrument_id, r.terms_version, r.side, r.lots, r.type, 'gtc' AS time_in_force,
      r.reduce_only, r.limit_ticks, r.stop_ticks, r.stop_loss_ticks, NULL::bigint AS quoted_ticks, r.quote_bid_ticks AS bid, r.quote_ask_ticks AS ask, r.code, ${fixedSql}
    FROM order_refusals r WHERE r.book = $1 AND r.decided_at >= $2 AND r.decided_at < $3 ORDER BY r.decided_at, r.id`,
  toEvent: (row, cast) => orderOf(row, cast, { code: row.code, isFixed: row.is_fixed, isByLoss: row.is_by_loss }),
};

export const orders: Source<OrderRow> = {
  name: "orders",
  sql: `SELECT ${atSql("o.accepted_at")}, ${orderColumnsSql} FROM orders o
    WHERE o.book = $1 AND o.accepted_at >= $2 AND o.accepted_at < $3 AND o.origin = 'trader' ORDER BY o.accepted_at, o.seq`,
  toEvent: (row, cast) => orderOf(row, cast, null),
};

export const fills: Source<FillRow> = {
  name: "fills",
  sql: `SELECT ${atSql("f.filled_at")}, f.order_id, f.account_id, f.instrument_id, f.terms_version, f.side, f.lots, f.quote_bid_ticks AS bid,
      f.quote_ask_ticks AS ask, f.price_ticks AS price, f.fee_minor AS fee, h.is_house, h.is_for_loss
    FROM fills f CROSS JOIN LATERAL (${forLossSql}) h WHERE f.book = $1 AND f.filled_at >= $2 AND f.filled_at < $3 ORDER BY f.filled_at, f.id`,
  toEvent: fillOf,
};

export const ends: Source<EventRow> = {
  name: "ends",
  sql: `SELECT ${atSql("o.done_at")}, o.id AS order_id, o.account_id, o.instrument_id, o.terms_version FROM orders o
    WHERE o.book = $1 AND o.done_at >= $2 AND o.done_at < $3 AND o.origin = 'trader' AND o.state <> 'filled' ORDER BY o.done_at, o.seq`,
  toEvent: endOf,
};

function orderOf(row: OrderRow, cast: Cast, refused: PlayedOrder["refused"]): PlayedOrder {
  const { bid, ask } = row;
  return {
    kind: "order",
    at: Math.floor(row.at),
    orderId: row.order_id,
    whose: cast.whose(row.account_id),
    instrument: instrumentOf(cast, row),
    intent: intentOf(row),
    quote: bid === null || ask === null ? null : { bid: ticks(bid), ask: ticks(ask) },
    refused,
  };
}

function fillOf(row: FillRow, cast: Cast): PlayedFill {
  return {
    kind: "fill",
    at: Math.floor(row.at),
    orderId: row.order_id,
    whose: cast.whose(row.account_id),
    instrument: instrumentOf(cast, row),
    side: row.side,
    lots: lots(row.lots),
    price: ticks(row.price),
    quote: { bid: ticks(row.bid), ask: ticks(row.ask) },
    fee: minorUnits(row.fee),
    isHouse: row.is_house,
    isForLoss: row.is_for_loss,
  };
}

function endOf(row: EventRow, cast: Cast): PlayedEnd {
  return {
    kind: "end",
    at: Math.floor(row.at),
    orderId: row.order_id,
    whose: cast.whose(row.account_id),
    instrument: instrumentOf(cast, row),
  };
}

export const intentOf = (row: OrderRow): OrderIntent => ({
  side: row.side,
  lots: lots(row.lots),
  type: row.type,
  timeInForce: row.time_in_force,
  limitPrice: ticksOf(row.limit_ticks),
  stopPrice: ticksOf(row.stop_ticks),
  stopLoss: ticksOf(row.stop_loss_ticks),
  takeProfit: null,
  expiresAt: null,
  offTick: nothingOff,
  reduceOnly: row.reduce_only,
  quotedPrice: ticksOf(row.quoted_ticks),
  maxSlippageTicks: null,
});

const nothingOff: readonly string[] = [];

const ticksOf = (value: bigint | null): Ticks | null => (value === null ? null : ticks(value));

export const instrumentOf = (cast: Cast, row: EventRow): Instrument =>
  cast.instrument(row.instrument_id, row.terms_version);
