import type { Book, OrderType, Side, TimeInForce } from "#contracts/names.ts";
import type { OrderRefusalCode } from "#contracts/order-names.ts";
import type { Instrument } from "#core/instrument.ts";
import type { OrderIntent } from "#core/order.ts";
import { lots, minorUnits, type Ticks, ticks } from "#core/units.ts";
import type { PlayedEvent, WhatIf, Whose } from "#core/what-if.ts";
import type { SnapshotReader } from "../../platform/db/copy-out.ts";

/** Whatever the driver gives for a bigint. */
type Wide = bigint | string | number;

interface EventRow {
  kind: "order" | "fill" | "end";
  at: number;
  order_id: string;
  account_id: string;
  instrument_id: string;
  terms_version: number;
  side: Side;
  lots: Wide;
  type: OrderType;
  time_in_force: TimeInForce;
  reduce_only: boolean;
  limit_ticks: Wide | null;
  stop_ticks: Wide | null;
  stop_loss_ticks: Wide | null;
  bid: Wide | null;
  ask: Wide | null;
  price: Wide | null;
  fee: Wide | null;
  is_house: boolean;
  code: OrderRefusalCode | null;
  is_fixed: boolean;
}

export interface Period {
  readonly book: Book;
  readonly from: Date;
  readonly to: Date;
}

/** Refusals that no other risk table takes back: not the table's, or measured by money along other paths. */
const fixedSql = `jsonb_path_exists(r.checks, '$[*] ? (@.passed == false && (!exists(@.version) || @.code == "INSUFFICIENT_FUNDS" ||
    @.code == "DAILY_LOSS" || @.code == "WEEKLY_LOSS" || @.code == "TRAILING_DRAWDOWN" || @.code == "PROFIT_REACHED"))')`;

const orderColumnsSql = `o.id AS order_id, o.account_id, o.instrument_id, o.terms_version, o.side, o.lots, o.type, o.time_in_force, o.reduce_only,
    o.limit_ticks, o.stop_ticks, o.stop_loss_ticks, o.quote_bid_ticks AS bid, o.quote_ask_ticks AS ask, NULL::bigint AS price,
    NULL::bigint AS fee, false AS is_house, NULL::text AS code, false AS is_fixed`;

/** Decisions, fills and ends in the order of their times; of one time decisions before fills before ends. */
const eventsSql = `SELECT e.*, floor(extract(epoch FROM e.moment) * 1000)::float8 AS at FROM (
    SELECT 'order' AS kind, 0 AS place, o.accepted_at AS moment, o.seq, ${orderColumnsSql}
    FROM orders o WHERE o.book = $1 AND o.accepted_at >= $2 AND o.accepted_at < $3 AND o.origin = 'trader'
    UNION ALL
    SELECT 'order', 0, r.decided_at, 0, r.id, r.account_id, r.instrument_id, r.terms_version, r.side, r.lots, r.type, 'gtc', r.reduce_only,
      r.limit_ticks, r.stop_ticks, r.stop_loss_ticks, r.quote_bid_ticks, r.quote_ask_ticks, NULL, NULL, false, r.code, ${fixedSql}
    FROM order_refusals r WHERE r.book = $1 AND r.decided_at >= $2 AND r.decided_at < $3
    UNION ALL
    SELECT 'fill', 1, f.filled_at, f.id, f.order_id, f.account_id, f.instrument_id, f.terms_version, f.side, f.lots, 'market', 'gtc', false,
      NULL, NULL, NULL, f.quote_bid_ticks, f.quote_ask_ticks, f.price_ticks, f.fee_minor, o.origin <> 'trader', NULL, false
    FROM fills f JOIN orders o ON o.id = f.order_id WHERE f.book = $1 AND f.filled_at >= $2 AND f.filled_at < $3
    UNION ALL
    SELECT 'end', 2, o.done_at, o.seq, ${orderColumnsSql}
    FROM orders o WHERE o.book = $1 AND o.done_at >= $2 AND o.done_at < $3 AND o.origin = 'trader' AND o.state <> 'filled') e
  ORDER BY e.moment, e.place, e.seq, e.order_id`;

