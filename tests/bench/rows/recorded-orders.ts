import type { TestDesk } from "../../support/trading.ts";
import { openAccounts } from "./desk-load.ts";

const accounts = 2_000;

/** When the first of them was ordered; they are spread over 30 days. */
export const recordedFrom = new Date("2026-09-01T00:00:00Z");
export const recordedTo = new Date("2026-10-01T00:00:00Z");

/**
 * So many decisions as a desk leaves them behind, by 2,000 accounts in two instruments over 30 days: of twenty one is refused by a position limit;
 * of the others nine of ten are market orders that fill at once, and one waits an hour, then fills or is cancelled.
 */
export async function recordOrders(house: TestDesk, orders: number): Promise<void> {
  const { owner } = house.db;
  await openAccounts(house, accounts);
  await owner.transaction(async (trx) => {
    // A cluster of the bench's own: nothing else is lost with it.
    await trx.raw("SET LOCAL statement_timeout = 0");
    await trx.raw("SET LOCAL synchronous_commit = off");
    await trx.raw(drawnSql, [recordedFrom, recordedTo, recordedFrom, orders, orders]);
    await trx.raw(ordersSql);
    await trx.raw(fillsSql);
    await trx.raw(refusalsSql);
  });
  await owner.raw("VACUUM ANALYZE orders, fills, order_refusals");
}

const drawnSql = `CREATE TEMP TABLE drawn ON COMMIT DROP AS
  SELECT n, gen_random_uuid() AS id, a.*, CASE WHEN h % 2 = 0 THEN 'MES' ELSE 'MNQ' END AS instrument_id,
    CASE WHEN (h / 2) % 2 = 0 THEN 'buy' ELSE 'sell' END AS side, 1 + (h / 4) % 5 AS lots, (h / 20) % 20 = 0 AS is_refused,
    (h / 400) % 10 = 0 AS waits, (h / 400) % 20 = 0 AS is_cancelled,
    ?::timestamptz + (n - 1) * ((?::timestamptz - ?::timestamptz) / ?::int) AS at,
    20000 + (400 * sin(n / 5000.0))::bigint AS bid
  FROM generate_series(1, ?::int) n
    CROSS JOIN LATERAL (SELECT abs(hashint8(n))::bigint AS h) r
    JOIN (SELECT row_number() OVER (ORDER BY id) - 1 AS place, id AS account_id, tenant_id, trader_id, book FROM accounts) a
      ON a.place = n % (SELECT count(*) FROM accounts)`;

const ordersSql = `INSERT INTO orders (id, tenant_id, trader_id, account_id, book, client_order_id, body_hash, instrument_id, terms_version, side, type, lots,
    reduce_only, quote_seq, quote_bid_ticks, quote_ask_ticks, quote_venue_at, quote_received_at, state, filled_lots, average_fill_ticks,
    accepted_at, done_at, origin, limit_ticks, time_in_force, cancel_code)
  SELECT id, tenant_id, trader_id, account_id, book, 'o' || n, '\\x00', instrument_id, 1, side, CASE WHEN waits THEN 'limit' ELSE 'market' END, lots,
    false, n, bid, bid + 1, at, at, CASE WHEN is_cancelled THEN 'cancelled' ELSE 'filled' END,
    CASE WHEN is_cancelled THEN 0 ELSE lots END, CASE WHEN is_cancelled THEN NULL ELSE bid END,
    at, at + CASE WHEN waits THEN interval '1 hour' ELSE interval '50 ms' END, 'trader',
    CASE WHEN waits THEN CASE side WHEN 'buy' THEN bid - 20 ELSE bid + 21 END END, 'gtc', CASE WHEN is_cancelled THEN 'BY_TRADER' END
  FROM drawn WHERE NOT is_refused ORDER BY n`;

const fillsSql = `INSERT INTO fills (tenant_id, trader_id, account_id, book, order_id, instrument_id, terms_version, side, lots, price_ticks, quote_seq,
    quote_bid_ticks, quote_ask_ticks, quote_venue_at, quote_received_at, realized_pnl_minor, fee_minor, currency, currency_scale, group_id,
    position_lots_after, filled_at)
  SELECT tenant_id, trader_id, account_id, book, id, instrument_id, 1, side, lots, CASE side WHEN 'buy' THEN bid + 1 ELSE bid END, n, bid, bid + 1,
    done_at, done_at, 0, lots * 62, 'USD', 2, gen_random_uuid(),
    sum(CASE side WHEN 'buy' THEN lots ELSE -lots END) OVER (PARTITION BY account_id, instrument_id ORDER BY done_at, n), done_at
  FROM (SELECT d.*, o.done_at FROM drawn d JOIN orders o ON o.id = d.id WHERE o.state = 'filled') f ORDER BY done_at, n`;

const refusalsSql = `INSERT INTO order_refusals (id, decided_at, tenant_id, trader_id, account_id, book, client_order_id, instrument_id, terms_version, side, type,
    lots, reduce_only, quote_seq, quote_bid_ticks, quote_ask_ticks, code, checks)
  SELECT id, at, tenant_id, trader_id, account_id, book, 'o' || n, instrument_id, 1, side, 'market', lots, false, n, bid, bid + 1, 'POSITION_LIMIT',
    jsonb_build_array(jsonb_build_object('code', 'POSITION_LIMIT', 'passed', false, 'limit', '40', 'value', '41', 'headroom', '-1', 'source', 'default',
      'version', 1), jsonb_build_object('code', 'INSUFFICIENT_FUNDS', 'passed', true, 'limit', '900', 'value', '100', 'headroom', '800', 'source', 'account'))
  FROM drawn WHERE is_refused`;
