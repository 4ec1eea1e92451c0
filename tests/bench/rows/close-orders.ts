import { houseAccounts } from "../../../server/capabilities/ledger/index.ts";
import type { TestDesk } from "../../support/trading.ts";

/** Traders with money, in bulk, since opening accounts is not what is measured; spread over all agents. */
export async function openTraders({ db, tenantId }: TestDesk, count: number): Promise<number> {
  await db.owner.raw(
    `WITH a AS (SELECT id, row_number() OVER (ORDER BY code) - 1 AS place, count(*) OVER () AS agents FROM agents WHERE tenant_id = ?),
     t AS (
       INSERT INTO traders (tenant_id, name, agent_id) SELECT ?, 'Trader ' || n, a.id
       FROM generate_series(1, ?) n JOIN a ON a.place = n % a.agents RETURNING id, tenant_id),
     l AS (
       INSERT INTO ledger_accounts (tenant_id, book, owner_id, kind, currency, floor)
       SELECT tenant_id, 'live', id, 'trader.cash', 'USD', 0 FROM t RETURNING id, owner_id, tenant_id)
     INSERT INTO accounts (tenant_id, trader_id, book, currency, currency_scale, ledger_account_id)
     SELECT tenant_id, owner_id, 'live', 'USD', 2, id FROM l`,
    [tenantId, tenantId, count],
  );
  const house = await db.app.transaction((trx) =>
    houseAccounts(trx, { tenantId, book: "live", currency: "USD", shard: 0 }),
  );
  await db.owner.raw(
    `INSERT INTO transfers (tenant_id, book, currency, debit_account, credit_account, amount, code, group_id, leg)
     SELECT ?, 'live', 'USD', ?, ledger_account_id, 100000000, 1, gen_random_uuid(), 0 FROM accounts WHERE tenant_id = ?`,
    [tenantId, `${house.clearing}`, tenantId],
  );
  return count;
}

const ordersAtOnce = 20_000;

/**
 * Filled orders of today, as the settlement leaves them behind: two of each trader in turn, a lot of MES bought and sold a tick
 * higher or lower, with the transfers of both fills. Through the tables' own triggers, which move the balances.
 */
export async function insertOrders({ db, tenantId }: TestDesk, traders: number, count: number): Promise<void> {
  const house = await db.app.transaction((trx) =>
    houseAccounts(trx, { tenantId, book: "live", currency: "USD", shard: 0 }),
  );
  for (let from = 0; from < count; from += ordersAtOnce) {
    const until = Math.min(count, from + ordersAtOnce);
    await db.owner.raw(sql, [tenantId, from, until - 1, traders, `${house.fee}`, `${house.fee}`, `${house.pnl}`]);
  }
  await db.owner.raw(
    `INSERT INTO positions (tenant_id, trader_id, account_id, book, instrument_id, terms_version, lots, cost_ticks, margin_minor, realized_pnl_minor)
     SELECT f.tenant_id, f.trader_id, f.account_id, f.book, f.instrument_id, max(f.terms_version), 0, 0, 0, sum(f.realized_pnl_minor)
     FROM fills f GROUP BY 1, 2, 3, 4, 5
     ON CONFLICT (account_id, instrument_id) DO UPDATE SET realized_pnl_minor = excluded.realized_pnl_minor`,
  );
}

/** Order n: even ones buy at 20,001, odd ones sell what was bought, at 20,002 or 20,000: 1.25 USD gained or lost. */
const sql = `WITH a AS (SELECT id, trader_id, ledger_account_id, row_number() OVER (ORDER BY id) - 1 AS place FROM accounts WHERE tenant_id = ?),
  n AS (
    SELECT gen_random_uuid() AS id, gen_random_uuid() AS group_id, n, a.id AS account_id, a.trader_id, a.ledger_account_id,
      CASE n % 2 WHEN 0 THEN 'buy' ELSE 'sell' END AS side, CASE n % 4 WHEN 1 THEN 20002 ELSE 20000 END AS bid,
      CASE n % 4 WHEN 1 THEN 125 WHEN 3 THEN -125 ELSE 0 END AS pnl
    FROM generate_series(?::int, ?::int) n JOIN a ON a.place = (n / 2) % ?::int),
  o AS (
    INSERT INTO orders (id, tenant_id, trader_id, account_id, book, client_order_id, body_hash, instrument_id, terms_version, side, type, lots,
      quote_seq, quote_bid_ticks, quote_ask_ticks, quote_venue_at, quote_received_at, state, filled_lots, average_fill_ticks, done_at)
    SELECT n.id, t.tenant_id, n.trader_id, n.account_id, 'live', n.id::text, '\\x00', 'MES', 1, n.side, 'market', 1, n.n + 1, n.bid, n.bid + 1,
      now(), now(), 'filled', 1, CASE n.side WHEN 'buy' THEN n.bid + 1 ELSE n.bid END, now()
    FROM n JOIN accounts t ON t.id = n.account_id RETURNING *),
  f AS (
    INSERT INTO fills (tenant_id, trader_id, account_id, book, order_id, instrument_id, terms_version, side, lots, price_ticks, quote_seq,
      quote_bid_ticks, quote_ask_ticks, quote_venue_at, quote_received_at, realized_pnl_minor, fee_minor, currency, currency_scale, group_id,
      position_lots_after)
    SELECT o.tenant_id, o.trader_id, o.account_id, o.book, o.id, o.instrument_id, o.terms_version, o.side, 1, o.average_fill_ticks::bigint,
      o.quote_seq, o.quote_bid_ticks, o.quote_ask_ticks, o.quote_venue_at, o.quote_received_at, n.pnl, 62, 'USD', 2, n.group_id,
      CASE o.side WHEN 'buy' THEN 1 ELSE 0 END
    FROM o JOIN n USING (id) ORDER BY n.n RETURNING tenant_id, group_id, account_id)
  INSERT INTO transfers (tenant_id, book, currency, debit_account, credit_account, amount, code, group_id, leg)
  SELECT tenant_id, 'live', 'USD', n.ledger_account_id, ?::bigint, 62, 11, group_id, 2 FROM f JOIN n USING (group_id)
  UNION ALL
  SELECT tenant_id, 'live', 'USD', CASE WHEN n.pnl > 0 THEN p.pnl ELSE n.ledger_account_id END,
    CASE WHEN n.pnl > 0 THEN n.ledger_account_id ELSE p.pnl END, abs(n.pnl), 10, group_id, 1
  FROM f JOIN n USING (group_id), (SELECT ?::bigint AS fee, ?::bigint AS pnl) p WHERE n.pnl <> 0`;

/** Ends today: the next moment belongs to the day after, and to its last hours, so that all of the close can be done. */
export async function endDay({ db }: TestDesk): Promise<void> {
  await db.owner.raw(
    `WITH past AS (DELETE FROM test_days WHERE began_at > clock_timestamp()),
       ended AS (SELECT day FROM test_days WHERE began_at <= clock_timestamp() ORDER BY began_at DESC LIMIT 1)
     INSERT INTO test_days SELECT clock_timestamp(), day + 1 FROM ended UNION ALL SELECT clock_timestamp() + interval '4 hours', day + 2 FROM ended`,
  );
}