const heldSql = `SELECT DISTINCT ON (f.account_id, f.instrument_id) f.account_id, f.instrument_id, f.terms_version, f.position_lots_after AS lots,
    floor(extract(epoch FROM f.filled_at) * 1000)::float8 AS at
  FROM fills f WHERE f.book = $1 AND f.filled_at < $2 ORDER BY f.account_id, f.instrument_id, f.id DESC`;

const openSql = `SELECT ${orderColumnsSql}, 0::float8 AS at FROM orders o WHERE o.book = $1 AND o.accepted_at < $2
    AND (o.done_at IS NULL OR o.done_at >= $2) AND o.origin = 'trader'`;

const fetchRows = 5_000;

export interface Cast {
  readonly whose: (accountId: string) => Whose;
  readonly instrument: (id: string, termsVersion: number) => Instrument;
}

/** Plays a period: what was held and open before it, then its events by a cursor, so that memory holds accounts and not orders. */
export async function playPeriod(
  reader: SnapshotReader,
  { book, from, to }: Period,
  {
    whatIf,
    cast,
    tell,
  }: { readonly whatIf: WhatIf; readonly cast: Cast; readonly tell: (at: number) => Promise<void> },
): Promise<void> {
  for (const row of await reader.rows<EventRow>(heldSql, [book, from]))
    if (BigInt(row.lots) !== 0n)
      whatIf.holds(cast.whose(row.account_id), instrumentOf(cast, row), lots(BigInt(row.lots)), row.at);
  for (const row of await reader.rows<EventRow>(openSql, [book, from]))
    whatIf.opens(cast.whose(row.account_id), instrumentOf(cast, row), row.order_id, intentOf(row));
  await reader.rows(`DECLARE played NO SCROLL CURSOR FOR ${eventsSql}`, [book, from, to]);
  for (;;) {
    const rows = await reader.rows<EventRow>(`FETCH ${fetchRows} FROM played`);
    for (const row of rows) whatIf.play(eventOf(row, cast));
    const last = rows.at(-1);
    if (last === undefined) break;
    await tell(last.at);
  }
  await reader.rows("CLOSE played");
}

const instrumentOf = (cast: Cast, row: EventRow): Instrument => cast.instrument(row.instrument_id, row.terms_version);

function eventOf(row: EventRow, cast: Cast): PlayedEvent {
  const same = {
    ...{ at: row.at, orderId: row.order_id, whose: cast.whose(row.account_id) },
    instrument: instrumentOf(cast, row),
  };
  const quote =
    row.bid === null || row.ask === null ? null : { bid: ticks(BigInt(row.bid)), ask: ticks(BigInt(row.ask)) };
  if (row.kind === "end") return { ...same, kind: "end" };
  if (row.kind === "fill" && quote !== null)
    return {
      ...{ ...same, kind: "fill", side: row.side, lots: lots(BigInt(row.lots)), quote, isHouse: row.is_house },
      ...{ price: ticks(BigInt(row.price ?? 0)), fee: minorUnits(BigInt(row.fee ?? 0)) },
    };
  const refused = row.code === null ? null : { code: row.code, isFixed: row.is_fixed };
  return { ...same, kind: "order", intent: intentOf(row), quote, refused };
}

const intentOf = (row: EventRow): OrderIntent => ({
  ...{ side: row.side, lots: lots(BigInt(row.lots)), type: row.type, timeInForce: row.time_in_force },
  ...{
    limitPrice: ticksOf(row.limit_ticks),
    stopPrice: ticksOf(row.stop_ticks),
    stopLoss: ticksOf(row.stop_loss_ticks),
  },
  ...{ takeProfit: null, expiresAt: null, offTick: [], reduceOnly: row.reduce_only },
  ...{ quotedPrice: null, maxSlippageTicks: null },
});

const ticksOf = (value: Wide | null): Ticks | null => (value === null ? null : ticks(BigInt(value)));
