import type { Knex } from "knex";

/**
 * Orders that wait: limit, stop and stop-limit orders, bracket legs, reduce-only orders, times in force; the quote that
 * triggered them; and each order's place in its account's order of settlement.
 */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    DROP VIEW admin_orders;
    ALTER TABLE orders RENAME COLUMN is_close TO reduce_only;
    ALTER TABLE orders DROP CONSTRAINT orders_type_known;
    ALTER TABLE orders
      ADD COLUMN origin text NOT NULL DEFAULT 'trader' CONSTRAINT orders_origin_known
        CHECK (origin IN ('trader', 'take-profit', 'stop-loss', 'stop-out', 'flatten', 'expiry', 'roll')),
      ADD COLUMN limit_ticks bigint CONSTRAINT orders_limit_positive CHECK (limit_ticks > 0),
      ADD COLUMN stop_ticks bigint CONSTRAINT orders_stop_positive CHECK (stop_ticks > 0),
      ADD COLUMN take_profit_ticks bigint CONSTRAINT orders_take_profit_positive CHECK (take_profit_ticks > 0),
      ADD COLUMN stop_loss_ticks bigint CONSTRAINT orders_stop_loss_positive CHECK (stop_loss_ticks > 0),
      ADD COLUMN time_in_force text NOT NULL DEFAULT 'gtc' CONSTRAINT orders_time_in_force_known
        CHECK (time_in_force IN ('gtc', 'day', 'gtd', 'ioc', 'fok')),
      ADD COLUMN expires_at timestamptz,
      ADD COLUMN active_from_seq bigint,
      ADD COLUMN stop_quote_seq bigint,
      ADD COLUMN trigger_quote_seq bigint,
      ADD COLUMN trigger_bid_ticks bigint,
      ADD COLUMN trigger_ask_ticks bigint,
      ADD COLUMN trigger_venue_at timestamptz,
      ADD COLUMN trigger_received_at timestamptz,
      ADD COLUMN due_seq bigint,
      ADD COLUMN due_at timestamptz,
      ADD COLUMN cancel_code text,
      ADD CONSTRAINT orders_type_known CHECK (type IN ('market', 'limit', 'stop', 'stop-limit')),
      ADD CONSTRAINT orders_prices_of_type CHECK ((type IN ('limit', 'stop-limit')) = (limit_ticks IS NOT NULL)
        AND (type IN ('stop', 'stop-limit')) = (stop_ticks IS NOT NULL)),
      ADD CONSTRAINT orders_ends_as_said CHECK ((time_in_force IN ('day', 'gtd')) = (expires_at IS NOT NULL)),
      ADD CONSTRAINT orders_trigger_is_whole CHECK (num_nonnulls(trigger_quote_seq, trigger_bid_ticks, trigger_ask_ticks,
        trigger_venue_at, trigger_received_at) IN (0, 5)),
      ADD CONSTRAINT orders_due_is_whole CHECK ((due_seq IS NULL) = (due_at IS NULL)),
      ADD CONSTRAINT orders_triggered_are_due CHECK (trigger_quote_seq IS NULL OR due_seq IS NOT NULL),
      ADD CONSTRAINT orders_accepted_are_due CHECK (state <> 'accepted' OR due_seq IS NOT NULL) NOT VALID,
      ADD CONSTRAINT orders_cancelled_has_code CHECK ((state = 'cancelled') = (cancel_code IS NOT NULL));
    COMMENT ON COLUMN orders.reduce_only IS 'may only reduce the position, never open or turn it';
    COMMENT ON COLUMN orders.expires_at IS 'a quote received at or after this moment no longer triggers it';
    COMMENT ON COLUMN orders.active_from_seq IS 'working orders: only quotes after this one may trigger it (that of acceptance, or of the last amendment)';
    COMMENT ON COLUMN orders.stop_quote_seq IS 'stop-limit: the quote at which its stop was reached and it became a limit order';
    COMMENT ON COLUMN orders.trigger_quote_seq IS 'the first tradable quote that met its price; the order fills at it. Null: it never waited, or waits';
    COMMENT ON COLUMN orders.due_seq IS 'place in the account''s order of settlement, by the sequence of orders.seq; null: waits for its trigger';
    COMMENT ON COLUMN orders.due_at IS 'since when it waits for settlement';

    UPDATE orders SET due_seq = seq, due_at = accepted_at WHERE state = 'accepted';
    -- An order is due when it is accepted, unless it is written as one that waits.
    ALTER TABLE orders ALTER COLUMN due_seq SET DEFAULT nextval('orders_seq_seq'), ALTER COLUMN due_at SET DEFAULT clock_timestamp();
    ALTER TABLE orders VALIDATE CONSTRAINT orders_accepted_are_due;
    CREATE INDEX orders_due ON orders (account_id, due_seq) WHERE state IN ('accepted', 'working') AND due_seq IS NOT NULL;
    CREATE INDEX orders_waiting ON orders (instrument_id, seq) WHERE state = 'working' AND due_seq IS NULL;

    -- What happened to an order between acceptance and end: amendments, triggers, cancellations, changes of its lots.
    CREATE TABLE order_events (
      id bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
      order_id uuid NOT NULL REFERENCES orders(id),
      at timestamptz NOT NULL DEFAULT clock_timestamp(),
      kind text NOT NULL CONSTRAINT order_events_kind_known
        CHECK (kind IN ('amended', 'stop-reached', 'triggered', 'resized', 'cancelled', 'expired', 'rejected')),
      actor_kind text NOT NULL CONSTRAINT order_events_actor_known CHECK (actor_kind IN ('staff', 'trader', 'system')),
      actor_id uuid,
      said jsonb NOT NULL DEFAULT '{}'
    );
    COMMENT ON COLUMN order_events.said IS 'what changed, prices in ticks: {before, after}, {quoteSeq, bid, ask}, {code, reason}';
    CREATE INDEX order_events_order ON order_events (order_id, id);
    CREATE TRIGGER order_events_append_only BEFORE UPDATE OR DELETE ON order_events FOR EACH ROW EXECUTE FUNCTION refuse_change();
    CREATE TRIGGER order_events_no_truncate BEFORE TRUNCATE ON order_events FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
    ALTER TABLE order_events ENABLE ALWAYS TRIGGER order_events_append_only;
    ALTER TABLE order_events ENABLE ALWAYS TRIGGER order_events_no_truncate;

    ALTER TABLE instruments DROP CONSTRAINT instruments_trade_mode_known;
    ALTER TABLE instruments ADD CONSTRAINT instruments_trade_mode_known
      CHECK (trade_mode IN ('full', 'long-only', 'short-only', 'close-only', 'halted'));

    ALTER TABLE accounts ADD COLUMN margin_stage text NOT NULL DEFAULT 'ok' CONSTRAINT accounts_margin_stage_known
      CHECK (margin_stage IN ('ok', 'margin-call', 'reduce-only', 'stop-out'));
    ALTER TABLE accounts ADD COLUMN margin_stage_at timestamptz;

    CREATE VIEW admin_orders WITH (security_invoker = true) AS
      SELECT o.id, o.tenant_id, o.trader_id, o.account_id, o.book, o.client_order_id, o.instrument_id, o.terms_version, o.side,
        o.type, o.origin, o.reduce_only, o.time_in_force, o.expires_at, o.lots, o.filled_lots,
        as_price(o.limit_ticks * c.tick_size, c.price_decimals) AS limit_price,
        as_price(o.stop_ticks * c.tick_size, c.price_decimals) AS stop_price,
        as_price(o.take_profit_ticks * c.tick_size, c.price_decimals) AS take_profit_price,
        as_price(o.stop_loss_ticks * c.tick_size, c.price_decimals) AS stop_loss_price,
        as_price(o.average_fill_ticks * c.tick_size, c.price_decimals) AS average_fill_price,
        as_price(o.quote_bid_ticks * c.tick_size, c.price_decimals) AS quote_bid,
        as_price(o.quote_ask_ticks * c.tick_size, c.price_decimals) AS quote_ask, o.quote_seq, o.quote_venue_at,
        o.quote_received_at, o.trigger_quote_seq, o.trigger_received_at, o.state, o.rejection_code, o.cancel_code, o.checks,
        o.accepted_at, o.due_at, o.done_at, coalesce(g.line, '{}') AS agent_line
      FROM orders o
        JOIN instrument_terms c ON c.instrument_id = o.instrument_id AND c.terms_version = o.terms_version
        JOIN traders t ON t.id = o.trader_id LEFT JOIN agents g ON g.id = t.agent_id;

    GRANT SELECT ON admin_orders TO truewick_app;
    GRANT SELECT, INSERT ON order_events TO truewick_app;
    -- An order keeps what was ordered, but for an amendment of a working one; its trigger and its place are given once.
    GRANT UPDATE (lots, limit_ticks, stop_ticks, active_from_seq, stop_quote_seq, trigger_quote_seq, trigger_bid_ticks,
      trigger_ask_ticks, trigger_venue_at, trigger_received_at, due_seq, due_at, cancel_code) ON orders TO truewick_app;
    GRANT UPDATE (margin_stage, margin_stage_at) ON accounts TO truewick_app;
    GRANT USAGE ON SEQUENCE orders_seq_seq TO truewick_app;
  `);
}

/** Waiting orders cannot go back to a schema that knows only market orders: it fails while there are any. */
export async function down(knex: Knex): Promise<void> {
  await knex.raw(`
    DROP VIEW admin_orders;
    DROP TABLE order_events;
    ALTER TABLE accounts DROP COLUMN margin_stage, DROP COLUMN margin_stage_at;
    ALTER TABLE instruments DROP CONSTRAINT instruments_trade_mode_known;
    ALTER TABLE instruments ADD CONSTRAINT instruments_trade_mode_known CHECK (trade_mode IN ('full', 'close-only', 'halted'));
    DROP INDEX orders_due, orders_waiting;
    ALTER TABLE orders DROP CONSTRAINT orders_type_known;
    ALTER TABLE orders DROP COLUMN origin, DROP COLUMN limit_ticks, DROP COLUMN stop_ticks, DROP COLUMN take_profit_ticks,
      DROP COLUMN stop_loss_ticks, DROP COLUMN time_in_force, DROP COLUMN expires_at, DROP COLUMN active_from_seq,
      DROP COLUMN stop_quote_seq, DROP COLUMN trigger_quote_seq, DROP COLUMN trigger_bid_ticks, DROP COLUMN trigger_ask_ticks,
      DROP COLUMN trigger_venue_at, DROP COLUMN trigger_received_at, DROP COLUMN due_seq, DROP COLUMN due_at,
      DROP COLUMN cancel_code;
    ALTER TABLE orders ADD CONSTRAINT orders_type_known CHECK (type IN ('market'));
    ALTER TABLE orders RENAME COLUMN reduce_only TO is_close;
    REVOKE UPDATE (lots) ON orders FROM truewick_app;
    CREATE VIEW admin_orders WITH (security_invoker = true) AS
      SELECT o.id, o.tenant_id, o.trader_id, o.account_id, o.book, o.client_order_id, o.instrument_id, o.terms_version, o.side,
        o.type, o.is_close, o.lots, o.filled_lots, as_price(o.average_fill_ticks * c.tick_size, c.price_decimals) AS average_fill_price,
        as_price(o.quote_bid_ticks * c.tick_size, c.price_decimals) AS quote_bid,
        as_price(o.quote_ask_ticks * c.tick_size, c.price_decimals) AS quote_ask, o.quote_seq, o.quote_venue_at,
        o.quote_received_at, o.state, o.rejection_code, o.checks, o.accepted_at, o.done_at, coalesce(g.line, '{}') AS agent_line
      FROM orders o
        JOIN instrument_terms c ON c.instrument_id = o.instrument_id AND c.terms_version = o.terms_version
        JOIN traders t ON t.id = o.trader_id LEFT JOIN agents g ON g.id = t.agent_id;
    GRANT SELECT ON admin_orders TO truewick_app;
  `);
}
