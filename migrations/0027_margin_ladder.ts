import type { Knex } from "knex";

/** Trader groups with the thresholds of their margin ladder, and what the ladder did to accounts. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    CREATE TABLE trader_groups (
      id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
      tenant_id int REFERENCES partners(id),
      name text NOT NULL CONSTRAINT trader_groups_name_length CHECK (length(name) BETWEEN 1 AND 80),
      is_default boolean NOT NULL DEFAULT false,
      margin_call_percent int NOT NULL,
      reduce_only_percent int NOT NULL,
      stop_out_percent int NOT NULL,
      liquidation_fee_minor bigint NOT NULL DEFAULT 0 CONSTRAINT trader_groups_fee_not_negative CHECK (liquidation_fee_minor >= 0),
      created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
      updated_at timestamptz NOT NULL DEFAULT clock_timestamp(),
      version int NOT NULL DEFAULT 1,
      CONSTRAINT trader_groups_name_once UNIQUE NULLS NOT DISTINCT (tenant_id, name),
      CONSTRAINT trader_groups_default_is_the_houses CHECK (NOT is_default OR tenant_id IS NULL),
      CONSTRAINT trader_groups_ladder_ordered CHECK (
        stop_out_percent BETWEEN 1 AND 1000 AND reduce_only_percent BETWEEN stop_out_percent AND 1000
        AND margin_call_percent BETWEEN reduce_only_percent AND 1000)
    );
    COMMENT ON COLUMN trader_groups.tenant_id IS 'null: for traders of every partner';
    COMMENT ON COLUMN trader_groups.liquidation_fee_minor IS 'charged once for each position that a stop-out closes, whatever its size, as far as there is money; minor units of the account';
    CREATE UNIQUE INDEX trader_groups_one_default ON trader_groups (is_default) WHERE is_default;
    INSERT INTO trader_groups (name, is_default, margin_call_percent, reduce_only_percent, stop_out_percent)
      VALUES ('Standard', true, 100, 80, 50);

    ALTER TABLE traders ADD COLUMN group_id uuid CONSTRAINT traders_group REFERENCES trader_groups(id);
    COMMENT ON COLUMN traders.group_id IS 'null: the default group';
    CREATE FUNCTION keep_trader_group_tenant() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      IF NEW.group_id IS NOT NULL AND EXISTS (
        SELECT FROM trader_groups g WHERE g.id = NEW.group_id AND g.tenant_id IS NOT NULL AND g.tenant_id <> NEW.tenant_id) THEN
        RAISE EXCEPTION 'the group belongs to another partner' USING ERRCODE = '23514', CONSTRAINT = 'traders_group_same_tenant';
      END IF;
      RETURN NEW;
    END $$;
    CREATE TRIGGER traders_group_same_tenant BEFORE INSERT OR UPDATE OF group_id ON traders
      FOR EACH ROW EXECUTE FUNCTION keep_trader_group_tenant();

    CREATE TABLE margin_events (
      id bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
      tenant_id int NOT NULL,
      trader_id uuid NOT NULL,
      account_id uuid NOT NULL REFERENCES accounts(id),
      book text NOT NULL,
      currency text NOT NULL,
      currency_scale smallint NOT NULL,
      at timestamptz NOT NULL DEFAULT clock_timestamp(),
      kind text NOT NULL CONSTRAINT margin_events_kind_known CHECK (kind IN ('stage', 'orders-cancelled', 'position-closed', 'fee')),
      stage_before text NOT NULL,
      stage_after text NOT NULL,
      equity_minor bigint NOT NULL,
      required_minor bigint NOT NULL,
      instrument_id text,
      lots bigint,
      order_id uuid REFERENCES orders(id),
      amount_minor bigint,
      quotes jsonb NOT NULL
    );
    COMMENT ON COLUMN margin_events.equity_minor IS 'before this step; so is required_minor. Level = equity / required';
    COMMENT ON COLUMN margin_events.quotes IS 'instrument -> {seq, bid, ask} in ticks: the prices it was weighed by';
    CREATE INDEX margin_events_account ON margin_events (account_id, id DESC);
    CREATE INDEX margin_events_at ON margin_events (at DESC);
    CREATE TRIGGER margin_events_append_only BEFORE UPDATE OR DELETE ON margin_events FOR EACH ROW EXECUTE FUNCTION refuse_change();
    CREATE TRIGGER margin_events_no_truncate BEFORE TRUNCATE ON margin_events FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
    ALTER TABLE margin_events ENABLE ALWAYS TRIGGER margin_events_append_only;
    ALTER TABLE margin_events ENABLE ALWAYS TRIGGER margin_events_no_truncate;
    CREATE INDEX accounts_margin_stage ON accounts (margin_stage) WHERE margin_stage <> 'ok';

    DROP VIEW admin_accounts, admin_traders;
    CREATE VIEW admin_traders WITH (security_invoker = true) AS
      SELECT t.id, t.tenant_id, t.agent_id, t.group_id, t.external_ref, t.name, t.email, t.locale, t.state, t.created_at,
        t.updated_at, t.version, coalesce(g.line, '{}') AS agent_line
      FROM traders t LEFT JOIN agents g ON g.id = t.agent_id;
    CREATE VIEW admin_accounts WITH (security_invoker = true) AS
      SELECT a.id, a.tenant_id, a.trader_id, t.name AS trader_name, t.agent_id, a.book, a.currency,
        to_major(b.posted, a.currency_scale) AS balance, to_major(b.held, a.currency_scale) AS held,
        to_major(b.posted - b.held, a.currency_scale) AS available, a.state, a.margin_stage, a.margin_stage_at,
        a.ledger_account_id, a.created_at, a.updated_at, a.version, coalesce(g.line, '{}') AS agent_line
      FROM accounts a JOIN traders t ON t.id = a.trader_id JOIN balances b ON b.ledger_account_id = a.ledger_account_id
        LEFT JOIN agents g ON g.id = t.agent_id;
    CREATE VIEW admin_margin_events WITH (security_invoker = true) AS
      SELECT e.id, e.at, e.tenant_id, e.trader_id, e.account_id, e.book, e.kind, e.stage_before, e.stage_after,
        to_major(e.equity_minor, e.currency_scale) AS equity, to_major(e.required_minor, e.currency_scale) AS required,
        CASE WHEN e.required_minor > 0 THEN round(e.equity_minor * 100.0 / e.required_minor, 2) END AS level, e.instrument_id, e.lots,
        e.order_id, to_major(e.amount_minor, e.currency_scale) AS amount, e.currency, e.quotes, coalesce(g.line, '{}') AS agent_line
      FROM margin_events e JOIN traders t ON t.id = e.trader_id LEFT JOIN agents g ON g.id = t.agent_id;
    CREATE VIEW admin_trader_groups WITH (security_invoker = true) AS
      SELECT g.id, g.tenant_id, g.name, g.is_default, g.margin_call_percent, g.reduce_only_percent, g.stop_out_percent,
        g.liquidation_fee_minor, g.created_at, g.updated_at, g.version
      FROM trader_groups g;

    GRANT SELECT ON admin_accounts, admin_traders, admin_margin_events, admin_trader_groups TO truewick_app;
    GRANT SELECT, INSERT ON margin_events TO truewick_app;
    GRANT SELECT, INSERT ON trader_groups TO truewick_app;
    GRANT UPDATE (name, margin_call_percent, reduce_only_percent, stop_out_percent, liquidation_fee_minor, updated_at, version)
      ON trader_groups TO truewick_app;
  `);
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw(`
    DROP VIEW admin_trader_groups, admin_margin_events, admin_accounts, admin_traders;
    DROP INDEX accounts_margin_stage;
    DROP TABLE margin_events;
    DROP TRIGGER traders_group_same_tenant ON traders;
    DROP FUNCTION keep_trader_group_tenant();
    ALTER TABLE traders DROP COLUMN group_id;
    DROP TABLE trader_groups;
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
    GRANT SELECT ON admin_accounts, admin_traders TO truewick_app;
  `);
}
