import type { Knex } from "knex";

/** Trading accounts, orders, fills, positions and risk limits. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    CREATE TABLE accounts (
      id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
      tenant_id int NOT NULL,
      trader_id uuid NOT NULL,
      book text NOT NULL CONSTRAINT accounts_book_known CHECK (book IN ('live', 'demo')),
      currency text NOT NULL,
      currency_scale smallint NOT NULL,
      ledger_account_id bigint NOT NULL UNIQUE REFERENCES ledger_accounts(id),
      state text NOT NULL DEFAULT 'active' CONSTRAINT accounts_state_known CHECK (state IN ('active', 'close-only', 'disabled')),
      created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
      updated_at timestamptz NOT NULL DEFAULT clock_timestamp(),
      version int NOT NULL DEFAULT 1,
      UNIQUE (tenant_id, id),
      CONSTRAINT accounts_trader_same_tenant FOREIGN KEY (tenant_id, trader_id) REFERENCES traders (tenant_id, id),
      CONSTRAINT accounts_ledger_same_book FOREIGN KEY (ledger_account_id, tenant_id, book, currency)
        REFERENCES ledger_accounts (id, tenant_id, book, currency),
      FOREIGN KEY (currency, currency_scale) REFERENCES currencies (code, scale)
    );
    CREATE INDEX accounts_trader ON accounts (trader_id);

    CREATE TABLE orders (
      id uuid PRIMARY KEY,
      seq bigint GENERATED ALWAYS AS IDENTITY,
      tenant_id int NOT NULL,
      trader_id uuid NOT NULL,
      account_id uuid NOT NULL,
      book text NOT NULL,
      client_order_id text NOT NULL CONSTRAINT orders_client_order_id_length CHECK (length(client_order_id) BETWEEN 1 AND 64),
      body_hash bytea NOT NULL,
      instrument_id text NOT NULL,
      terms_version int NOT NULL,
      side text NOT NULL CONSTRAINT orders_side_known CHECK (side IN ('buy', 'sell')),
      type text NOT NULL CONSTRAINT orders_type_known CHECK (type IN ('market')),
      lots bigint NOT NULL CONSTRAINT orders_lots_positive CHECK (lots > 0),
      is_close boolean NOT NULL DEFAULT false,
      max_slippage_ticks bigint,
      quoted_ticks bigint,
      quote_seq bigint NOT NULL,
      quote_bid_ticks bigint NOT NULL,
      quote_ask_ticks bigint NOT NULL,
      quote_venue_at timestamptz NOT NULL,
      quote_received_at timestamptz NOT NULL,
      checks jsonb NOT NULL DEFAULT '[]',
      state text NOT NULL DEFAULT 'accepted' CONSTRAINT orders_state_known
        CHECK (state IN ('accepted', 'working', 'filled', 'cancelled', 'rejected', 'expired')),
      rejection_code text,
      filled_lots bigint NOT NULL DEFAULT 0 CONSTRAINT orders_filled_within CHECK (filled_lots BETWEEN 0 AND lots),
      average_fill_ticks numeric(28, 8),
      accepted_at timestamptz NOT NULL DEFAULT clock_timestamp(),
      done_at timestamptz,
      CONSTRAINT orders_account_same_tenant FOREIGN KEY (tenant_id, account_id) REFERENCES accounts (tenant_id, id),
      CONSTRAINT orders_terms FOREIGN KEY (instrument_id, terms_version) REFERENCES instrument_terms (instrument_id, terms_version),
      CONSTRAINT orders_client_order_id_once UNIQUE (account_id, client_order_id),
      CONSTRAINT orders_done_iff_ended CHECK ((state IN ('accepted', 'working')) = (done_at IS NULL)),
      CONSTRAINT orders_filled_is_whole CHECK (state <> 'filled' OR filled_lots = lots),
      CONSTRAINT orders_rejected_has_code CHECK ((state = 'rejected') = (rejection_code IS NOT NULL))
    );
    COMMENT ON COLUMN orders.quote_seq IS 'the quote in force when the order was accepted; a market order fills at it';
    COMMENT ON COLUMN orders.quoted_ticks IS 'the price the trader saw, for max_slippage_ticks; null: not stated';
    CREATE INDEX orders_open ON orders (account_id, seq) WHERE state IN ('accepted', 'working');
    CREATE INDEX orders_account ON orders (account_id, accepted_at DESC);
    CREATE INDEX orders_accepted ON orders (accepted_at DESC);

    CREATE FUNCTION order_ends_once() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      RAISE EXCEPTION 'order % has ended (%)', OLD.id, OLD.state USING ERRCODE = '23514', CONSTRAINT = 'orders_end_once';
    END $$;
    CREATE TRIGGER orders_end_once BEFORE UPDATE ON orders FOR EACH ROW
      WHEN (OLD.state NOT IN ('accepted', 'working')) EXECUTE FUNCTION order_ends_once();
    CREATE TRIGGER orders_no_delete BEFORE DELETE ON orders FOR EACH ROW EXECUTE FUNCTION refuse_change();
    CREATE TRIGGER orders_no_truncate BEFORE TRUNCATE ON orders FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
    ALTER TABLE orders ENABLE ALWAYS TRIGGER orders_end_once;
    ALTER TABLE orders ENABLE ALWAYS TRIGGER orders_no_delete;
    ALTER TABLE orders ENABLE ALWAYS TRIGGER orders_no_truncate;

    CREATE TABLE fills (
      id bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
      tenant_id int NOT NULL,
      trader_id uuid NOT NULL,
      account_id uuid NOT NULL,
      book text NOT NULL,
      order_id uuid NOT NULL REFERENCES orders(id),
      leg smallint NOT NULL DEFAULT 0,
      instrument_id text NOT NULL,
      terms_version int NOT NULL,
      side text NOT NULL CONSTRAINT fills_side_known CHECK (side IN ('buy', 'sell')),
      lots bigint NOT NULL CONSTRAINT fills_lots_positive CHECK (lots > 0),
      price_ticks bigint NOT NULL,
      quote_seq bigint NOT NULL,
      quote_bid_ticks bigint NOT NULL,
      quote_ask_ticks bigint NOT NULL,
      quote_venue_at timestamptz NOT NULL,
      quote_received_at timestamptz NOT NULL,
      realized_pnl_minor bigint NOT NULL,
      fee_minor bigint NOT NULL CONSTRAINT fills_fee_not_negative CHECK (fee_minor >= 0),
      currency text NOT NULL,
      currency_scale smallint NOT NULL,
      group_id uuid NOT NULL UNIQUE,
      position_lots_after bigint NOT NULL,
      filled_at timestamptz NOT NULL DEFAULT clock_timestamp(),
      CONSTRAINT fills_once UNIQUE (order_id, leg),
      CONSTRAINT fills_priced_by_their_quote CHECK (price_ticks = CASE side WHEN 'buy' THEN quote_ask_ticks ELSE quote_bid_ticks END)
    );
    CREATE INDEX fills_account ON fills (account_id, id DESC);
    CREATE TRIGGER fills_append_only BEFORE UPDATE OR DELETE ON fills FOR EACH ROW EXECUTE FUNCTION refuse_change();
    CREATE TRIGGER fills_no_truncate BEFORE TRUNCATE ON fills FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
    ALTER TABLE fills ENABLE ALWAYS TRIGGER fills_append_only;
    ALTER TABLE fills ENABLE ALWAYS TRIGGER fills_no_truncate;

    CREATE TABLE positions (
      id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
      tenant_id int NOT NULL,
      trader_id uuid NOT NULL,
      account_id uuid NOT NULL REFERENCES accounts(id),
      book text NOT NULL,
      instrument_id text NOT NULL REFERENCES instruments(id),
      terms_version int NOT NULL,
      lots bigint NOT NULL,
      cost_ticks bigint NOT NULL,
      margin_minor bigint NOT NULL,
      realized_pnl_minor bigint NOT NULL DEFAULT 0,
      opened_at timestamptz NOT NULL DEFAULT clock_timestamp(),
      updated_at timestamptz NOT NULL DEFAULT clock_timestamp(),
      version bigint NOT NULL DEFAULT 1,
      CONSTRAINT positions_one_each UNIQUE (account_id, instrument_id),
      CONSTRAINT positions_flat_is_empty CHECK (lots <> 0 OR (cost_ticks = 0 AND margin_minor = 0))
    );
    COMMENT ON COLUMN positions.lots IS 'signed: + long, - short, 0 flat (the row stays)';
    COMMENT ON COLUMN positions.cost_ticks IS 'sum of price x lots, signed as lots: average price = cost_ticks / lots, exact';
    CREATE INDEX positions_open ON positions (instrument_id) WHERE lots <> 0;

    CREATE TABLE risk_limits (
      id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
      tenant_id int REFERENCES partners(id),
      scope text NOT NULL CONSTRAINT risk_limits_scope_known CHECK (scope IN ('default', 'partner', 'agent', 'trader')),
      agent_id uuid REFERENCES agents(id),
      trader_id uuid REFERENCES traders(id),
      instrument_id text REFERENCES instruments(id),
      max_lots_per_order bigint CONSTRAINT risk_limits_order_positive CHECK (max_lots_per_order > 0),
      max_position_lots bigint CONSTRAINT risk_limits_position_not_negative CHECK (max_position_lots >= 0),
      created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
      updated_at timestamptz NOT NULL DEFAULT clock_timestamp(),
      version int NOT NULL DEFAULT 1,
      CONSTRAINT risk_limits_one_each UNIQUE NULLS NOT DISTINCT (scope, tenant_id, agent_id, trader_id, instrument_id),
      CONSTRAINT risk_limits_scope_names_one CHECK (
        (scope = 'default' AND tenant_id IS NULL AND agent_id IS NULL AND trader_id IS NULL) OR
        (scope = 'partner' AND tenant_id IS NOT NULL AND agent_id IS NULL AND trader_id IS NULL) OR
        (scope = 'agent' AND tenant_id IS NOT NULL AND agent_id IS NOT NULL AND trader_id IS NULL) OR
        (scope = 'trader' AND tenant_id IS NOT NULL AND agent_id IS NULL AND trader_id IS NOT NULL))
    );
    COMMENT ON COLUMN risk_limits.instrument_id IS 'null: every instrument without a line of its own in the same scope';

    GRANT SELECT, INSERT ON accounts, orders, positions, risk_limits TO truewick_app;
    GRANT UPDATE ON positions, risk_limits TO truewick_app;
    -- An account stays with its trader, book and ledger account; an order keeps what was ordered and the quote it was accepted at.
    GRANT UPDATE (state, updated_at, version) ON accounts TO truewick_app;
    GRANT UPDATE (state, rejection_code, filled_lots, average_fill_ticks, done_at) ON orders TO truewick_app;
    GRANT DELETE ON risk_limits TO truewick_app;
    GRANT SELECT, INSERT ON fills TO truewick_app;
  `);
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw(`
    DROP TABLE risk_limits, positions, fills, orders, accounts;
    DROP FUNCTION order_ends_once();
  `);
}
