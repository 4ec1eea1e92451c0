import type { Knex } from "knex";

/**
 * What the back office reads where a table's row is not enough: money and prices as decimals in major units, and the agent
 * line that row scopes go by. security_invoker: the reader's own grants count.
 */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    -- A price with at least the instrument's digits; further digits (an average) are kept.
    CREATE FUNCTION as_price(price numeric, decimals smallint) RETURNS numeric LANGUAGE sql IMMUTABLE PARALLEL SAFE AS
      $$ SELECT CASE WHEN min_scale(price) < decimals THEN round(price, decimals) ELSE trim_scale(price) END $$;

    CREATE VIEW admin_instruments WITH (security_invoker = true) AS
      SELECT i.id, i.name, i.asset_class, i.exchange, i.calendar_id, i.bar_price, i.trade_mode, i.max_quote_age_ms,
        t.currency, trim_scale(t.tick_size) AS tick_size, t.price_decimals, trim_scale(t.multiplier) AS multiplier,
        to_major(t.tick_value_minor, t.currency_scale) AS tick_value, t.lot_step, t.min_lots, t.max_lots_per_order,
        to_major(t.initial_margin_minor, t.currency_scale) AS initial_margin,
        to_major(t.maintenance_margin_minor, t.currency_scale) AS maintenance_margin,
        to_major(t.fee_per_side_minor, t.currency_scale) AS fee_per_side,
        t.terms_version, t.effective_from AS terms_from, i.created_at, i.updated_at, i.version
      FROM instruments i LEFT JOIN current_instrument_terms t ON t.instrument_id = i.id;

    CREATE VIEW admin_traders WITH (security_invoker = true) AS
      SELECT t.id, t.tenant_id, t.agent_id, t.external_ref, t.name, t.email, t.locale, t.state, t.created_at, t.updated_at,
        t.version, coalesce(g.line, '{}') AS agent_line
      FROM traders t LEFT JOIN agents g ON g.id = t.agent_id;

    CREATE VIEW admin_accounts WITH (security_invoker = true) AS
      SELECT a.id, a.tenant_id, a.trader_id, t.name AS trader_name, t.agent_id, a.book, a.currency,
        to_major(b.posted, a.currency_scale) AS balance, to_major(b.held, a.currency_scale) AS held,
        to_major(b.posted - b.held, a.currency_scale) AS available, a.state, a.ledger_account_id,
        a.created_at, a.updated_at, a.version, coalesce(g.line, '{}') AS agent_line
      FROM accounts a JOIN traders t ON t.id = a.trader_id JOIN balances b ON b.ledger_account_id = a.ledger_account_id
        LEFT JOIN agents g ON g.id = t.agent_id;

    CREATE VIEW admin_orders WITH (security_invoker = true) AS
      SELECT o.id, o.tenant_id, o.trader_id, o.account_id, o.book, o.client_order_id, o.instrument_id, o.terms_version, o.side,
        o.type, o.is_close, o.lots, o.filled_lots, as_price(o.average_fill_ticks * c.tick_size, c.price_decimals) AS average_fill_price,
        as_price(o.quote_bid_ticks * c.tick_size, c.price_decimals) AS quote_bid,
        as_price(o.quote_ask_ticks * c.tick_size, c.price_decimals) AS quote_ask, o.quote_seq, o.quote_venue_at,
        o.quote_received_at, o.state, o.rejection_code, o.checks, o.accepted_at, o.done_at, coalesce(g.line, '{}') AS agent_line
      FROM orders o
        JOIN instrument_terms c ON c.instrument_id = o.instrument_id AND c.terms_version = o.terms_version
        JOIN traders t ON t.id = o.trader_id LEFT JOIN agents g ON g.id = t.agent_id;

    CREATE VIEW admin_fills WITH (security_invoker = true) AS
      SELECT f.id, f.tenant_id, f.trader_id, f.account_id, f.order_id, f.book, f.instrument_id, f.side, f.lots,
        as_price(f.price_ticks * c.tick_size, c.price_decimals) AS price,
        to_major(f.realized_pnl_minor, f.currency_scale) AS realized_pnl, to_major(f.fee_minor, f.currency_scale) AS fee, f.currency,
        f.position_lots_after, f.quote_seq, as_price(f.quote_bid_ticks * c.tick_size, c.price_decimals) AS quote_bid,
        as_price(f.quote_ask_ticks * c.tick_size, c.price_decimals) AS quote_ask, f.quote_venue_at, f.quote_received_at,
        f.group_id, f.filled_at, coalesce(g.line, '{}') AS agent_line
      FROM fills f
        JOIN instrument_terms c ON c.instrument_id = f.instrument_id AND c.terms_version = f.terms_version
        JOIN traders t ON t.id = f.trader_id LEFT JOIN agents g ON g.id = t.agent_id;

    -- Flat positions stay in the table and are no position here. The average price has four digits more than a price.
    CREATE VIEW admin_positions WITH (security_invoker = true) AS
      SELECT p.id, p.tenant_id, p.trader_id, p.account_id, p.book, p.instrument_id,
        CASE WHEN p.lots > 0 THEN 'long' ELSE 'short' END AS side, abs(p.lots) AS lots,
        as_price(round(p.cost_ticks * c.tick_size / p.lots, c.price_decimals + 4), c.price_decimals) AS average_price,
        to_major(p.margin_minor, a.currency_scale) AS margin_held, to_major(p.realized_pnl_minor, a.currency_scale) AS realized_pnl,
        a.currency, p.opened_at, p.updated_at, coalesce(g.line, '{}') AS agent_line
      FROM positions p
        JOIN accounts a ON a.id = p.account_id
        JOIN instrument_terms c ON c.instrument_id = p.instrument_id AND c.terms_version = p.terms_version
        JOIN traders t ON t.id = p.trader_id LEFT JOIN agents g ON g.id = t.agent_id
      WHERE p.lots <> 0;

    CREATE VIEW admin_ledger_accounts WITH (security_invoker = true) AS
      SELECT l.id, l.tenant_id, l.book, l.kind, a.id AS account_id, l.shard, l.currency, to_major(b.posted, c.scale) AS posted,
        to_major(b.held, c.scale) AS held, to_major(b.posted - b.held, c.scale) AS available,
        to_major(b.floor, c.scale) AS floor, l.created_at
      FROM ledger_accounts l JOIN currencies c ON c.code = l.currency JOIN balances b ON b.ledger_account_id = l.id
        LEFT JOIN accounts a ON a.ledger_account_id = l.id;

    CREATE VIEW admin_transfers WITH (security_invoker = true) AS
      SELECT t.id, t.book_date, t.posted_at, t.tenant_id, t.book, k.name AS code, t.debit_account, d.kind AS debit_kind,
        t.credit_account, e.kind AS credit_kind, to_major(t.amount, c.scale) AS amount, t.currency,
        coalesce(da.id, ca.id) AS account_id, t.group_id, t.leg, t.reverses, t.memo
      FROM transfers t JOIN transfer_codes k ON k.code = t.code JOIN currencies c ON c.code = t.currency
        JOIN ledger_accounts d ON d.id = t.debit_account JOIN ledger_accounts e ON e.id = t.credit_account
        LEFT JOIN accounts da ON da.ledger_account_id = t.debit_account
        LEFT JOIN accounts ca ON ca.ledger_account_id = t.credit_account;

    -- The journal is read newest first and by number; its key begins with the book date.
    CREATE INDEX transfers_number ON transfers (id);
    CREATE INDEX orders_tenant ON orders (tenant_id, accepted_at DESC);
    CREATE INDEX fills_filled ON fills (filled_at DESC);

    GRANT SELECT ON admin_instruments, admin_traders, admin_accounts, admin_orders, admin_fills, admin_positions,
      admin_ledger_accounts, admin_transfers TO truewick_app;
  `);
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw(`
    DROP INDEX fills_filled, orders_tenant, transfers_number;
    DROP VIEW admin_transfers, admin_ledger_accounts, admin_positions, admin_fills, admin_orders, admin_accounts, admin_traders,
      admin_instruments;
    DROP FUNCTION as_price(numeric, smallint);
  `);
}
